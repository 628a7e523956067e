#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "first_release.hpp"
#include "imdswatch/base/bytes.hpp"
#include "imdswatch/detector/detector.hpp"
#include "imdswatch/state/model_rows.hpp"
#include "imdswatch/state/triage_rows.hpp"
#include "imdswatch/state/window_rows.hpp"

namespace imdswatch {
namespace {

namespace fs = std::filesystem;

/// The shard's position, which is a row too.
constexpr std::int64_t first_position = 123'456;

std::string to_hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    for (const int shift : {4, 0}) out.push_back("0123456789abcdef"[(static_cast<unsigned char>(c) >> shift) & 15]);
  }
  return out;
}

std::string from_hex(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) out.push_back(static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return out;
}

/// One row a line: key and value in hexadecimal digits; `-` for a tombstone.
std::string to_line(const StateRow& row) { return to_hex(row.key) + " " + (row.value ? to_hex(*row.value) : "-"); }

StateRow to_row(const std::string& line) {
  const auto space = line.find(' ');
  StateRow out{from_hex(line.substr(0, space)), std::nullopt};
  if (const std::string value = line.substr(space + 1); value != "-") out.value = from_hex(value);
  return out;
}

/// A release's file is written once, before the release, and never again.
std::vector<std::string> lines_of(const std::string& name, const std::vector<std::string>& as_of_now) {
  const fs::path path = fs::path(IMDSWATCH_SOURCE_DIR) / "tests" / "golden" / "releases" / "1" / name;
  if (std::getenv("IMDSWATCH_UPDATE_GOLDEN") && !fs::exists(path)) {
    std::ofstream out(path, std::ios::binary);
    for (const std::string& line : as_of_now) out << line << '\n';
  }
  std::ifstream in(path, std::ios::binary);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::vector<StateRow> first_state() {
  std::vector<std::string> now;
  for (const ModelRow& row : first_release::model_rows()) now.push_back(to_line(encode(row)));
  for (const TriageRow& row : first_release::triage_rows()) now.push_back(to_line(encode(row)));
  for (const WindowRow& row : first_release::window_rows()) now.push_back(to_line(encode(row)));
  ByteWriter position;
  position.zigzag(first_position);
  now.push_back(to_line({"p", seal("p", 1, position.bytes())}));
  std::vector<StateRow> out;
  for (const std::string& line : lines_of("state.txt", now)) out.push_back(to_row(line));
  return out;
}

template <class Row, class Decode>
void expect_rows(const std::vector<StateRow>& kept, std::size_t from, const std::vector<Row>& values, Decode decode) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto read = decode(kept.at(from + i));
    ASSERT_TRUE(read.ok()) << "line " << from + i + 1 << ": " << read.error().message;
    EXPECT_TRUE(*read == values[i]) << "line " << from + i + 1 << " of state.txt does not say what it said in the first release";
  }
}

TEST(FirstRelease, ItsStateRowsSayWhatTheySaid) {
  const auto kept = first_state();
  const auto model = first_release::model_rows();
  const auto triage = first_release::triage_rows();
  const auto window = first_release::window_rows();
  ASSERT_EQ(kept.size(), model.size() + triage.size() + window.size() + 1);
  expect_rows(kept, 0, model, decode_model_row);
  expect_rows(kept, model.size(), triage, decode_triage_row);
  expect_rows(kept, model.size() + triage.size(), window, decode_window_row);
}

template <class Decode>
std::string written_again(const StateRow& row, Decode decode) {
  const auto read = decode(row);
  return read ? to_line(encode(*read)) : read.error().message;
}

/// As long as the formats are at version 1: a field that is written besides, or otherwise, is seen here.
TEST(FirstRelease, ItsStateRowsAreWrittenToTheByteToday) {
  Detector restored(DetectorConfig{}, Shard{0});
  for (const StateRow& row : first_state()) {
    ASSERT_TRUE(restored.apply(row).ok());
    switch (static_cast<Table>(row.key[0])) {
      case Table::model: EXPECT_EQ(written_again(row, decode_model_row), to_line(row)); break;
      case Table::triage: EXPECT_EQ(written_again(row, decode_triage_row), to_line(row)); break;
      case Table::position: EXPECT_EQ(to_line(restored.take_rows().back()), to_line(row)); break;
      case Table::sighting:
      case Table::mark:
      case Table::source:
      case Table::time: EXPECT_EQ(written_again(row, decode_window_row), to_line(row)); break;
      case Table::topics: FAIL() << "the detector's rows alone stand here; this one's bytes are held by unit/kafka";
    }
  }
}

