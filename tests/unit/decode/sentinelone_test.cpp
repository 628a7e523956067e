#include "decoding.hpp"

namespace imdswatch {
namespace {

using testing::with;
using SentinelOne = Decoding;

constexpr std::string_view network = R"json({
 "timestamp": "12:00:00.751",
 "event.time": 1772366400751,
 "i.version": "preprocess-lib-1.0",
 "i.scheme": "edr",
 "dataSource.name": "SentinelOne",
 "dataSource.category": "security",
 "account.id": "1",
 "site.id": "2",
 "agent.uuid": "a0a0a0a011112222",
 "agent.version": "23.4.2.1",
 "endpoint.name": "APP-02",
 "endpoint.os": "windows",
 "endpoint.type": "server",
 "os.name": "Windows Server 2022 Datacenter",
 "event.category": "ip",
 "event.type": "IP Connect",
 "event.id": "E1_1",
 "meta.event.name": "TCPV4",
 "src.ip.address": "10.1.0.9",
 "src.port.number": 50001,
 "dst.ip.address": "169.254.169.254",
 "dst.port.number": 80,
 "event.network.direction": "OUTGOING",
 "event.network.connectionStatus": "SUCCESS",
 "event.network.protocolName": "http",
 "src.process.name": "probe.exe",
 "src.process.image.path": "C:\\Tools\\probe.exe",
 "src.process.pid": 5204,
 "src.process.uid": "AA01",
 "src.process.cmdline": "probe.exe -v",
 "src.process.user": "CORP\\kim",
 "src.process.image.sha256": "cc03",
 "src.process.image.sha1": "dd04",
 "src.process.image.md5": "ee05",
 "src.process.signedStatus": "signed",
 "src.process.verifiedStatus": "verified",
 "src.process.publisher": "EXAMPLE LTD",
 "src.process.startTime": 1772366399602,
 "src.process.parent.name": "cmd.exe",
 "src.process.parent.image.path": "C:\\Windows\\System32\\cmd.exe",
 "src.process.parent.pid": 2010,
 "src.process.parent.uid": "AA00",
 "src.process.parent.cmdline": "cmd.exe /k",
 "src.process.parent.user": "CORP\\kim",
 "src.process.parent.signedStatus": "signed",
 "src.process.parent.publisher": "MICROSOFT"
})json";

constexpr std::string_view process = R"json({
 "timestamp": "12:00:00.751",
 "event.time": 1772366399610,
 "i.version": "preprocess-lib-1.0",
 "i.scheme": "edr",
 "dataSource.name": "SentinelOne",
 "dataSource.category": "security",
 "account.id": "1",
 "site.id": "2",
 "agent.uuid": "a0a0a0a011112222",
 "agent.version": "23.4.2.1",
 "endpoint.name": "APP-02",
 "endpoint.os": "windows",
 "endpoint.type": "server",
 "os.name": "Windows Server 2022 Datacenter",
 "event.category": "process",
 "event.type": "Process Creation",
 "event.id": "E1_0",
 "meta.event.name": "PROCESSCREATION",
 "tgt.process.name": "probe.exe",
 "tgt.process.image.path": "C:\\Tools\\probe.exe",
 "tgt.process.pid": 5204,
 "tgt.process.uid": "AA01",
 "tgt.process.cmdline": "probe.exe -v",
 "tgt.process.user": "CORP\\kim",
 "tgt.process.image.sha256": "cc03",
 "tgt.process.image.sha1": "dd04",
 "tgt.process.image.md5": "ee05",
 "tgt.process.signedStatus": "signed",
 "tgt.process.verifiedStatus": "verified",
 "tgt.process.publisher": "EXAMPLE LTD",
 "tgt.process.startTime": 1772366399602,
 "src.process.name": "cmd.exe",
 "src.process.image.path": "C:\\Windows\\System32\\cmd.exe",
 "src.process.pid": 2010,
 "src.process.uid": "AA00",
 "src.process.cmdline": "cmd.exe /k",
 "src.process.user": "CORP\\kim",
 "src.process.signedStatus": "signed",
 "src.process.publisher": "MICROSOFT"
})json";

