#include <cstdlib>
#include <fstream>
#include <sstream>

#include "generated.hpp"
#include "imdswatch/config/schema.hpp"
#include "support.hpp"

/// The files beside the parser say what it says. IMDSWATCH_UPDATE_GOLDEN=1 writes the generated ones anew.
namespace imdswatch {
namespace {

using test::read_all;
using test::repository;

bool update() { return std::getenv("IMDSWATCH_UPDATE_GOLDEN") != nullptr; }
std::string example() { return read_all(repository() / "config" / "imdswatch.yaml"); }

/// The example with every commented-out key switched on: "  #key: value" becomes "  key: value".
std::string switched_on(const std::string& text) {
  std::istringstream lines(text);
  std::string out, line;
  while (std::getline(lines, line)) {
    const std::size_t at = line.find_first_not_of(' ');
    if (at != std::string::npos && line[at] == '#' && at + 1 < line.size() && line[at + 1] != ' ') line.erase(at, 1);
    out += line + "\n";
  }
  return out;
}

/// Paths of the keys that stand in YAML of two spaces' indent.
std::set<std::string> paths_in(const std::string& text) {
  std::set<std::string> out;
  std::vector<std::string> open;
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    const std::size_t at = line.find_first_not_of(' ');
    if (at == std::string::npos || line[at] == '#') continue;
    open.resize(at / 2);
    open.push_back(line.substr(at, line.find(':') - at));
    std::string path;
    for (const std::string& word : open) path += (path.empty() ? "" : ".") + word;
    out.insert(path);
  }
  return out;
}

std::map<std::string, std::string> effective(const Config& config) {
  std::map<std::string, std::string> out;
  for (const KeySpec& key : config_keys()) out[std::string(key.path)] = show(key, key.get(config));
  return out;
}

TEST(ConfigExample, IsValidAsItIsAndSaysNothingButTheDefaults) {
  Config config = test::parsed(example());
  EXPECT_EQ(config.kafka.raw_topics, std::vector<std::string>{"endpoint-events"}) << "the one thing that has no default";
  EXPECT_TRUE(check_runnable(config).ok());
  config.kafka.raw_topics.clear();
  EXPECT_EQ(effective(config), effective(Config{}));
}

TEST(ConfigExample, ShowsEveryKeyWithItsDefault) {
  const std::string all = switched_on(example());
  Config config = test::parsed(all);
  config.kafka.raw_topics.clear();
  EXPECT_EQ(effective(config), effective(Config{}));
  const auto paths = paths_in(all);
  for (const KeySpec& key : config_keys()) EXPECT_TRUE(paths.contains(std::string(key.path))) << key.path << " is missing";
}

TEST(ConfigExample, ItsCommentedExceptionAndSecretsAreValidToo) {
  std::string text;
  std::istringstream lines(example());
  std::string line;
  bool within = false;
  while (std::getline(lines, line)) {
    if (line.starts_with("exceptions:")) within = true;
    if (within && line.empty()) break;
    if (within) text += line.starts_with("  # ") ? line.substr(4) + "\n" : line + "\n";
  }
  EXPECT_EQ(test::parsed(text).detector.triage.exceptions.size(), 1u) << text;
}

TEST(ConfigSchema, IsInStepWithTheParser) {
  const auto path = repository() / "config" / "imdswatch.schema.json";
  if (update()) std::ofstream(path) << test::json_schema();
  EXPECT_EQ(read_all(path), test::json_schema()) << "write it anew with IMDSWATCH_UPDATE_GOLDEN=1";
}

TEST(ConfigReference, IsInStepWithTheParser) {
  const auto path = repository() / "docs" / "configuration.md";
  const std::string begin = "<!-- generated: begin -->\n", end = "<!-- generated: end -->";
  const std::string text = read_all(path);
  const auto from = text.find(begin), to = text.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  const std::string wanted = text.substr(0, from) + begin + test::reference_tables() + text.substr(to);
  if (update()) std::ofstream(path) << wanted;
  EXPECT_EQ(read_all(path), wanted) << "write it anew with IMDSWATCH_UPDATE_GOLDEN=1";
}

TEST(ConfigKeys, EachCanBeWrittenAsItIsShown) {
  const Config fresh;
  for (const KeySpec& key : config_keys()) {
    if (key.type == KeyType::exceptions || key.type == KeyType::properties) continue;
    std::string path(key.path), yaml;
    for (std::size_t dot = path.find('.'), depth = 0;; dot = path.find('.'), ++depth) {
      yaml += std::string(depth * 2, ' ') + path.substr(0, dot) + ":";
      if (dot == std::string::npos) break;
      yaml += "\n";
      path = path.substr(dot + 1);
    }
    yaml += " " + show(key, key.get(fresh)) + "\n";
    const auto config = parse_config(yaml, "t.yaml", test::sources());
    ASSERT_TRUE(config.ok()) << config.error().message;
    EXPECT_EQ(effective(*config), effective(fresh)) << yaml;
    EXPECT_FALSE(key.help.empty());
  }
}

}  // namespace
}  // namespace imdswatch
