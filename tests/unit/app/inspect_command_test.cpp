#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "document_reader.hpp"
#include "imdswatch/app/cli.hpp"
#include "support/compressed.hpp"
#include "support/sample_events.hpp"

namespace imdswatch {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class InspectCommand : public ::testing::Test {
 protected:
  InspectCommand() { fs::create_directories(folder_); }
  ~InspectCommand() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string write_file(const std::string& name, const std::string& text) const {
    const auto path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  [[nodiscard]] std::string write(const std::string& text) const { return write_file("events.json", text); }

  /// Exit code, standard output and standard error of `inspect` over `events`.
  int inspect(const std::string& events, std::vector<std::string> more = {"--json"}) {
    std::vector<std::string> arguments{"imdswatch", "inspect", write(events)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = run_cli(static_cast<int>(argv.size()), argv.data());
    std::fflush(stdout);
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
    return code;
  }
  [[nodiscard]] std::vector<json> objects() const {
    std::vector<json> out;
    std::istringstream lines(out_);
    for (std::string line; std::getline(lines, line);) out.push_back(json::parse(line));
    return out;
  }

  std::string out_, err_;

 private:
  fs::path folder_ = fs::temp_directory_path() / ("imdswatch-inspect-" + std::to_string(::getpid()));
};

std::string one_line(std::string_view pretty) { return json::parse(pretty).dump(); }

TEST_F(InspectCommand, TellsFormatKindAccountAndWhatWasFoundUnderEcsNames) {
  ASSERT_EQ(inspect(one_line(testing::defend_connection) + "\n" + one_line(testing::defend_start) + "\n"), 0);
  const auto events = objects();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0]["format"], "elastic_defend");
  EXPECT_EQ(events[0]["kind"], "connection");
  EXPECT_EQ(events[0]["account"], "kept");
  EXPECT_TRUE(events[0]["reason"].is_null());
  EXPECT_EQ(events[0]["@timestamp"], "2026-03-01T12:00:00.123456Z");
  EXPECT_EQ(events[0]["destination"]["ip"], "169.254.169.254");
  EXPECT_EQ(events[0]["process"]["pid"], 4100);
  EXPECT_EQ(events[0]["missing"], json::parse(R"(["process.command_line", "process.parent.name"])"));
  EXPECT_EQ(events[1]["kind"], "process_start");
  EXPECT_EQ(events[1]["account"], "kept");
  EXPECT_EQ(events[1]["process"]["parent"]["name"], "services.exe");
  EXPECT_EQ(events[1]["line"], 2);
}

TEST_F(InspectCommand, TellsWhyAnEventIsIgnoredOrRejected) {
  const std::string elsewhere = one_line(testing::with(testing::sysmon_connection, R"("DestinationIp": "169.254.169.254")", R"("DestinationIp": "10.0.0.1")"));
  const std::string dns = one_line(testing::with(testing::sysmon_connection, R"("DestinationPort": "80")", R"("DestinationPort": "53")"));
  const std::string broken = one_line(testing::with(testing::sysmon_connection, R"("DestinationIp": "169.254.169.254")", R"("DestinationIp": "nowhere")"));
  ASSERT_EQ(inspect(elsewhere + "\n" + dns + "\n" + broken + "\nnonsense\n{\"a\":1}\n"), 0);
  const auto events = objects();
  ASSERT_EQ(events.size(), 5u);
  const auto told = [&](std::size_t i) { return events[i]["account"].get<std::string>() + " " + events[i]["reason"].get<std::string>(); };
  EXPECT_EQ(told(0), "ignored connection_elsewhere");
  EXPECT_EQ(told(1), "ignored excluded_port");
  EXPECT_EQ(told(2), "rejected bad_address");
  EXPECT_NE(events[2]["detail"].get<std::string>().find("nowhere"), std::string::npos);
  EXPECT_EQ(told(3), "rejected malformed_json");
  EXPECT_EQ(events[3]["line"], 4);
  EXPECT_EQ(told(4), "ignored unknown_format");
  EXPECT_NE(err_.find("5 events, 3 of a known format, 0 calls"), std::string::npos) << err_;
}

TEST_F(InspectCommand, ReadsDocumentsThatArePrintedOverSeveralLines) {
  const std::string both = std::string(testing::defend_connection) + "\n" + std::string(testing::sysmon_start) + "\n";
  ASSERT_EQ(inspect(both), 0);
  ASSERT_EQ(objects().size(), 2u);
  EXPECT_EQ(objects()[1]["format"], "winlogbeat_raw");
  ASSERT_EQ(inspect("[\n" + std::string(testing::defend_connection) + ",\n" + std::string(testing::defend_start) + "\n]\n"), 0);
  ASSERT_EQ(objects().size(), 2u);
  EXPECT_EQ(objects()[1]["place"], 1);
}

TEST_F(InspectCommand, ABrokenLineDoesNotTakeTheNextOnesWithIt) {
  const std::string call = one_line(testing::defend_connection);
  ASSERT_EQ(inspect(call.substr(0, 100) + "\n" + call + "\n{\"open\": [1,\n" + call + "\n" + call.substr(0, 300)), 0);
  const auto events = objects();
  ASSERT_EQ(events.size(), 5u);
  for (const std::size_t i : {1u, 3u}) EXPECT_EQ(events[i]["account"], "kept") << i;
  for (const std::size_t i : {0u, 2u, 4u}) EXPECT_EQ(events[i]["reason"], "malformed_json") << i;
}

TEST_F(InspectCommand, AFileOfOpenBracketsIsReadInTime) {
  std::string open;
  for (int line = 0; line < 40'000; ++line) open += "[1,\n";
  const std::clock_t before = std::clock();
  ASSERT_EQ(inspect(std::string(testing::defend_connection) + "\n" + open + std::string(testing::defend_start) + "\n"), 0);
  EXPECT_LT((std::clock() - before) / CLOCKS_PER_SEC, 10) << "minutes, where each line is looked through to the end of the file";
  EXPECT_EQ(objects().front()["kind"], "connection");
  EXPECT_GE(objects().size(), 40'002u);
}

TEST_F(InspectCommand, ReadsOnlyTheFormatThatIsNamed) {
  const std::string both = one_line(testing::defend_connection) + "\n" + one_line(testing::sysmon_connection) + "\n";
  const auto told = [&](std::vector<std::string> more) {
    more.emplace_back("--json");
    EXPECT_EQ(inspect(both, more), 0) << err_;
    std::string out;
    for (const json& event : objects()) out += event["format"].get<std::string>() + " " + (event["reason"].is_null() ? "kept" : event["reason"].get<std::string>()) + "\n";
    return out;
  };
  EXPECT_EQ(told({}), "elastic_defend kept\nwinlogbeat_raw kept\n");
  EXPECT_EQ(told({"--format", "elastic_defend"}), "elastic_defend kept\nwinlogbeat_raw other_format\n");
  EXPECT_EQ(told({"--format", "winlogbeat_raw"}), "elastic_defend other_format\nwinlogbeat_raw kept\n");
  const std::string config = write_file("config.yaml", "formats: winlogbeat_raw\n");
  EXPECT_EQ(told({"--config", config}), "elastic_defend other_format\nwinlogbeat_raw kept\n");
  EXPECT_EQ(told({"--config", config, "--format", "auto"}), "elastic_defend kept\nwinlogbeat_raw kept\n");
  EXPECT_EQ(told({"--config", write_file("config.yaml", "formats: {some-topic: winlogbeat_raw}\n")}), "elastic_defend kept\nwinlogbeat_raw kept\n")
      << "a file is of no topic";
}

TEST_F(InspectCommand, AFormatThatCannotBeReadIsToldBeforeTheInputIs) {
  EXPECT_EQ(inspect("{}\n", {"--format", "wazu"}), 2);
  EXPECT_EQ(inspect("{}\n", {"--format", "custom"}), 78);
  EXPECT_NE(err_.find("custom.fields"), std::string::npos) << err_;
  EXPECT_EQ(out_, "");
}

TEST_F(InspectCommand, TheTableIsForPeople) {
  ASSERT_EQ(inspect(one_line(testing::defend_connection) + "\n", {}), 0);
  EXPECT_NE(out_.find("elastic_defend  connection     kept"), std::string::npos) << out_;
  EXPECT_NE(out_.find("process.name=\"updater.exe\""), std::string::npos) << out_;
  EXPECT_NE(out_.find("missing: process.command_line"), std::string::npos) << out_;
}

TEST_F(InspectCommand, WhatAnEventSaysDoesNotSteerTheTerminal) {
  const std::string forged = one_line(testing::with(testing::defend_connection, "2026-03-01T12:00:00.1234567Z", R"(\u001b[2J\u009b31m\u007f\nFAKE ROW)"));
  const std::string named = one_line(testing::with(testing::defend_connection, R"("name": "updater.exe")", R"("name": "\u001b[2J\u009b31m\u007f\nFAKE ROW")"));
  ASSERT_EQ(inspect(forged + "\n" + named + "\n", {}), 0);
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 3) << out_;
  for (const auto* control : {"\x1b", "\xc2\x9b", "\x7f"}) EXPECT_EQ(out_.find(control), std::string::npos) << out_;
  EXPECT_NE(out_.find(R"(@timestamp: "\u001b[2J\u009b31m\u007f\u000aFAKE ROW")"), std::string::npos) << out_;
  EXPECT_NE(out_.find(R"(process.name="\u001b[2J\u009b31m\u007f\nFAKE ROW")"), std::string::npos) << out_;
}

TEST_F(InspectCommand, WhatCouldBeReadOfADamagedFileIsToldBeforeWhatIsWrong) {
  const std::string call = one_line(testing::defend_connection) + "\n";
  const std::string whole = testing::compressed(call + call);
  ASSERT_EQ(inspect(whole + std::string(8, '\0')), 1);
  EXPECT_EQ(objects().size(), 2u);
  EXPECT_NE(err_.find("2 events, 2 of a known format, 2 calls"), std::string::npos) << err_;
  EXPECT_NE(err_.find("what follows its gzip data is no gzip data"), std::string::npos) << err_;
  ASSERT_EQ(inspect(whole + whole.substr(0, 5)), 1);
  EXPECT_EQ(objects().size(), 2u);
  ASSERT_EQ(inspect(whole.substr(0, whole.size() - 8)), 1);
  EXPECT_EQ(objects().size(), 2u);
  EXPECT_NE(err_.find("ends in the middle"), std::string::npos) << err_;
  ASSERT_EQ(inspect(testing::compressed(call + "{\n\"a\":") + "x"), 1);
  ASSERT_EQ(objects().size(), 3u) << out_;
  EXPECT_EQ(objects().back()["reason"], "malformed_json");
  ASSERT_EQ(inspect(whole + whole), 0) << "several members are one file";
  EXPECT_EQ(objects().size(), 4u);
}

TEST_F(InspectCommand, ABlankNameIsNone) {
  const std::string host = one_line(testing::with(testing::with(testing::defend_connection, R"("name": "WEB-01")", R"("name": " \t")"), R"("id": "host-id-1")", R"("id": " ")"));
  const std::string id_left = one_line(testing::with(testing::defend_connection, R"("name": "WEB-01")", R"("name": " ")"));
  const std::string image = one_line(testing::with(testing::sysmon_connection, R"("C:\\Users\\kim\\AppData\\Local\\Temp\\probe.exe")", R"("  ")"));
  const std::string folder = one_line(testing::with(testing::sysmon_connection, R"("C:\\Users\\kim\\AppData\\Local\\Temp\\probe.exe")", R"("C:\\dir\\")"));
  ASSERT_EQ(inspect(host + "\n" + id_left + "\n" + image + "\n" + folder + "\n"), 0);
  const auto events = objects();
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0]["reason"], "no_host");
  EXPECT_EQ(events[1]["account"], "kept");
  EXPECT_EQ(events[2]["reason"], "no_process");
  EXPECT_EQ(events[3]["reason"], "no_process");
  EXPECT_NE(events[3]["detail"].get<std::string>().find(R"(image: "C:\dir\" names no program)"), std::string::npos) << events[3]["detail"];
}

TEST_F(InspectCommand, ARejectedEventTellsWhatItHolds) {
  const auto without = [](std::string_view sample, std::initializer_list<std::pair<std::string_view, std::string_view>> changes) {
    std::string out(sample);
    for (const auto& [from, to] : changes) out = testing::with(out, from, to);
    return one_line(out) + "\n";
  };
  const std::pair<std::string_view, std::string_view> no_time{"\"@timestamp\"", "\"other\""}, bad_time{"2026-03-01T12:00:00.1234567Z", "yesterday"},
      no_name{"\"name\": \"WEB-01\"", "\"name\": \"\""}, no_id{"\"id\": \"host-id-1\"", "\"id\": \"\""}, blank{"\"name\": \"WEB-01\"", "\"name\": \" \""};
  ASSERT_EQ(inspect(without(testing::defend_connection, {no_time}) + without(testing::defend_connection, {bad_time}) +
                    without(testing::defend_connection, {no_name, no_id}) + without(testing::defend_connection, {blank, no_id}) +
                    without(testing::defend_connection, {bad_time, no_name, no_id})),
            0);
  const auto events = objects();
  ASSERT_EQ(events.size(), 5u);
  const std::vector<std::string> reasons{"no_time", "bad_time", "no_host", "no_host", "bad_time"};
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i]["account"], "rejected") << i;
    EXPECT_EQ(events[i]["reason"], reasons[i]) << i;
    EXPECT_EQ(events[i]["kind"], "connection") << i;
    EXPECT_EQ(events[i]["process"]["name"], "updater.exe") << i;
    EXPECT_EQ(events[i]["destination"]["ip"], "169.254.169.254") << i;
    EXPECT_FALSE(events[i].contains("missing")) << i;
    EXPECT_EQ(events[i].contains("@timestamp"), reasons[i] == "no_host") << i;
    EXPECT_EQ(events[i].contains("host"), i < 2) << events[i];
  }
  EXPECT_EQ(events[1]["host"]["name"], "WEB-01");
}