TEST_F(SentinelOne, AConnectionCarriesItsProcessParentUserAndSigner) {
  const auto& call = connection(network);
  EXPECT_EQ(call.process.name, "probe.exe");
  EXPECT_EQ(call.process.executable, R"(C:\Tools\probe.exe)");
  EXPECT_EQ(call.process.entity_id, "AA01");
  EXPECT_EQ(call.process.pid, 5204u);
  EXPECT_EQ(call.process.command_line, "probe.exe -v");
  EXPECT_EQ(call.process.hash_sha256, "cc03");
  EXPECT_EQ(call.process.signature.exists, true);
  EXPECT_EQ(call.process.signature.trusted, true);
  EXPECT_EQ(call.process.signature.subject, "EXAMPLE LTD");
  EXPECT_EQ(call.parent.name, "cmd.exe");
  EXPECT_EQ(call.user.name, "kim");
  EXPECT_EQ(call.destination, metadata_address());
  EXPECT_EQ(call.port, 80u);
  EXPECT_EQ(call.transport, "tcp");
  EXPECT_EQ(event(network).host.name, "APP-02");
  EXPECT_EQ(to_iso8601(event(network).time), "2026-03-01T12:00:00.751Z");
}

TEST_F(SentinelOne, BlanksInTheTypeDoNotMatter) {
  EXPECT_EQ(connection(with(network, "IP Connect", "IPConnect")).port, 80u);
  EXPECT_EQ(ignored_as(with(network, "IP Connect", "IP Connected")), "other_event");
  EXPECT_EQ(ignored_as(with(network, "IP Connect", "IP")), "other_event");
}

TEST_F(SentinelOne, TheSourceOfAStartIsTheParent) {
  const auto& begun = start(process);
  EXPECT_EQ(begun.process.name, "probe.exe");
  EXPECT_EQ(begun.process.entity_id, "AA01");
  EXPECT_EQ(begun.parent.name, "cmd.exe");
  EXPECT_EQ(begun.parent.pid, 2010u);
  EXPECT_EQ(begun.user.domain, "CORP");
}

TEST_F(SentinelOne, ASignatureThatIsMissingOrNotVerifiedIsNotTrusted) {
  const auto unsigned_file = connection(with(with(network, R"("src.process.signedStatus": "signed")", R"("src.process.signedStatus": "unsigned")"),
                                             R"("src.process.verifiedStatus": "verified")", R"("src.process.verifiedStatus": "unverified")"));
  EXPECT_EQ(unsigned_file.process.signature.exists, false);
  EXPECT_EQ(unsigned_file.process.signature.trusted, false);
  const auto unsaid = connection(with(network, R"("src.process.verifiedStatus": "verified")", R"("src.process.verifiedStatus": null)"));
  EXPECT_EQ(unsaid.process.signature.trusted, std::nullopt);
}

TEST_F(SentinelOne, OtherEventsAreIgnored) {
  EXPECT_EQ(ignored_as(with(network, "OUTGOING", "INCOMING")), "incoming");
  EXPECT_EQ(ignored_as(with(network, "SUCCESS", "FAILURE")), "not_connected");
  EXPECT_EQ(ignored_as(with(network, "IP Connect", "IP Listen")), "other_event");
  EXPECT_EQ(ignored_as(with(network, R"("windows")", R"("osx")")), "not_windows");
  EXPECT_EQ(ignored_as(with(network, R"("windows")", R"("darwin")")), "not_windows");
  connection(with(network, R"("windows")", R"("Microsoft WINDOWS Server 2019")"));
}

TEST_F(SentinelOne, WhatAConnectionLacksIsRejected) {
  EXPECT_EQ(rejected_as(with(network, R"("event.time": 1772366400751)", R"("event.time": null)")), "no_time");
  EXPECT_EQ(rejected_as(with(network, "169.254.169.254", "")), "bad_address");
  const std::string nameless = with(network, R"("src.process.name": "probe.exe")", R"("src.process.name": "")");
  EXPECT_EQ(connection(nameless).process.name, "probe.exe");
  EXPECT_EQ(rejected_as(with(nameless, R"(C:\\Tools\\probe.exe)", "")), "no_process");
}

}  // namespace
}  // namespace imdswatch
