#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "imdswatch/app/cli.hpp"
#include "imdswatch/config/config.hpp"

namespace imdswatch {
namespace {

namespace fs = std::filesystem;

std::string page() {
  std::ifstream in(fs::path(IMDSWATCH_SOURCE_DIR) / "docs" / "formats" / "input-custom.md", std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// The page's fenced blocks of a language, in order.
std::vector<std::string> blocks(const std::string& language) {
  const std::string text = page(), begin = "```" + language + "\n";
  std::vector<std::string> out;
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
    at += begin.size();
    out.push_back(text.substr(at, text.find("```", at) - at));
  }
  return out;
}

class CustomPage : public ::testing::Test {
 protected:
  CustomPage() : before_(fs::current_path()) {
    fs::create_directories(folder_);
    fs::current_path(folder_);  // so that the page can name its files without a folder
  }
  ~CustomPage() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
  }

 private:
  fs::path before_, folder_ = fs::temp_directory_path() / ("imdswatch-page-" + std::to_string(::getpid()));
};

TEST_F(CustomPage, ItsExampleSaysWhatThePageSays) {
  const auto json = blocks("json");
  const auto yaml = blocks("yaml");
  ASSERT_EQ(json.size(), 2u);
  ASSERT_EQ(yaml.size(), 2u);
  std::ofstream("events.json") << json[0];
  std::ofstream("imdswatch.yaml") << yaml[0];
  std::vector<std::string> arguments{"imdswatch", "inspect", "--json", "--config", "imdswatch.yaml", "events.json"};
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  const int code = run_cli(static_cast<int>(argv.size()), argv.data());
  std::fflush(stdout);
  const std::string told = ::testing::internal::GetCapturedStdout(), counts = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(told, json[1]);
  EXPECT_EQ(code, 0) << counts;
}

TEST_F(CustomPage, ItsSecondPieceOfConfigurationFitsToTheFirst) {
  const auto yaml = blocks("yaml");
  ASSERT_EQ(yaml.size(), 2u);
  const auto config = parse_config(yaml[0] + yaml[1], "page");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(fixed_format(config->sieve.formats, "acme-edr"), Format::custom);
  EXPECT_EQ(fixed_format(config->sieve.formats, "winlogbeat-1"), Format::winlogbeat_raw);
}

TEST_F(CustomPage, EveryFieldThatCanBeMappedIsInTheReference) {
  std::ifstream in(fs::path(IMDSWATCH_SOURCE_DIR) / "docs" / "configuration.md", std::ios::binary);
  std::ostringstream reference;
  reference << in.rdbuf();
  for (const std::string_view field : custom_fields()) EXPECT_NE(reference.str().find("`" + std::string(field) + "`"), std::string::npos) << field;
}

}  // namespace
}  // namespace imdswatch
