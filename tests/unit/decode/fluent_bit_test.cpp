#include "decoding.hpp"

namespace imdswatch {
namespace {

using testing::with;
using FluentBit = Decoding;

constexpr std::string_view network = R"json({
 "@timestamp": 1772366409.25,
 "ProviderName": "Microsoft-Windows-Sysmon",
 "ProviderGuid": "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",
 "Qualifiers": "",
 "EventID": 3,
 "Version": 5,
 "Level": 4,
 "Task": 3,
 "Opcode": 0,
 "Keywords": "0x8000000000000000",
 "TimeCreated": "2026-03-01 13:00:01 +0100",
 "EventRecordID": 7001,
 "ActivityID": "",
 "RelatedActivityID": "",
 "ProcessID": 3000,
 "ThreadID": 3004,
 "Channel": "Microsoft-Windows-Sysmon/Operational",
 "Computer": "APP-02.corp.example",
 "UserID": "NT AUTHORITY\\SYSTEM",
 "Message": "Told by the shipper.",
 "StringInserts": [
  "-",
  "2026-03-01 12:00:00.750",
  "{11111111-2222-3333-4444-555555555555}",
  5204,
  "C:\\Tools\\probe.exe",
  "CORP\\kim",
  "tcp",
  true,
  false,
  "10.1.0.9",
  "-",
  50001,
  "",
  false,
  "169.254.169.254",
  "-",
  80,
  "http"
 ]
})json";

constexpr std::string_view process = R"json({
 "@timestamp": 1772366409.25,
 "ProviderName": "Microsoft-Windows-Sysmon",
 "ProviderGuid": "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",
 "Qualifiers": "",
 "EventID": 1,
 "Version": 5,
 "Level": 4,
 "Task": 1,
 "Opcode": 0,
 "Keywords": "0x8000000000000000",
 "TimeCreated": "2026-03-01 13:00:01 +0100",
 "EventRecordID": 7001,
 "ActivityID": "",
 "RelatedActivityID": "",
 "ProcessID": 3000,
 "ThreadID": 3004,
 "Channel": "Microsoft-Windows-Sysmon/Operational",
 "Computer": "APP-02.corp.example",
 "UserID": "NT AUTHORITY\\SYSTEM",
 "Message": "Told by the shipper.",
 "StringInserts": [
  "",
  "2026-03-01 11:59:59.602",
  "{11111111-2222-3333-4444-555555555555}",
  5204,
  "C:\\Tools\\probe.exe",
  "-",
  "?",
  "?",
  "-",
  "-",
  "probe.exe -v",
  "C:\\Tools\\",
  "CORP\\kim",
  "{11111111-2222-3333-4444-0000000aaaaa}",
  "0xaaaaa",
  2,
  "Medium",
  "SHA256=CC03,MD5=EE05",
  "{11111111-2222-3333-4444-000000002010}",
  2010,
  "C:\\Windows\\System32\\cmd.exe",
  "cmd.exe /k",
  "CORP\\kim"
 ]
})json";

constexpr std::string_view filtering = R"json({
 "@timestamp": 1772366409.25,
 "ProviderName": "Microsoft-Windows-Security-Auditing",
 "ProviderGuid": "{54849625-5478-4994-A5BA-3E3B0328C30D}",
 "Qualifiers": "",
 "EventID": 5156,
 "Version": 5,
 "Level": 4,
 "Task": 5156,
 "Opcode": 0,
 "Keywords": "0x8000000000000000",
 "TimeCreated": "2026-03-01 13:00:01 +0100",
 "EventRecordID": 7001,
 "ActivityID": "",
 "RelatedActivityID": "",
 "ProcessID": 4,
 "ThreadID": 3004,
 "Channel": "Security",
 "Computer": "APP-02.corp.example",
 "UserID": "",
 "Message": "Told by the shipper.",
 "StringInserts": [
  "5204",
  "\\device\\harddiskvolume3\\tools\\probe.exe",
  "%%14593",
  "10.1.0.9",
  "50001",
  "169.254.169.254",
  "80",
  6,
  "70001",
  "%%14611",
  48,
  "S-1-0-0",
  "S-1-0-0"
 ]
})json";

constexpr std::string_view created = R"json({
 "@timestamp": 1772366409.25,
 "ProviderName": "Microsoft-Windows-Security-Auditing",
 "ProviderGuid": "{54849625-5478-4994-A5BA-3E3B0328C30D}",
 "Qualifiers": "",
 "EventID": 4688,
 "Version": 5,
 "Level": 4,
 "Task": 4688,
 "Opcode": 0,
 "Keywords": "0x8000000000000000",
 "TimeCreated": "2026-03-01 13:00:01 +0100",
 "EventRecordID": 7001,
 "ActivityID": "",
 "RelatedActivityID": "",
 "ProcessID": 4,
 "ThreadID": 3004,
 "Channel": "Security",
 "Computer": "APP-02.corp.example",
 "UserID": "",
 "Message": "Told by the shipper.",
 "StringInserts": [
  "S-1-5-18",
  "APP-02$",
  "CORP",
  "0x3e7",
  "0x1454",
  "C:\\Tools\\probe.exe",
  "%%1936",
  "0x7da",
  "probe.exe -v",
  "S-1-0-0",
  "-",
  "-",
  "0x0",
  "C:\\Windows\\System32\\cmd.exe",
  "S-1-16-16384"
 ]
})json";

