#include "imdswatch/state/triage_rows.hpp"

#include <gtest/gtest.h>

#include <set>

#include "../triage/make.hpp"

namespace imdswatch {
namespace {

using namespace testing;

WaitingFinding rich_finding() {
  Finding f = finding("web-1", "curl.exe", 3, 7.25, minutes{2});
  f.score.expected_interval_days = 4000.5;
  f.score.peer_group = "stem:web";
  f.score.usual_callers = {"agent.exe", "\xc3\xa4gent.exe"};
  f.score.host_sightings = 2310;
  f.score.sparse_history = true;
  Factor factor;
  factor.part = Factor::Part::signer;
  factor.value = "unsigned";
  factor.surprise = 0.1;
  factor.host_windows = 2310;
  factor.peers = 14;
  factor.fleet_with = 3;
  factor.fleet = 600;
  factor.fleet_since = at(hours{1});
  f.score.factors = {factor, Factor{}};
  f.reason = Finding::Reason::new_to_fleet;
  f.first = false;
  f.learning = true;
  return {f, at(minutes{60})};
}

std::vector<TriageRow> one_of_each() {
  const SightingKey key = rich_finding().finding.sighting.key;
  AlertMemory alert;
  alert.state = AlertMemory::State::grouped;
  alert.version = 7;
  alert.told_in = bucket(4);
  alert.group = bucket(-1);
  alert.suppress_from = alert.first_call = at(minutes{1});
  alert.last_call = at(minutes{9});
  alert.calls = 1ull << 40;
  alert.user_ids = {"S-1", "S-2"};
  alert.joined = {bucket(3), bucket(5)};
  GroupMemory group{bucket(2), at(minutes{3}), 3, 4, bucket(5), at(minutes{4}), at(minutes{5}), 99};
  return {AlertMemoryRow{key, alert}, GroupMemoryRow{key.signature, group}, GroupMemberRow{key.signature, key.host, GroupMember{GroupMember::Part::listed}},
          WaitingFindingRow{key, rich_finding()}, PlacesUsedRow{PlacesUsed{bucket(5), 100, 50, 3, 2}}};
}

TEST(TriageRows, ComeBackAsTheyWere) {
  std::set<std::string> keys;
  for (const TriageRow& row : one_of_each()) {
    const StateRow state = encode(row);
    EXPECT_EQ(state.key[0], 't');
    EXPECT_TRUE(keys.insert(state.key).second);
    const auto back = decode_triage_row(state);
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_TRUE(*back == row) << "row kind " << row.index();
  }
}

TEST(TriageRows, TombstonesComeBackToo) {
  for (TriageRow row : one_of_each()) {
    std::visit([](auto& r) { r.value.reset(); }, row);
    const StateRow state = encode(row);
    EXPECT_FALSE(state.value);
    const auto back = decode_triage_row(state);
    ASSERT_TRUE(back.ok());
    EXPECT_TRUE(*back == row);
  }
}

TEST(TriageRows, BytesCutShortAreMalformedNotACrash) {
  for (const TriageRow& row : one_of_each()) {
    const StateRow whole = encode(row);
    const auto opened = open(whole.key, *whole.value, 1);
    ASSERT_TRUE(opened.ok());
    for (std::size_t size = 0; size < opened->payload.size(); ++size) {
      const StateRow cut{whole.key, seal(whole.key, 1, opened->payload.substr(0, size))};
      EXPECT_FALSE(decode_triage_row(cut).ok()) << "row kind " << row.index() << ", " << size << " bytes";
    }
    const StateRow longer{whole.key, seal(whole.key, 1, std::string(opened->payload) + 'x')};
    EXPECT_FALSE(decode_triage_row(longer).ok());
    for (std::size_t size = 0; size < whole.key.size(); ++size) {
      EXPECT_FALSE(decode_triage_row({whole.key.substr(0, size), std::nullopt}).ok());
    }
  }
}

TEST(TriageRows, ANewerFormatIsRefused) {
  const StateRow row{"tu", seal("tu", 2, "")};
  const auto decoded = decode_triage_row(row);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().code, Errc::format_too_new);
}

TEST(TriageRows, ATableOfANewerVersionIsRefusedAsSuch) {
  for (const StateRow& row : {StateRow{"tz", seal("tz", 1, "anything")}, StateRow{"tz\1a", std::nullopt}}) {
    const auto decoded = decode_triage_row(row);
    ASSERT_FALSE(decoded.ok());
    EXPECT_EQ(decoded.error().code, Errc::format_too_new) << decoded.error().message;
  }
  for (const char* key : {"", "t", "tux", "xa"}) {
    const auto decoded = decode_triage_row({key, std::nullopt});
    ASSERT_FALSE(decoded.ok());
    EXPECT_EQ(decoded.error().code, Errc::record_malformed) << key;
  }
}

}  // namespace
}  // namespace imdswatch
