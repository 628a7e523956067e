#include "imdswatch/app/cli.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace imdswatch {
namespace {

namespace fs = std::filesystem;

constexpr int done = 0, usage = 2;

class ReplayCommand : public ::testing::Test {
 protected:
  ReplayCommand() { fs::create_directories(folder_); }
  ~ReplayCommand() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path(name), std::ios::binary) << text; }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream in(path(name), std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  static int replay(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"imdswatch", "replay"});
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    return run_cli(static_cast<int>(argv.size()), argv.data());
  }
  /// The summary of a replay of `events`.
  std::string summary(const std::string& events, const std::string& config = "") {
    write("events.ndjson", events);
    write("config.yaml", "kafka: {properties: {bootstrap.servers: 'none:1'}, raw_topics: [none]}\nlearning: {for: 0h}\n" + config);
    EXPECT_EQ(replay({path("events.ndjson"), "--config", path("config.yaml"), "--alerts", path("alerts.ndjson"), "--summary", path("summary")}),
              done);
    return read("summary");
  }

 private:
  fs::path folder_ = fs::temp_directory_path() / ("imdswatch-replay-" + std::to_string(::getpid()));
};

const std::string call =
    R"({"@timestamp":"2026-03-02T00:00:10Z","event":{"action":"connection_attempted","category":["network"],"type":["start"],"module":"endpoint","dataset":"endpoint.events.network"},)"
    R"("agent":{"type":"endpoint"},"host":{"name":"web-1","os":{"type":"windows"}},"process":{"name":"a.exe","executable":"C:\\t\\a.exe","pid":7},)"
    R"("user":{"name":"bob","id":"S-1-5-21-1-2-3-1001"},"destination":{"ip":"169.254.169.254","port":80},"network":{"direction":"egress"}})";

TEST_F(ReplayCommand, AnInputIsNeverAnOutput) {
  write("events.ndjson", call + "\n");
  fs::create_symlink(path("events.ndjson"), path("link"));
  EXPECT_EQ(replay({path("events.ndjson"), "--alerts", path("events.ndjson")}), usage);
  EXPECT_EQ(replay({path("events.ndjson"), "--alerts", path("alerts"), "--summary", path("link")}), usage);
  EXPECT_EQ(read("events.ndjson"), call + "\n");
  EXPECT_FALSE(fs::exists(path("alerts")));
}

TEST_F(ReplayCommand, StandardInputIsReadOnce) { EXPECT_EQ(replay({"-", "-"}), usage); }

TEST_F(ReplayCommand, TheSummaryCountsHostsWhoseCallsNoRunHasLearnedYet) {
  EXPECT_NE(summary(call + "\n").find("hosts that call                                                         1\n"), std::string::npos)
      << read("summary");
}

TEST_F(ReplayCommand, BlankLinesDoNotShiftTheNumbersOfLines) {
  EXPECT_NE(summary("\n\n" + call + "\n\nnonsense\n").find("line 5"), std::string::npos) << read("summary");
}

TEST_F(ReplayCommand, ReadsOnlyTheFormatThatIsNamed) {
  write("events.ndjson", call + "\n");
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), {path("events.ndjson"), "--alerts", path("alerts.ndjson"), "--summary", path("summary")});
    EXPECT_EQ(replay(more), done);
    return read("summary");
  };
  EXPECT_NE(with({"--format", "elastic_defend"}).find("hosts that call                                                         1\n"), std::string::npos);
  const std::string other = with({"--format", "wazuh"});
  EXPECT_NE(other.find("hosts that call                                                         0\n"), std::string::npos) << other;
  EXPECT_NE(other.find("elastic_defend: ignored, other_format"), std::string::npos) << other;
  EXPECT_EQ(replay({"--format", "wazu", path("events.ndjson")}), usage);
  EXPECT_EQ(replay({"--format", "wazuh", "--call-log"}), usage) << "calls were read already";
}

TEST_F(ReplayCommand, UsesTheConfigurationsCustomMapping) {
  const std::string own = R"({"type":"net","at":"2026-03-02T00:00:10Z","machine":"web-1","image":"C:\\t\\a.exe","to":"169.254.169.254"})";
  const std::string mapping =
      "custom:\n  fields: {\"@timestamp\": /at, host.name: /machine, process.executable: /image, destination.ip: /to}\n"
      "  connection: {/type: net}\n";
  const std::string one_host = "hosts that call                                                         1\n";
  EXPECT_NE(summary(own + "\n", mapping).find(one_host), std::string::npos) << read("summary");
  EXPECT_NE(read("alerts.ndjson").find(R"("format":"custom")"), std::string::npos) << read("alerts.ndjson");
  EXPECT_NE(summary(own + "\n", mapping + "formats: custom\n").find(one_host), std::string::npos) << read("summary");
  EXPECT_EQ(summary(own + "\n").find(one_host), std::string::npos) << read("summary");
}

TEST_F(ReplayCommand, TheSummaryReportsAnExpiredException) {
  const std::string text = summary(call + "\n", "exceptions: [{name: old, when: {process.name: a.exe}, expires: 2026-01-01}]\n");
  EXPECT_NE(text.find("exception 'old' expired"), std::string::npos) << text;
  EXPECT_EQ(text.find("muted"), std::string::npos) << text;
}

TEST_F(ReplayCommand, ALongNameOfAnExceptionDoesNotHideItsCount) {
  const std::string name(120, 'x');
  const std::string text = summary(call + "\n", "exceptions: [{name: " + name + ", when: {process.name: a.exe}}]\n");
  const auto at = text.find(name);
  ASSERT_NE(at, std::string::npos) << text;
  EXPECT_NE(text.substr(at, text.find('\n', at) - at).find(" 1"), std::string::npos) << text;
}

}  // namespace
}  // namespace imdswatch
