#include "imdswatch/state/window_rows.hpp"

#include <gtest/gtest.h>

#include <set>

namespace imdswatch {
namespace {

TopicPartition partition_of(std::uint8_t n) {
  TopicPartition out;
  out.topic.bytes.fill(n);
  out.partition = Partition{n};
  return out;
}

Origin origin_at(std::int64_t offset, std::uint32_t place = 0) { return {partition_of(1).topic, Partition{1}, LeaderEpoch{-1}, Offset{offset}, place}; }

SightingKey sighting_key() {
  return {Bucket{1'969'000}, HostId{"prod/web-1"}, {"curl.exe", "c:\\windows\\system32\\", UserKind::person, std::nullopt}};
}

SightingRow sighting_row() {
  Sighting s;
  s.key = sighting_key();
  s.calls = 3;
  s.first = event_time_us(1);
  s.last = event_time_us(9);
  ProcessSeen p;
  p.evidence.process.command_line = "curl http://169.254.169.254/";
  p.evidence.process.pid = 4242;
  p.evidence.parent.name = "w3wp.exe";
  p.evidence.signature_trusted = true;
  p.evidence.process_start = event_time_us(-5);
  p.evidence.joined = true;
  p.port = 80;
  p.transport = "tcp";
  p.calls = 2;
  s.processes = {p};
  s.processes_omitted = 1;
  s.user_ids = {"S-1-5-18", "S-1-5-21"};
  s.sources = {{origin_at(4), "event-4"}, {origin_at(7, 2), ""}};
  s.attributes.cloud_region = "eu-central-1";
  s.attributes.peer_value = "asg";
  s.host_ids = {"web-1"};
  s.format = Format::winlogbeat_raw;
  s.late = true;
  OpenSighting open;
  open.calls = 5;
  open.first = event_time_us(0);
  open.last = event_time_us(9);
  open.unseen = s;
  open.judgement = Judgement{true, 5.25};
  open.peer_value = "asg";
  Origin elsewhere = origin_at(1);
  elsewhere.epoch = LeaderEpoch{3};
  open.moments = {{event_time_us(0), origin_at(3), CallMoment::no_process, true},
                  {event_time_us(1), origin_at(4), 0, false},
                  {event_time_us(9), origin_at(2, 2), 0, false},
                  {event_time_us(9), elsewhere, CallMoment::no_process, false}};
  return {sighting_key(), open};
}

std::vector<WindowRow> window_row_examples() {
  OpenSighting plain;
  plain.calls = 1;
  plain.plain = true;
  SourceTime time;
  time.watermark = event_time_us(77);
  time.reported = time.at_end = true;
  time.generation = Generation{12};
  time.heard_at = std::chrono::seconds{5};
  TimeRow now;
  now.roster = {{{partition_of(1).topic, 8}, wall_time_ms(5)}};
  now.time = event_time_us(9);
  now.last_run = event_time_us(-8);
  now.elapsed = std::chrono::hours{3};
  now.last_wall = wall_time_ms(100);
  return {sighting_row(),          SightingRow{sighting_key(), plain},        SightingRow{sighting_key(), std::nullopt}, MarkRow{partition_of(1), origin_at(99, 3)},
          MarkRow{partition_of(2), std::nullopt}, SourceRow{partition_of(1), time}, SourceRow{partition_of(1), SourceTime{}}, SourceRow{partition_of(1), std::nullopt},
          now,                     TimeRow{}};
}

TEST(WindowRows, ReadBackAsTheyWereWritten) {
  for (const WindowRow& row : window_row_examples()) {
    const StateRow encoded = encode(row);
    const Result<WindowRow> read = decode_window_row(encoded);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_TRUE(*read == row) << "example of kind " << row.index();
    EXPECT_EQ(encode(*read), encoded);
  }
}

TEST(WindowRows, NoKeyIsSharedByTwoThings) {
  std::set<std::string> keys;
  SightingRow row = sighting_row();
  row.value.reset();
  const auto insert = [&](const WindowRow& r) { EXPECT_TRUE(keys.insert(encode(r).key).second); };
  insert(row);
  row.key.signature.user.reset();
  insert(row);
  row.key.signature.folder = "";
  insert(row);
  row.key.signature.folder.reset();
  insert(row);
  row.key.bucket = Bucket{1};
  insert(row);
  row.key.host = HostId{"prod/web-12"};
  insert(row);
  insert(MarkRow{partition_of(1), std::nullopt});
  insert(SourceRow{partition_of(1), std::nullopt});
  insert(TimeRow{});
}

TEST(WindowRows, EveryPrefixAndEveryFlippedByteIsRefusedAsMalformed) {
  for (const WindowRow& row : window_row_examples()) {
    const StateRow good = encode(row);
    if (!good.value) continue;
    for (std::size_t i = 0; i < good.value->size(); ++i) {
      const Result<WindowRow> cut = decode_window_row({good.key, good.value->substr(0, i)});
      ASSERT_FALSE(cut.ok());
      EXPECT_EQ(cut.error().code, Errc::record_malformed);
      StateRow flipped = good;
      (*flipped.value)[i] = static_cast<char>((*flipped.value)[i] ^ 0x10);
      ASSERT_FALSE(decode_window_row(flipped).ok());
    }
  }
}

TEST(WindowRows, APayloadThatIsCutShortIsMalformedEvenWithARightChecksum) {
  for (const WindowRow& row : window_row_examples()) {
    const StateRow good = encode(row);
    if (!good.value) continue;
    const std::string_view payload = open(good.key, *good.value, window_row_version)->payload;
    for (std::size_t i = 0; i < payload.size(); ++i) {
      const Result<WindowRow> cut = decode_window_row({good.key, seal(good.key, window_row_version, payload.substr(0, i))});
      ASSERT_FALSE(cut.ok()) << "kind " << row.index() << ", " << i << " bytes";
      EXPECT_EQ(cut.error().code, Errc::record_malformed);
    }
    const std::string longer = std::string{payload} + '\0';
    EXPECT_FALSE(decode_window_row({good.key, seal(good.key, window_row_version, longer)}).ok());
  }
}

TEST(WindowRows, ANewerVersionIsRefusedAsSuch) {
  const StateRow row{encode(TimeRow{}).key, seal(encode(TimeRow{}).key, window_row_version + 1, "anything")};
  const Result<WindowRow> read = decode_window_row(row);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Errc::format_too_new);
}

TEST(WindowRows, AMomentOfAProcessThatTheRowDoesNotHoldIsMalformed) {
  SightingRow row = sighting_row();
  row.value->moments[1].process = 1;
  EXPECT_FALSE(decode_window_row(encode(row)).ok());
}

TEST(WindowRows, AKeyOfAnotherTableIsMalformed) {
  EXPECT_FALSE(decode_window_row({"", std::nullopt}).ok());
  EXPECT_FALSE(decode_window_row({"m1", std::nullopt}).ok());
  EXPECT_FALSE(decode_window_row({"zz", std::nullopt}).ok());
}

}  // namespace
}  // namespace imdswatch
