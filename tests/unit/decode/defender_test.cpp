#include "decoding.hpp"
#include "imdswatch/decode/event_time.hpp"

namespace imdswatch {
namespace {

using testing::with;
using Defender = Decoding;

constexpr std::string_view network = R"json({
  "time": "2026-03-01T12:09:00Z",
  "tenantId": "t",
  "operationName": "Publish",
  "category": "AdvancedHunting-DeviceNetworkEvents",
  "properties": {
   "Timestamp": "2026-03-01T12:00:00.7512345Z",
   "DeviceId": "d0",
   "DeviceName": "app-02.corp.example",
   "ActionType": "ConnectionSuccess",
   "RemoteIP": "::ffff:169.254.169.254",
   "RemotePort": 80,
   "Protocol": "Tcp",
   "ReportId": 7,
   "AdditionalFields": null,
   "InitiatingProcessFileName": "probe.exe",
   "InitiatingProcessFolderPath": "c:\\tools\\probe.exe",
   "InitiatingProcessId": 5204,
   "InitiatingProcessCommandLine": "probe -v",
   "InitiatingProcessSHA256": "cc03",
   "InitiatingProcessParentFileName": "explorer.exe",
   "InitiatingProcessParentId": 2010,
   "InitiatingProcessAccountName": "kim",
   "InitiatingProcessAccountDomain": "corp",
   "InitiatingProcessAccountSid": "S-1-5-21-1-2-3-500"
  }
})json";

constexpr std::string_view process = R"json({
  "time": "2026-03-01T12:09:00Z",
  "tenantId": "t",
  "operationName": "Publish",
  "category": "AdvancedHunting-DeviceProcessEvents",
  "properties": {
   "Timestamp": "2026-03-01T12:00:00.05Z",
   "DeviceId": "d0",
   "DeviceName": "app-02.corp.example",
   "ActionType": "ProcessCreated",
   "FileName": "curl.exe",
   "FolderPath": "C:\\Windows\\System32\\curl.exe",
   "ProcessId": 6001,
   "ProcessCommandLine": "curl -v",
   "SHA256": "dd04",
   "AccountName": "kim",
   "AccountDomain": "corp",
   "AccountSid": "S-1-5-21-1-2-3-500",
   "ReportId": 6,
   "InitiatingProcessFileName": "probe.exe",
   "InitiatingProcessFolderPath": "c:\\tools\\probe.exe",
   "InitiatingProcessId": 5204,
   "InitiatingProcessCommandLine": "probe -v",
   "InitiatingProcessSHA256": "cc03",
   "InitiatingProcessParentFileName": "explorer.exe",
   "InitiatingProcessParentId": 2010,
   "InitiatingProcessAccountName": "kim",
   "InitiatingProcessAccountDomain": "corp",
   "InitiatingProcessAccountSid": "S-1-5-21-1-2-3-500"
  }
})json";

constexpr std::string_view exported = R"json({
  "Timestamp": "2026-03-01T12:00:00.7512345Z",
  "DeviceId": "d0",
  "DeviceName": "app-02.corp.example",
  "ActionType": "ConnectionSuccess",
  "RemoteIP": "::ffff:169.254.169.254",
  "RemotePort": 80,
  "Protocol": "Tcp",
  "ReportId": 7,
  "AdditionalFields": null,
  "InitiatingProcessFileName": "probe.exe",
  "InitiatingProcessFolderPath": "c:\\tools\\probe.exe",
  "InitiatingProcessId": 5204,
  "InitiatingProcessCommandLine": "probe -v",
  "InitiatingProcessSHA256": "cc03",
  "InitiatingProcessParentFileName": "explorer.exe",
  "InitiatingProcessParentId": 2010,
  "InitiatingProcessAccountName": "kim",
  "InitiatingProcessAccountDomain": "corp",
  "InitiatingProcessAccountSid": "S-1-5-21-1-2-3-500"
})json";

TEST_F(Defender, WhenTheProcessBeganIsPartOfItsIdentity) {
  const auto begun = with(network, R"("InitiatingProcessId")", R"("InitiatingProcessCreationTime": "2026-03-01T11:00:00.5Z", "InitiatingProcessId")");
  EXPECT_EQ(connection(begun).process.started, parse_event_time("2026-03-01T11:00:00.5Z"));
  EXPECT_FALSE(connection(network).process.started);
  EXPECT_EQ(start(process).process.started, event(process).time);
  const auto created = with(process, R"("FileName": "curl.exe")", R"("ProcessCreationTime": "2026-03-01T11:59:59Z", "FileName": "curl.exe")");
  EXPECT_EQ(start(created).process.started, parse_event_time("2026-03-01T11:59:59Z"));
}

TEST_F(Defender, ADeviceWithoutAnIdIsKnownByItsName) {
  const auto nameless = with(network, R"("DeviceId": "d0")", R"("DeviceId": null)");
  EXPECT_EQ(connection(nameless).destination, metadata_address());
  EXPECT_EQ(event(nameless).host.name, "app-02.corp.example");
  EXPECT_EQ(event(nameless).event_id, "app-02.corp.example/2026-03-01T12:00:00.7512345Z/7");
}

TEST_F(Defender, ASuccessfulConnectionCarriesCommandLineParentAndUser) {
  const auto& call = connection(network);
  EXPECT_EQ(call.process.name, "probe.exe");
  EXPECT_EQ(call.process.command_line, "probe -v");
  EXPECT_EQ(call.parent.name, "explorer.exe");
  EXPECT_EQ(call.user.id, "S-1-5-21-1-2-3-500");
  EXPECT_EQ(call.destination, metadata_address());
  EXPECT_EQ(call.transport, "tcp");
  EXPECT_FALSE(call.process.signature.known());
  EXPECT_EQ(event(network).host.id, "d0");
}

TEST_F(Defender, TheTimeIsTheEventsNotThePublishing) { EXPECT_EQ(to_iso8601(event(network).time), "2026-03-01T12:00:00.751234Z"); }

TEST_F(Defender, AnExportHasTheSameColumnsAtTheTop) { EXPECT_EQ(connection(exported).process.pid, 5204u); }

TEST_F(Defender, TheInitiatingProcessOfAStartIsTheParent) {
  const auto& begun = start(process);
  EXPECT_EQ(begun.process.name, "curl.exe");
  EXPECT_EQ(begun.process.pid, 6001u);
  EXPECT_EQ(begun.parent.name, "probe.exe");
  EXPECT_EQ(begun.parent.pid, 5204u);
}

TEST_F(Defender, OtherActionsAreIgnored) {
  EXPECT_EQ(ignored_as(with(network, "ConnectionSuccess", "ConnectionFailed")), "not_connected");
  EXPECT_EQ(ignored_as(with(network, "ConnectionSuccess", "InboundConnectionAccepted")), "incoming");
  EXPECT_EQ(ignored_as(with(network, "ConnectionSuccess", "ConnectionAttempt")), "other_event");
  EXPECT_EQ(ignored_as(with(network, R"(c:\\tools\\probe.exe)", "/usr/bin/probe")), "not_windows");
}

TEST_F(Defender, WhatAConnectionLacksIsRejected) {
  EXPECT_EQ(rejected_as(with(network, "2026-03-01T12:00:00.7512345Z", "")), "no_time");
  EXPECT_EQ(rejected_as(with(network, "::ffff:169.254.169.254", "")), "bad_address");
}

}  // namespace
}  // namespace imdswatch
