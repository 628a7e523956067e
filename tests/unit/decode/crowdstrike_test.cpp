#include "decoding.hpp"

namespace imdswatch {
namespace {

using testing::with;
using CrowdStrike = Decoding;

constexpr std::string_view network = R"json({
 "event_simpleName": "NetworkConnectIP4",
 "name": "NetworkConnectIP4V9",
 "event_platform": "Win",
 "aid": "0c0c0c0c11112222333344445555aaaa",
 "cid": "c1d0c1d0c1d0c1d0c1d0c1d0c1d0c1d0",
 "id": "6a6a0001-0000-11f1-8000-02aa00000001",
 "aip": "203.0.113.9",
 "timestamp": "1772366405120",
 "ContextTimeStamp": "1772366400.751",
 "ContextProcessId": "880022113344",
 "ContextThreadId": "881022113399",
 "LocalAddressIP4": "10.1.0.9",
 "LocalPort": "50001",
 "RemoteAddressIP4": "169.254.169.254",
 "RemotePort": "80",
 "Protocol": "6",
 "ConnectionDirection": "0",
 "ConnectionFlags": "0",
 "InContext": "0"
})json";

constexpr std::string_view rollup = R"json({
 "event_simpleName": "ProcessRollup2",
 "name": "ProcessRollup2V21",
 "event_platform": "Win",
 "aid": "0c0c0c0c11112222333344445555aaaa",
 "cid": "c1d0c1d0c1d0c1d0c1d0c1d0c1d0c1d0",
 "id": "6a6a0002-0000-11f1-8000-02aa00000002",
 "aip": "203.0.113.9",
 "timestamp": "1772366404900",
 "ProcessStartTime": "1772366399.602",
 "TargetProcessId": "880022113344",
 "RawProcessId": "5204",
 "ParentProcessId": "880022110001",
 "SourceProcessId": "880022110001",
 "ParentBaseFileName": "cmd.exe",
 "ImageFileName": "\\Device\\HarddiskVolume3\\Tools\\probe.exe",
 "CommandLine": "probe.exe -v",
 "SHA256HashData": "cc03cc03cc03cc03cc03cc03cc03cc03cc03cc03cc03cc03cc03cc03cc03cc03",
 "SHA1HashData": "0000000000000000000000000000000000000000",
 "MD5HashData": "ee05ee05ee05ee05ee05ee05ee05ee05",
 "UserSid": "S-1-5-21-1-2-3-1104",
 "SignInfoFlags": "8683538",
 "ProcessEndTime": ""
})json";

TEST_F(CrowdStrike, AConnectionIsKnownByTheSensorsProcessIdAndItsOwnTime) {
  const auto& call = connection(network);
  EXPECT_EQ(call.process.entity_id, "880022113344");
  EXPECT_EQ(call.destination, metadata_address());
  EXPECT_EQ(call.port, 80u);
  EXPECT_EQ(call.transport, "tcp");
  EXPECT_EQ(event(network).host.id, "0c0c0c0c11112222333344445555aaaa");
  EXPECT_EQ(to_iso8601(event(network).time), "2026-03-01T12:00:00.751Z");
  EXPECT_EQ(to_iso8601(event(with(network, "1772366400.751", "")).time), "2026-03-01T12:00:05.120Z");
}

TEST_F(CrowdStrike, AConnectionThatNamesNoProcessIsStillOne) {
  EXPECT_EQ(connection(network).process.name, "<unknown process>");
  EXPECT_EQ(connection(network).process.executable, "");
  const std::string named = with(network, R"("LocalPort": "50001")", R"("ContextBaseFileName": "probe.exe")");
  EXPECT_EQ(connection(named).process.name, "probe.exe");
  const std::string path = with(network, R"("LocalPort": "50001")", R"("ContextImageFileName": "\\Device\\HarddiskVolume3\\Tools\\probe.exe")");
  EXPECT_EQ(connection(path).process.name, "probe.exe");
  EXPECT_EQ(connection(path).process.executable, R"(\Device\HarddiskVolume3\Tools\probe.exe)");
}

TEST_F(CrowdStrike, TheStartOfThatProcessHasTheSameIdAndAnswersTheRest) {
  const auto& begun = start(rollup);
  EXPECT_EQ(begun.process.entity_id, "880022113344");
  EXPECT_EQ(begun.process.pid, 5204u);
  EXPECT_EQ(begun.process.name, "probe.exe");
  EXPECT_EQ(begun.process.command_line, "probe.exe -v");
  EXPECT_EQ(begun.process.hash_sha1, "");  // zeros: not hashed
  EXPECT_EQ(begun.parent.name, "cmd.exe");
  EXPECT_EQ(begun.parent.entity_id, "880022110001");
  EXPECT_EQ(begun.user.id, "S-1-5-21-1-2-3-1104");
  EXPECT_EQ(to_iso8601(event(rollup).time), "2026-03-01T11:59:59.602Z");
  const std::string synthetic = with(rollup, R"("ProcessRollup2")", R"("SyntheticProcessRollup2")");
  EXPECT_EQ(start(synthetic).process.pid, 5204u);
  EXPECT_EQ(to_iso8601(event(synthetic).time), "2026-03-01T12:00:04.900Z");  // its start may lie days back
}

TEST_F(CrowdStrike, TheAddressOfTheOtherFamilyCountsWhereTheEventsOwnIsMissing) {
  EXPECT_EQ(connection(with(network, R"("NetworkConnectIP4")", R"("NetworkConnectIP6")")).destination, metadata_address());
  const std::string both = with(network, R"("LocalPort": "50001")", R"("RemoteAddressIP6": "fd00:ec2::254")");
  EXPECT_EQ(connection(both).destination, metadata_address());
  EXPECT_EQ(to_string(connection(with(both, R"("NetworkConnectIP4")", R"("NetworkConnectIP6")")).destination), "fd00:ec2::254");
}

TEST_F(CrowdStrike, LogScaleMarksTheKindAndNamesTheTimeOtherwise) {
  const std::string logscale = with(with(network, R"("event_simpleName")", R"("#event_simpleName")"), R"("timestamp")", R"("@timestamp")");
  EXPECT_EQ(connection(logscale).process.entity_id, "880022113344");
  EXPECT_EQ(to_iso8601(event(with(logscale, "1772366400.751", "")).time), "2026-03-01T12:00:05.120Z");
}

TEST_F(CrowdStrike, OtherEventsAreIgnored) {
  EXPECT_EQ(ignored_as(with(network, R"("ConnectionDirection": "0")", R"("ConnectionDirection": "1")")), "incoming");
  EXPECT_EQ(ignored_as(with(network, R"("NetworkConnectIP4")", R"("NetworkReceiveAcceptIP4")")), "incoming");
  EXPECT_EQ(ignored_as(with(network, R"("NetworkConnectIP4")", R"("DnsRequest")")), "other_event");
  EXPECT_EQ(ignored_as(with(network, R"("Win")", R"("Mac")")), "not_windows");
  EXPECT_EQ(ignored_as(with(with(rollup, R"("Win")", "null"), R"(\\Device\\HarddiskVolume3\\Tools\\probe.exe)", "/usr/bin/probe")), "not_windows");
}

TEST_F(CrowdStrike, WhatAConnectionLacksIsRejected) {
  EXPECT_EQ(rejected_as(with(with(network, "1772366400.751", ""), "1772366405120", "")), "no_time");
  EXPECT_EQ(rejected_as(with(network, "169.254.169.254", "")), "bad_address");
}

}  // namespace
}  // namespace imdswatch
