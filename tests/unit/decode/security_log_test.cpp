#include "decoding.hpp"

namespace imdswatch {
namespace {

using testing::with;
using SecurityLog = Decoding;

constexpr std::string_view filtering = R"json({
  "@timestamp": "2026-03-01T12:00:00.500Z", "host": {"name": "app-02"}, "event": {"code": "5156", "outcome": "success"},
  "winlog": {"channel": "Security", "provider_name": "Microsoft-Windows-Security-Auditing", "event_id": "5156",
    "computer_name": "APP-02", "record_id": 91, "process": {"pid": 4, "thread": {"id": 8}},
    "event_data": {"ProcessID": "2332", "Application": "\\device\\harddiskvolume2\\tools\\probe.exe", "Direction": "%%14593",
      "SourceAddress": "10.1.0.9", "SourcePort": "50001", "DestAddress": "169.254.169.254", "DestPort": "80", "Protocol": "6"}}
})json";

constexpr std::string_view creation = R"json({
  "@timestamp": "2026-03-01T11:59:59Z", "host": {"name": "app-02"},
  "winlog": {"channel": "Security", "provider_name": "Microsoft-Windows-Security-Auditing", "event_id": 4688,
    "computer_name": "APP-02", "record_id": 90, "process": {"pid": 4, "thread": {"id": 8}},
    "event_data": {"SubjectUserSid": "S-1-5-21-1-2-3-500", "SubjectUserName": "kim", "SubjectDomainName": "CORP",
      "NewProcessId": "0x91c", "NewProcessName": "C:\\tools\\probe.exe", "ProcessId": "0x4d2", "CommandLine": "probe -v",
      "TargetUserSid": "S-1-0-0", "TargetUserName": "-", "TargetDomainName": "-", "ParentProcessName": "C:\\Windows\\explorer.exe"}}
})json";

TEST_F(SecurityLog, AnAllowedConnectionIsOneWithoutUserAndSigner) {
  const auto& told = connection(filtering);
  EXPECT_EQ(told.process.name, "probe.exe");
  EXPECT_EQ(told.process.executable, R"(\device\harddiskvolume2\tools\probe.exe)");
  EXPECT_EQ(told.process.pid, 2332u);
  EXPECT_EQ(told.destination, metadata_address());
  EXPECT_EQ(told.port, 80);
  EXPECT_EQ(told.transport, "tcp");
  EXPECT_FALSE(told.user.known());
  EXPECT_FALSE(told.process.signature.known());
  EXPECT_TRUE(told.process.entity_id.empty());
}

TEST_F(SecurityLog, TheDirectionIsANumberedWordOrItsText) {
  for (const auto* word : {"%%14592", "Inbound"}) EXPECT_EQ(ignored_as(with(filtering, "%%14593", word)), "incoming") << word;
  connection(with(filtering, "%%14593", "Outbound"));
}

TEST_F(SecurityLog, ABlockedConnectionIsNone) {
  EXPECT_EQ(ignored_as(with(filtering, R"("event_id": "5156")", R"("event_id": "5157")")), "not_connected");
}

TEST_F(SecurityLog, ACreatedProcessHasHexadecimalIdsAndProcessIdIsTheParents) {
  const auto& told = start(creation);
  EXPECT_EQ(told.process.name, "probe.exe");
  EXPECT_EQ(told.process.pid, 2332u);
  EXPECT_EQ(told.process.command_line, "probe -v");
  EXPECT_EQ(told.parent.name, "explorer.exe");
  EXPECT_EQ(told.parent.pid, 1234u);
  EXPECT_EQ(told.user.name, "kim");
  EXPECT_EQ(told.user.domain, "CORP");
  EXPECT_EQ(told.user.id, "S-1-5-21-1-2-3-500");
}

TEST_F(SecurityLog, AProcessStartedForAnotherUserIsThatUsers) {
  const auto& told = start(with(with(creation, R"("TargetUserSid": "S-1-0-0")", R"("TargetUserSid": "S-1-5-20")"),
                                R"("TargetUserName": "-")", R"("TargetUserName": "NETWORK SERVICE")"));
  EXPECT_EQ(told.user.name, "NETWORK SERVICE");
  EXPECT_EQ(told.user.id, "S-1-5-20");
}

TEST_F(SecurityLog, TheCommandLineAndParentMayBeMissing) {
  const auto& told = start(with(with(creation, "probe -v", ""), R"(C:\\Windows\\explorer.exe)", ""));
  EXPECT_TRUE(told.process.command_line.empty());
  EXPECT_TRUE(told.parent.name.empty());
}

TEST_F(SecurityLog, OtherSecurityEventsAndOtherLogsAreOfNoInterest) {
  EXPECT_EQ(ignored_as(with(filtering, R"("event_id": "5156")", R"("event_id": "4624")")), "other_event");
  const auto other = with(with(filtering, R"("channel": "Security")", R"("channel": "Application")"),
                          "Microsoft-Windows-Security-Auditing", "Some-Application");
  EXPECT_EQ(ignored_as(other), "other_event");
}

TEST_F(SecurityLog, WhatAConnectionLacksIsRejected) {
  EXPECT_EQ(rejected_as(with(filtering, R"("Application": "\\device\\harddiskvolume2\\tools\\probe.exe")", R"("Application": "")")), "no_process");
  EXPECT_EQ(rejected_as(with(filtering, R"("DestAddress": "169.254.169.254")", R"("DestAddress": "nowhere")")), "bad_address");
}

}  // namespace
}  // namespace imdswatch