TEST(FirstRelease, ItsFileHasARowOfEveryTable) {
  std::set<std::string> tables;
  for (const StateRow& row : first_state()) {
    if (row.value) tables.insert(row.key.substr(0, row.key[0] == 'm' || row.key[0] == 't' ? 2 : 1));
  }
  EXPECT_EQ(tables.size(), 5U + std::variant_size_v<ModelRow> + std::variant_size_v<TriageRow>);
}

TEST(FirstRelease, ItsStateRestoresIntoAShard) {
  Detector restored(DetectorConfig{}, Shard{0});
  for (const StateRow& row : first_state()) {
    const auto applied = restored.apply(row);
    ASSERT_TRUE(applied.ok()) << applied.error().message;
  }
  ASSERT_TRUE(restored.next_offset().has_value());
  EXPECT_EQ(restored.next_offset()->value(), first_position);
  const Detector::Figures figures = restored.figures();
  EXPECT_EQ(figures.model_hosts, 1U);
  EXPECT_EQ(figures.model_signatures, 2U);
  EXPECT_EQ(figures.carried, 1U);
  ASSERT_TRUE(figures.time.has_value());
  EXPECT_EQ(to_iso8601(*figures.time), "2026-02-08T00:45:00.000Z");
  EXPECT_NE(restored.checksum(), Detector(DetectorConfig{}, Shard{0}).checksum());
}

TEST(FirstRelease, ARowOfANewerVersionIsRefusedAndSaysWhatToDo) {
  for (const StateRow& row : first_state()) {
    if (!row.value) continue;
    const std::string_view payload = std::string_view(*row.value).substr(1, row.value->size() - 9);
    Detector restored(DetectorConfig{}, Shard{0});
    const auto applied = restored.apply({row.key, seal(row.key, 99, payload)});
    ASSERT_FALSE(applied.ok());
    EXPECT_EQ(applied.error().code, Errc::format_too_new);
    EXPECT_NE(applied.error().message.find("format version 99, this program reads up to 1: run the newer imdswatch again"), std::string::npos)
        << applied.error().message;
  }
}

TEST(FirstRelease, ItsCallLogSaysWhatItSaid) {
  const auto bodies = first_release::call_log();
  std::vector<std::string> now;
  for (const LogBody& body : bodies) now.push_back(encode(body));
  const auto kept = lines_of("call-log.ndjson", now);
  ASSERT_EQ(kept.size(), bodies.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const auto read = decode_log_body(kept[i]);
    ASSERT_TRUE(read.ok()) << "line " << i + 1 << ": " << read.error().message;
    EXPECT_TRUE(*read == bodies[i]) << "line " << i + 1 << " of call-log.ndjson does not say what it said in the first release";
    std::string newer = kept[i];
    const auto version = newer.find("\"v\":1");
    ASSERT_NE(version, std::string::npos);
    newer.replace(version, 5, "\"v\":99");
    const auto refused = decode_log_body(newer);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Errc::format_too_new);
    EXPECT_NE(refused.error().message.find("install the imdswatch that wrote it, or a newer one"), std::string::npos);
  }
}

TEST(FirstRelease, ItsCallLogIsWrittenToTheByteToday) {
  const auto kept = lines_of("call-log.ndjson", {});
  ASSERT_FALSE(kept.empty());
  for (const std::string& line : kept) {
    const auto read = decode_log_body(line);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(encode(*read), line);
  }
}

/// As `replay --call-log` does. What is unusual may be judged otherwise by a later version, so this golden file may be written anew.
TEST(FirstRelease, ItsCallLogGivesTheSameAlerts) {
  DetectorConfig config;
  config.model.learning_for = {};
  Detector detector(config, Shard{0});
  Effects effects;
  std::int64_t offset = 0;
  for (const std::string& line : lines_of("call-log.ndjson", {})) {
    auto read = decode_log_body(line);
    ASSERT_TRUE(read.ok()) << read.error().message;
    detector.step({Offset{offset++}, wall_time_ms(1'790'000'000'000), *std::move(read)}, effects);
  }
  detector.drain_runs(effects);
  std::string alerts;
  for (const Alert& alert : effects.alerts) alerts += alert.json + '\n';
  const fs::path path = fs::path(IMDSWATCH_SOURCE_DIR) / "tests" / "golden" / "end_to_end" / "first_release_call_log" / "alerts.ndjson";
  if (std::getenv("IMDSWATCH_UPDATE_GOLDEN")) std::ofstream(path, std::ios::binary) << alerts;
  std::ostringstream expected;
  expected << std::ifstream(path, std::ios::binary).rdbuf();
  EXPECT_EQ(effects.alerts.size(), 2U);
  EXPECT_EQ(alerts, expected.str());
}

}  // namespace
}  // namespace imdswatch
