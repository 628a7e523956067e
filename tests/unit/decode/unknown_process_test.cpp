#include "decoding.hpp"

namespace imdswatch {
namespace {

using testing::with;
using UnknownProcess = Decoding;

/// One call for each place where a record of the Windows event log names its process; PROCESS stands for the value.
constexpr std::string_view records[] = {
    R"json({"@timestamp": "2026-03-01T12:00:00Z", "winlog": {"channel": "Microsoft-Windows-Sysmon/Operational", "event_id": 3, "computer_name": "w",
      "event_data": {"Image": PROCESS, "ProcessId": "7", "DestinationIp": "169.254.169.254"}}})json",
    R"json({"@timestamp": "2026-03-01T12:00:00Z", "winlog": {"channel": "Security", "event_id": "5156", "computer_name": "w",
      "event_data": {"Application": PROCESS, "ProcessID": "7", "DestAddress": "169.254.169.254"}}})json",
    R"json({"UtcTime": "2026-03-01 12:00:00.750", "Hostname": "w", "EventID": 3, "Channel": "Microsoft-Windows-Sysmon/Operational",
      "Image": PROCESS, "ProcessId": "7", "DestinationIp": "169.254.169.254"})json",
    R"json({"timestamp": "2026-03-01T12:00:00Z", "win": {"system": {"channel": "Security", "eventID": "5156", "computer": "w"},
      "eventdata": {"application": PROCESS, "processID": "7", "destAddress": "169.254.169.254"}}})json",
    R"json({"@timestamp": "2026-03-01T12:00:00Z", "event": {"category": ["network"]}, "winlog": {"channel": "Security", "event_id": "5156", "computer_name": "w"},
      "process": {"name": PROCESS, "pid": 7}, "destination": {"ip": "169.254.169.254"}})json",
    R"json({"@timestamp": "2026-03-01T12:00:00Z", "event": {"category": ["network"]}, "winlog": {"channel": "Microsoft-Windows-Sysmon/Operational", "event_id": 3,
      "computer_name": "w"}, "process": {"executable": PROCESS, "pid": 7}, "destination": {"ip": "169.254.169.254"}})json",
    R"json({"TimeGenerated": "2026-03-01T12:00:00Z", "Computer": "w", "Channel": "Security", "EventID": 5156,
      "EventData": {"Application": PROCESS, "ProcessID": "7", "DestAddress": "169.254.169.254"}})json",
    R"json({"TimeCreated": "2026-03-01 12:00:00 +0000", "Computer": "w", "Channel": "Security", "EventID": 5156,
      "StringInserts": ["7", PROCESS, "%%14593", "10.0.0.1", "50000", "169.254.169.254", "80", 6]})json",
};

constexpr std::string_view in_xml = R"json({"TimeGenerated": "2026-03-01T12:00:00Z", "Computer": "w", "Channel": "Security", "EventID": 5156, "Type": "SecurityEvent",
  "EventData": "<EventData><Data Name=\"Application\">PROCESS</Data><Data Name=\"ProcessID\">7</Data><Data Name=\"DestAddress\">169.254.169.254</Data></EventData>"})json";

TEST_F(UnknownProcess, ADashIsWindowsWordForIt) {
  const auto is_unknown = [&](const std::string& record) {
    const auto& told = connection(record);
    EXPECT_EQ(told.process.name, "<unknown process>") << record;
    EXPECT_TRUE(told.process.executable.empty()) << record;
    EXPECT_EQ(told.process.pid, 7u) << record;
    EXPECT_EQ(told.destination, metadata_address()) << record;
  };
  for (const auto record : records) is_unknown(with(record, "PROCESS", R"("-")"));
  is_unknown(with(in_xml, "PROCESS", "-"));
}

/// As after a wrong mapping: all processes would become one.
TEST_F(UnknownProcess, WhatIsMissingIsNot) {
  for (const auto record : records)
    for (const auto* nothing : {R"("")", "null", R"(" ")"}) EXPECT_EQ(rejected_as(with(record, "PROCESS", nothing)), "no_process") << record << nothing;
  EXPECT_EQ(rejected_as(with(in_xml, "PROCESS", "")), "no_process");
}

TEST_F(UnknownProcess, ANameElsewhereInTheRecordCounts) {
  const std::string processed = with(records[4], R"("name": PROCESS)", R"("name": "-", "executable": "C:\\a.exe")");
  EXPECT_EQ(connection(processed).process.name, "a.exe");
  const std::string raw = with(with(records[0], R"({"@timestamp")", R"({"image": "C:\\a.exe", "@timestamp")"), "PROCESS", R"("-")");
  EXPECT_EQ(connection(raw).process.name, "a.exe");
}

}  // namespace
}  // namespace imdswatch