TEST_F(FluentBit, TheOlderInputNamesTheHostComputerName) {
  EXPECT_EQ(event(with(network, R"("Computer")", R"("ComputerName")")).host.name, "APP-02.corp.example");
}

TEST_F(FluentBit, TheValuesOfASysmonConnectionAreKnownByTheirPlace) {
  const auto& call = connection(network);
  EXPECT_EQ(call.process.executable, R"(C:\Tools\probe.exe)");
  EXPECT_EQ(call.process.entity_id, "{11111111-2222-3333-4444-555555555555}");
  EXPECT_EQ(call.process.pid, 5204u);
  EXPECT_EQ(call.user.name, "kim");
  EXPECT_EQ(call.destination, metadata_address());
  EXPECT_EQ(call.port, 80u);
  EXPECT_EQ(call.transport, "tcp");
  EXPECT_EQ(event(network).event_id, "APP-02.corp.example/Microsoft-Windows-Sysmon/Operational/7001");
}

TEST_F(FluentBit, EmptyAndMissingValuesKeepTheirPlace) {
  for (const auto* const nothing : {"\"\"", "null", "[]", "{\"a\": 1}", "\"-\""})
    EXPECT_EQ(connection(with(network, R"("10.1.0.9")", nothing)).destination, metadata_address()) << nothing;
}

TEST_F(FluentBit, ValuesWithoutARuleNameAreOfOlderSysmon) {
  const std::string older = with(network, "  \"-\",\n  \"2026", "  \"2026");
  EXPECT_EQ(connection(older).process.pid, 5204u);
  EXPECT_EQ(connection(older).port, 80u);
}

TEST_F(FluentBit, AStartIsReadInTheOrderOfItsVersion) {
  const auto newest = start(process);
  EXPECT_EQ(newest.process.command_line, "probe.exe -v");
  EXPECT_EQ(newest.process.hash_sha256, "CC03");
  EXPECT_EQ(newest.parent.name, "cmd.exe");
  EXPECT_EQ(newest.parent.command_line, "cmd.exe /k");
  const std::string before_parent_user = with(process, "\"cmd.exe /k\",\n  \"CORP\\\\kim\"", "\"cmd.exe /k\"");
  EXPECT_EQ(start(before_parent_user).parent.pid, 2010u);
  const std::string before_original_name = with(before_parent_user, "  \"?\",\n  \"?\",", "  \"?\",");
  EXPECT_EQ(start(before_original_name).process.command_line, "probe.exe -v");
  EXPECT_EQ(start(before_original_name).parent.command_line, "cmd.exe /k");
}

TEST_F(FluentBit, AnOrderThatIsNotKnownIsRejectedRatherThanGuessed) {
  EXPECT_EQ(rejected_as(with(network, "2026-03-01 12:00:00.750", "something new")), "no_process");
  EXPECT_EQ(rejected_as(with(network, "  \"-\",\n  80,\n  \"http\"", "  \"-\"")), "no_process");
}

TEST_F(FluentBit, NamesCountWhereTheOrderIsNotKnown) {
  const std::string named = with(with(network, "2026-03-01 12:00:00.750", "something new"), R"("Opcode")",
                                 R"("Image": "C:\\a.exe", "DestinationIp": "169.254.169.254", "Opcode")");
  EXPECT_EQ(connection(named).process.name, "a.exe");
}

TEST_F(FluentBit, SecurityEventsAreReadByPlaceTooAndNeverTheLoggersProcess) {
  const auto call = connection(filtering);
  EXPECT_EQ(call.process.pid, 5204u);
  EXPECT_EQ(call.process.name, "probe.exe");
  EXPECT_EQ(call.destination, metadata_address());
  EXPECT_EQ(connection(with(filtering, R"("ProcessID")", R"("processid")")).process.pid, 5204u);
  const auto& begun = start(created);
  EXPECT_EQ(begun.process.pid, 0x1454u);
  EXPECT_EQ(begun.process.command_line, "probe.exe -v");
  EXPECT_EQ(begun.parent.pid, 0x7dau);
  EXPECT_EQ(begun.parent.name, "cmd.exe");
  EXPECT_EQ(begun.user.id, "S-1-5-18");
}

TEST_F(FluentBit, TheTimeIsSysmonsElseTheRecordsWithItsOffset) {
  EXPECT_EQ(to_iso8601(event(network).time), "2026-03-01T12:00:00.750Z");
  EXPECT_EQ(to_iso8601(event(filtering).time), "2026-03-01T12:00:01.000Z");
  EXPECT_EQ(to_iso8601(event(with(filtering, R"("TimeCreated")", R"("TimeMade")")).time), "2026-03-01T12:00:09.250Z");
}

TEST_F(FluentBit, OtherEventsAreIgnored) {
  EXPECT_EQ(ignored_as(with(network, R"("EventID": 3)", R"("EventID": 22)")), "other_event");
  EXPECT_EQ(ignored_as(with(network, "  true,", "  false,")), "incoming");
  EXPECT_EQ(ignored_as(with(filtering, "%%14593", "%%14592")), "incoming");
  EXPECT_EQ(ignored_as(with(filtering, R"("EventID": 5156)", R"("EventID": 5157)")), "not_connected");
}

}  // namespace
}  // namespace imdswatch
