#include "decoding.hpp"

namespace imdswatch {
namespace {

using testing::with;
using OcsfCaptions = Decoding;

/// As a product writes it that leaves the schema's numbers out.
constexpr std::string_view network = R"json({"class_name": "Network Activity", "activity_name": "Open", "status": "Success", "action": "Allowed",
  "disposition": "Allowed", "time": 1772366400751, "device": {"hostname": "w", "os": {"type": "Windows"}},
  "actor": {"process": {"name": "a.exe", "pid": 5204}}, "dst_endpoint": {"ip": "169.254.169.254", "port": 80}})json";

constexpr std::string_view launch = R"json({"class_name": "Process Activity", "activity_name": "Launch", "status": "Success", "time": 1772366400751,
  "device": {"hostname": "w"}, "process": {"name": "a.exe", "pid": 5204}})json";

TEST_F(OcsfCaptions, StandInForTheNumbers) {
  EXPECT_EQ(event(network).format, Format::ocsf);
  EXPECT_EQ(connection(network).destination, metadata_address());
  EXPECT_EQ(start(launch).process.pid, 5204u);
  for (const auto* name : {"Fail", "Refuse"}) EXPECT_EQ(ignored_as(with(network, R"("Open")", '"' + std::string(name) + '"')), "not_connected") << name;
  for (const auto* name : {"Close", "Reset", "Listen"}) EXPECT_EQ(ignored_as(with(network, R"("Open")", '"' + std::string(name) + '"')), "other_event") << name;
  for (const auto* name : {"Traffic", "Connected"}) connection(with(network, R"("Open")", '"' + std::string(name) + '"'));
  EXPECT_EQ(ignored_as(with(launch, R"("Launch")", R"("Terminate")")), "other_event");
}

TEST_F(OcsfCaptions, TellWhatWasPrevented) {
  for (const auto* status : {"Failure", "failed"}) {
    EXPECT_EQ(ignored_as(with(network, "Success", status)), "not_connected") << status;
    EXPECT_EQ(ignored_as(with(launch, "Success", status)), "other_event") << status;
  }
  EXPECT_EQ(ignored_as(with(network, R"("action": "Allowed")", R"("action": "Denied")")), "not_connected");
  EXPECT_EQ(ignored_as(with(network, R"("disposition": "Allowed")", R"("disposition": "Blocked")")), "not_connected");
}

TEST_F(OcsfCaptions, AreNotAskedWhereThereIsANumber) {
  connection(with(network, "Success\"", R"(Failure", "status_id": 1)"));
  connection(with(network, R"("action": "Allowed")", R"("action": "Denied", "action_id": 1)"));
  connection(with(network, R"("disposition": "Allowed")", R"("disposition": "Blocked", "disposition_id": 1)"));
  connection(with(network, R"("Open")", R"("Fail", "activity_id": 1)"));
  EXPECT_EQ(ignored_as(with(network, R"("activity_name")", R"("class_uid": 4002, "activity_name")")), "other_event");
  EXPECT_EQ(ignored_as(with(network, R"("Open")", R"("Open", "type_uid": 400104)")), "not_connected");
}

TEST_F(OcsfCaptions, TheTypeTellsTheClassToo) {
  connection(with(with(network, R"("class_name": "Network Activity")", R"("type_uid": 400101)"), R"("activity_name": "Open", )", ""));
  EXPECT_EQ(ignored_as(with(network, R"("class_name": "Network Activity")", R"("type_uid": 400299)")), "unknown_format");
}

TEST_F(OcsfCaptions, AnotherFormatsEventStaysOne) {
  const auto beside = [](std::string_view event) {
    return std::string(R"({"class_name": "Network Activity", "activity_name": "Open", "type_uid": 400101, )") + std::string(event.substr(1));
  };
  EXPECT_EQ(event(beside(testing::defend_connection)).format, Format::elastic_defend);
  EXPECT_EQ(event(beside(testing::sysmon_connection)).format, Format::winlogbeat_raw);
  EXPECT_EQ(event(beside(R"({"UtcTime": "2026-03-01 12:00:00.750", "Hostname": "w", "EventID": 3, "Channel": "Microsoft-Windows-Sysmon/Operational",
    "Image": "C:\\a.exe", "DestinationIp": "169.254.169.254"})")).format, Format::windows_flat);
  EXPECT_EQ(event(beside(R"({"dataSource": {"name": "SentinelOne"}, "event": {"time": 1772366400751, "type": "IP Connect"}, "agent": {"uuid": "a"},
    "endpoint": {"name": "w", "os": "windows"}, "src": {"process": {"name": "a.exe"}}, "dst": {"ip": {"address": "169.254.169.254"}}})")).format,
            Format::sentinelone);
  for (const auto* name : {"File System Activity", "network", ""})
    EXPECT_EQ(ignored_as(with(network, "Network Activity", name)), "unknown_format") << name;
  EXPECT_EQ(ignored_as(with(network, R"("activity_name": "Open", )", "")), "unknown_format");
}

}  // namespace
}  // namespace imdswatch
