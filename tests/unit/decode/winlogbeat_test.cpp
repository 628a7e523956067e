#include "decoding.hpp"

namespace imdswatch {
namespace {

using testing::sysmon_connection;
using testing::sysmon_start;
using testing::with;

using Winlogbeat = Decoding;

TEST_F(Winlogbeat, SysmonThreeIsAConnection) {
  const auto& told = connection(sysmon_connection);
  EXPECT_EQ(told.process.name, "probe.exe");
  EXPECT_EQ(told.destination, parse_ip_address("169.254.169.254"));
}

TEST_F(Winlogbeat, SysmonOneIsAStartWithItsParentAndHashes) {
  const auto& told = start(sysmon_start);
  EXPECT_EQ(told.process.hash_sha256, "CC03");
  EXPECT_EQ(told.process.hash_sha1, "AA01");
  EXPECT_EQ(told.process.hash_md5, "BB02");
  EXPECT_EQ(told.parent.name, "explorer.exe");
  EXPECT_EQ(told.parent.pid, 2010u);
}

TEST_F(Winlogbeat, TheProcessAndUserAreTheEventsNeverTheLoggers) {
  const auto& told = connection(sysmon_connection);
  EXPECT_EQ(told.process.pid, 5204u);
  EXPECT_EQ(told.user.name, "kim");
  EXPECT_EQ(told.user.domain, "CORP");
  EXPECT_TRUE(told.user.id.empty());
  const auto& bare = connection(with(sysmon_connection, R"("ProcessId": "5204", )", ""));
  EXPECT_FALSE(bare.process.pid);
}

TEST_F(Winlogbeat, TheEventIdIsANumberOrAText) {
  connection(with(sysmon_connection, R"("event_id": "3")", R"("event_id": 3)"));
  connection(with(sysmon_connection, R"("event_id": "3",)", ""));  // event.code is left
  EXPECT_EQ(ignored_as(with(sysmon_connection, R"("event_id": "3")", R"("event_id": 22)")), "other_event");
}

TEST_F(Winlogbeat, AnEventIdCountsOnlyInItsOwnChannel) {
  const auto security = with(with(sysmon_connection, "Microsoft-Windows-Sysmon/Operational", "Security"), R"("provider_name": "Microsoft-Windows-Sysmon")",
                             R"("provider_name": "Microsoft-Windows-Security-Auditing")");
  EXPECT_EQ(ignored_as(security), "other_event");
}

TEST_F(Winlogbeat, AConnectionThatTheHostDidNotInitiateIsIncoming) {
  for (const auto* no : {R"("false")", "false", R"("False")"})
    EXPECT_EQ(ignored_as(with(sysmon_connection, R"("Initiated": "true")", std::string(R"("Initiated": )") + no)), "incoming") << no;
}

TEST_F(Winlogbeat, TheTimeIsSysmonsOwnElseTheShippers) {
  EXPECT_EQ(to_iso8601(event(sysmon_connection).time), "2026-03-01T12:00:00.750Z");
  EXPECT_EQ(to_iso8601(event(with(sysmon_connection, "2026-03-01 12:00:00.750", "-")).time), "2026-03-01T12:00:01.900Z");
}

TEST_F(Winlogbeat, WithForwardingTheComputerIsTheHostAndTheCollectorIsNot) {
  const auto forwarded = with(sysmon_connection, R"("host": {"name": "app-02")", R"("cloud": {"instance": {"id": "i-collector"}}, "host": {"name": "wec-01")");
  const auto& told = event(forwarded);
  EXPECT_EQ(told.host.name, "APP-02.corp.example");
  EXPECT_TRUE(told.host.id.empty());
  EXPECT_TRUE(told.cloud.instance_id.empty());
  EXPECT_EQ(event(sysmon_connection).host.id, "host-id-2");
}

TEST_F(Winlogbeat, ARecordIsNamedByComputerLogAndNumber) {
  EXPECT_EQ(event(sysmon_connection).event_id, "APP-02.corp.example/Microsoft-Windows-Sysmon/Operational/7001");
}

TEST_F(Winlogbeat, AProcessThatWasGoneIsStillACaller) {
  const auto& told = connection(with(sysmon_connection, R"(C:\\Users\\kim\\AppData\\Local\\Temp\\probe.exe)", "<unknown process>"));
  EXPECT_EQ(told.process.name, "<unknown process>");
  EXPECT_TRUE(told.process.executable.empty());
}

TEST_F(Winlogbeat, SystemHasNoPath) {
  const auto& told = connection(with(sysmon_connection, R"(C:\\Users\\kim\\AppData\\Local\\Temp\\probe.exe)", "System"));
  EXPECT_EQ(told.process.name, "System");
  EXPECT_EQ(told.process.executable, "System");
}

TEST_F(Winlogbeat, TheMisplacedAddressOfSysmonNineIsRepairedOnlyWhereItSaysIpv6) {
  const auto garbage = with(sysmon_connection, R"("DestinationIp": "169.254.169.254")", R"("DestinationIp": "a9fe:a9fe:0:0:18a2:6e00:e0:ffff")");
  EXPECT_NE(connection(garbage).destination, parse_ip_address("169.254.169.254"));
  EXPECT_EQ(connection(with(garbage, R"("DestinationIsIpv6": "false")", R"("DestinationIsIpv6": "true")")).destination, parse_ip_address("169.254.169.254"));
}

TEST_F(Winlogbeat, WhatItNeedsAndLacksIsRejected) {
  EXPECT_EQ(rejected_as(with(with(sysmon_connection, "2026-03-01 12:00:00.750", ""), "2026-03-01T12:00:01.900Z", "")), "no_time");
  EXPECT_EQ(rejected_as(with(with(sysmon_connection, "2026-03-01 12:00:00.750", "x"), "2026-03-01T12:00:01.900Z", "y")), "bad_time");
  EXPECT_EQ(rejected_as(with(sysmon_connection, R"(C:\\Users\\kim\\AppData\\Local\\Temp\\probe.exe)", "")), "no_process");
  EXPECT_EQ(rejected_as(with(sysmon_connection, R"("DestinationIp": "169.254.169.254")", R"("DestinationIp": "-")")), "bad_address");
}

}  // namespace
}  // namespace imdswatch
