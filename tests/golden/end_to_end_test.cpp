#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "pipeline.hpp"
#include "imdswatch/config/config.hpp"

namespace imdswatch {
namespace {

namespace fs = std::filesystem;

const fs::path golden_folder = fs::path(IMDSWATCH_SOURCE_DIR) / "tests" / "golden" / "end_to_end";

std::string contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string alerts_of(const fs::path& folder) {
  auto config = load_config(folder / "config.yaml");
  if (!config) return "config: " + config.error().message;
  std::string alerts;
  Pipeline pipeline(config->sieve, config->detector, config->kafka.shards,
                    {.alert = [&](const Alert& alert) { alerts += alert.json + "\n"; },
                     .run = [](const RunSummary&) {},
                     .rejected = [](const RejectedRecord& rejected) { FAIL() << rejected.detail; }});
  const std::size_t source = pipeline.add_source();
  EXPECT_TRUE(pipeline.start().ok());
  std::istringstream events(contents(folder / "events.ndjson"));
  for (std::string line; std::getline(events, line);) pipeline.read(source, line);
  EXPECT_TRUE(pipeline.end(source).ok());
  EXPECT_TRUE(pipeline.finish(true).ok());
  return alerts;
}

/// Events in, alerts out, to the byte. IMDSWATCH_UPDATE_GOLDEN=1 writes the files anew: read the difference before you commit it.
class EndToEnd : public ::testing::TestWithParam<std::string> {};

TEST(EndToEndFormats, EveryFormatHasItsEvents) {
  for (std::size_t format = 1; format < format_count; ++format) {
    const std::string name(to_string(static_cast<Format>(format)));
    EXPECT_NE(contents(golden_folder / name / "alerts.ndjson").find("\"format\":\"" + name + "\""), std::string::npos) << name;
  }
}

TEST_P(EndToEnd, TheSameEventsGiveTheSameAlerts) {
  const fs::path folder = golden_folder / GetParam();
  const std::string alerts = alerts_of(folder);
  if (std::getenv("IMDSWATCH_UPDATE_GOLDEN")) std::ofstream(folder / "alerts.ndjson", std::ios::binary) << alerts;
  const std::string expected = contents(folder / "alerts.ndjson");
  ASSERT_FALSE(expected.empty()) << "no golden alerts in " << folder;
  EXPECT_EQ(alerts, expected);
}

INSTANTIATE_TEST_SUITE_P(Formats, EndToEnd, ::testing::Values("elastic_defend", "winlogbeat_raw", "winlogbeat_ecs", "windows_flat", "wazuh", "defender", "crowdstrike",
                                           "ocsf", "fluent_bit", "azure_monitor", "sentinelone", "custom"),
                         [](const auto& format) { return format.param; });

}  // namespace
}  // namespace imdswatch
