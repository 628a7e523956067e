#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "imdswatch/telemetry/metrics.hpp"

/// Documents, alerting rules and dashboard name the metrics that there are. IMDSWATCH_UPDATE_GOLDEN=1 writes the table anew.
namespace imdswatch {
namespace {

std::filesystem::path file(const std::string& name) {
  return std::filesystem::path(IMDSWATCH_SOURCE_DIR) / name;
}

std::string read(const std::string& name) {
  std::ifstream in(file(name), std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string metrics_table() {
  std::string out = "| metric | type | labels | what it says |\n| --- | --- | --- | --- |\n";
  for (const MetricDef& metric : metric_table()) {
    const char* kind = metric.kind == MetricDef::Kind::counter ? "counter" : metric.kind == MetricDef::Kind::gauge ? "gauge" : "histogram";
    out += "| `" + std::string(metric.name) + "` | " + kind + " | " + std::string(metric.labels) + " | " + std::string(metric.help) + " |\n";
  }
  return out;
}

/// Every `imdswatch_…` word of the text, a histogram's suffixes taken off.
std::set<std::string> metrics_in(const std::string& text) {
  std::set<std::string> out;
  for (std::size_t at = text.find("imdswatch_"); at != std::string::npos; at = text.find("imdswatch_", at + 1)) {
    std::string word = text.substr(at, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at) - at);
    for (const std::string suffix : {"_bucket", "_count", "_sum"}) {
      if (word.ends_with("_seconds" + suffix)) word.resize(word.size() - suffix.size());
    }
    out.insert(word);
  }
  return out;
}

std::set<std::string> known() {
  std::set<std::string> out;
  for (const MetricDef& metric : metric_table()) out.emplace(metric.name);
  return out;
}

TEST(MetricNames, FollowPrometheusHabits) {
  std::set<std::string> seen;
  for (const MetricDef& metric : metric_table()) {
    EXPECT_TRUE(metric.name.starts_with("imdswatch_")) << metric.name;
    EXPECT_EQ(metric.kind == MetricDef::Kind::counter, metric.name.ends_with("_total")) << metric.name;
    EXPECT_TRUE(seen.emplace(metric.name).second) << metric.name << " stands twice";
    EXPECT_TRUE(metric.help.ends_with('.')) << metric.name;
  }
}

TEST(MetricNames, StandInTheOperationsPage) {
  const std::string begin = "<!-- generated: begin -->\n", end = "<!-- generated: end -->";
  const std::string text = read("docs/operations.md");
  const auto from = text.find(begin), to = text.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  const std::string wanted = text.substr(0, from) + begin + metrics_table() + text.substr(to);
  if (std::getenv("IMDSWATCH_UPDATE_GOLDEN") != nullptr) std::ofstream(file("docs/operations.md")) << wanted;
  EXPECT_EQ(read("docs/operations.md"), wanted) << "write it anew with IMDSWATCH_UPDATE_GOLDEN=1";
}

TEST(MetricNames, RulesAndDashboardUseOnlyThoseThatExist) {
  const auto names = known();
  for (const char* document : {"config/alert-rules.yaml", "config/grafana-dashboard.json"}) {
    const auto used = metrics_in(read(document));
    EXPECT_GT(used.size(), 5u) << document;
    for (const std::string& name : used) EXPECT_TRUE(names.contains(name)) << document << " uses " << name;
  }
}

TEST(AlertRules, EachHasItsChapterInTheOperationsPage) {
  std::istringstream lines(read("config/alert-rules.yaml"));
  const std::string operations = read("docs/operations.md");
  std::string line;
  int rules = 0;
  while (std::getline(lines, line)) {
    const std::size_t at = line.find("- alert: ");
    if (at == std::string::npos) continue;
    ++rules;
    EXPECT_NE(operations.find("### " + line.substr(at + 9) + "\n"), std::string::npos) << line.substr(at + 9) << " has no chapter";
  }
  EXPECT_GT(rules, 8);
}

}  // namespace
}  // namespace imdswatch
