#include "decoding.hpp"

namespace imdswatch {
namespace {

using testing::with;
using WindowsFlat = Decoding;

constexpr std::string_view nxlog = R"json({
  "Channel": "Microsoft-Windows-Sysmon/Operational",
  "SourceName": "Microsoft-Windows-Sysmon",
  "Hostname": "APP-02",
  "host": "collector",
  "EventID": 3,
  "EventTime": "2026-03-01 13:00:01",
  "RecordNumber": 71,
  "SourceModuleType": "im_msvistalog",
  "AccountName": "SYSTEM",
  "ProcessID": 3000,
  "UtcTime": "2026-03-01 12:00:00.750",
  "ProcessGuid": "{11111111-2222-3333-4444-555555555555}",
  "ProcessId": "5204",
  "Image": "C:\\tools\\probe.exe",
  "User": "CORP\\kim",
  "Protocol": "tcp",
  "Initiated": "true",
  "DestinationIsIpv6": "false",
  "DestinationIp": "169.254.169.254",
  "DestinationPort": "80"
})json";

constexpr std::string_view nxlog_filtering = R"json({
  "Channel": "security",
  "SourceName": "Microsoft-Windows-Security-Auditing",
  "Hostname": "APP-02",
  "host": "collector",
  "EventID": 5156,
  "EventTime": "2026-03-01 13:00:01",
  "RecordNumber": 71,
  "SourceModuleType": "im_msvistalog",
  "AccountName": "SYSTEM",
  "ProcessID": 4,
  "Application": "\\device\\harddiskvolume2\\tools\\probe.exe",
  "Direction": "%%14593",
  "DestAddress": "169.254.169.254",
  "DestPort": "80",
  "Protocol": "6",
  "@timestamp": "2026-03-01T12:00:01Z"
})json";

constexpr std::string_view vector_event = R"json({
  "timestamp": "2026-03-01T12:00:02Z",
  "host": "collector",
  "computer": "APP-02",
  "channel": "Microsoft-Windows-Sysmon/Operational",
  "provider_name": "Microsoft-Windows-Sysmon",
  "event_id": 3,
  "record_id": 71,
  "process_id": 3000,
  "event_data": {
   "UtcTime": "2026-03-01 12:00:00.750",
   "ProcessGuid": "{11111111-2222-3333-4444-555555555555}",
   "ProcessId": "5204",
   "Image": "C:\\tools\\probe.exe",
   "User": "CORP\\kim",
   "Protocol": "tcp",
   "Initiated": "true",
   "DestinationIsIpv6": "false",
   "DestinationIp": "169.254.169.254",
   "DestinationPort": "80"
  }
})json";

constexpr std::string_view winlogbeat_six = R"json({
  "@timestamp": "2026-03-01T12:00:02Z",
  "log_name": "Microsoft-Windows-Sysmon/Operational",
  "source_name": "Microsoft-Windows-Sysmon",
  "event_id": 1,
  "computer_name": "APP-02",
  "record_number": "70",
  "process_id": 3000,
  "user": {
   "name": "SYSTEM",
   "identifier": "S-1-5-18"
  },
  "host": {
   "name": "wec"
  },
  "event_data": {
   "UtcTime": "2026-03-01 12:00:00.050",
   "ProcessGuid": "{11111111-2222-3333-4444-555555555555}",
   "ProcessId": "5204",
   "Image": "C:\\tools\\probe.exe",
   "CommandLine": "probe \\\\server\\x",
   "User": "CORP\\kim",
   "Hashes": "SHA256=CC03",
   "ParentImage": "C:\\Windows\\explorer.exe",
   "ParentProcessId": "2010"
  }
})json";

TEST_F(WindowsFlat, TheHostStandsUnderManyNames) {
  for (const auto* const name : {"Computer", "computer_name", "ComputerName", "MachineName"})
    EXPECT_EQ(event(with(nxlog, "Hostname", name)).host.name, "APP-02") << name;
  EXPECT_EQ(event(with(vector_event, R"("computer": "APP-02",)", "")).host.name, "collector");
  EXPECT_EQ(event(vector_event).host.name, "APP-02");
}

TEST_F(WindowsFlat, NxlogsConnectionIsReadFromTheTop) {
  const auto& call = connection(nxlog);
  EXPECT_EQ(call.process.name, "probe.exe");
  EXPECT_EQ(call.user.name, "kim");
  EXPECT_EQ(call.destination, metadata_address());
  EXPECT_EQ(event(nxlog).host.name, "APP-02");
  EXPECT_EQ(to_iso8601(event(nxlog).time), "2026-03-01T12:00:00.750Z");
}

TEST_F(WindowsFlat, TheProcessIdIsToldFromTheLoggersByTheCaseOfItsName) {
  EXPECT_EQ(connection(nxlog).process.pid, 5204u);
  EXPECT_FALSE(connection(with(nxlog, R"("ProcessId": "5204",)", "")).process.pid);
}

TEST_F(WindowsFlat, OlderNxlogsFilteringEventKeepsOnlyTheLoggersPid) {
  EXPECT_FALSE(connection(nxlog_filtering).process.pid);
  EXPECT_EQ(connection(with(nxlog_filtering, R"("SourceModuleType": "im_msvistalog")", R"("x": "")")).process.pid, 4u);
  EXPECT_EQ(connection(with(nxlog_filtering, R"("Hostname")", R"("ExecutionProcessID": 900, "Hostname")")).process.pid, 4u);
}

TEST_F(WindowsFlat, VectorKeepsTheDataBelowEventData) {
  const auto& call = connection(vector_event);
  EXPECT_EQ(call.process.pid, 5204u);
  EXPECT_EQ(event(vector_event).event_id, "APP-02/Microsoft-Windows-Sysmon/Operational/71");
}

TEST_F(WindowsFlat, WinlogbeatSixHasAllAtTheTopAndTheUserIsTheEvents) {
  const auto& begun = start(winlogbeat_six);
  EXPECT_EQ(begun.user.name, "kim");
  EXPECT_EQ(begun.parent.name, "explorer.exe");
  EXPECT_EQ(begun.process.hash_sha256, "CC03");
}

TEST_F(WindowsFlat, OtherEventsAreIgnored) {
  EXPECT_EQ(ignored_as(with(nxlog, R"("EventID": 3)", R"("EventID": 5)")), "other_event");
  EXPECT_EQ(ignored_as(with(nxlog, R"("Initiated": "true")", R"("Initiated": "false")")), "incoming");
}

}  // namespace
}  // namespace imdswatch