TEST_F(InspectCommand, ARejectedEventOfTheCustomMappingTellsWhatItHolds) {
  const std::string config = write_file("imdswatch.yaml", R"(custom:
  fields: {"@timestamp": /at, host.name: /host, process.executable: /path, destination.ip: /to}
  time_format: "%d/%m/%Y %H:%M:%S"
  connection: {/type: net}
)");
  const std::string rest = R"("path":"C:\\Tools\\probe.exe","to":"169.254.169.254"})" "\n";
  ASSERT_EQ(inspect(R"({"type":"net","at":"yesterday","host":"WEB-01",)" + rest + R"({"type":"net","host":"WEB-01",)" + rest +
                        R"({"type":"net","at":"01/03/2026 12:00:00",)" + rest + R"({"type":"net",)" + rest,
                    {"--json", "--config", config}),
            0) << err_;
  const auto events = objects();
  ASSERT_EQ(events.size(), 4u);
  const std::vector<std::string> reasons{"bad_time", "no_time", "no_host", "no_time"};
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i]["account"], "rejected") << i;
    EXPECT_EQ(events[i]["reason"], reasons[i]) << i;
    EXPECT_EQ(events[i]["kind"], "connection") << i;
    EXPECT_EQ(events[i]["process"]["executable"], R"(C:\Tools\probe.exe)") << i;
    EXPECT_EQ(events[i]["destination"]["ip"], "169.254.169.254") << i;
    EXPECT_EQ(events[i].contains("@timestamp"), reasons[i] == "no_host") << i;
    EXPECT_EQ(events[i].contains("host"), i < 2) << i;
  }
}

TEST_F(InspectCommand, AMissingFileIsAnError) {
  std::vector<std::string> arguments{"imdswatch", "inspect", "/nowhere/at-all.json"};
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  EXPECT_EQ(run_cli(static_cast<int>(argv.size()), argv.data()), 1);
}

}  // namespace
}  // namespace imdswatch
