#include "decoding.hpp"
#include "fields.hpp"

namespace imdswatch {
namespace {

using testing::with;
using WrittenForms = Decoding;

/// How pipelines pad, join and rename what a shipper wrote, whatever the shipper.

constexpr std::string_view flat = R"json({"UtcTime": "2026-03-01 12:00:00.750", "Hostname": "w", "EventID": 3,
  "Channel": "Microsoft-Windows-Sysmon/Operational", "Image": "C:\\a.exe", "ProcessId": "5204", "Initiated": "true", "Protocol": "tcp",
  "DestinationIp": "169.254.169.254", "DestinationPort": 80})json";

constexpr std::string_view filtering = R"json({"@timestamp": "2026-03-01T12:00:00Z", "Hostname": "w", "EventID": 5156, "Channel": "Security",
  "Application": "\\device\\harddiskvolume2\\a.exe", "Direction": "%%14593", "DestAddress": "169.254.169.254", "DestPort": "80"})json";

constexpr std::string_view processed = R"json({"@timestamp": "2026-03-01T12:00:00Z", "host": {"name": "w"}, "event": {"category": ["network"], "code": 5156},
  "winlog": {"channel": "Security", "provider_name": "Microsoft-Windows-Security-Auditing", "computer_name": "w"},
  "process": {"name": "a.exe"}, "destination": {"ip": "169.254.169.254", "port": 80}, "network": {"direction": "egress"}})json";

constexpr std::string_view sentinelone = R"json({"dataSource": {"name": "SentinelOne"}, "event": {"time": 1772366400751, "type": "IP Connect",
  "network": {"direction": "OUTGOING"}}, "agent": {"uuid": "a"}, "endpoint": {"name": "w", "os": "windows"},
  "src": {"process": {"name": "a.exe"}}, "dst": {"ip": {"address": "169.254.169.254"}}})json";

constexpr std::string_view defender = R"json({"category": "AdvancedHunting-DeviceNetworkEvents", "properties": {"ActionType": "ConnectionSuccess",
  "Timestamp": "2026-03-01T12:00:00Z", "DeviceId": "d", "InitiatingProcessFileName": "a.exe", "RemoteIP": "169.254.169.254"}})json";

constexpr std::string_view crowdstrike = R"json({"event_simpleName": "NetworkConnectIP4", "event_platform": "Win", "aid": "a",
  "timestamp": "1772366400751", "RemoteAddressIP4": "169.254.169.254"})json";

constexpr std::string_view ocsf = R"json({"class_uid": 4001, "activity_id": 1, "time": 1772366400751, "device": {"hostname": "w", "os": {"type_id": 100}},
  "actor": {"process": {"name": "a.exe"}}, "dst_endpoint": {"ip": "169.254.169.254"}})json";

TEST_F(WrittenForms, BlanksAroundAValueAreLeftOut) {
  for (const auto& [from, to] : {std::pair{R"("EventID": 3)", R"("EventID": "3 ")"}, std::pair{R"("Channel": ")", R"("Channel": " )"},
                                std::pair{R"(/Operational")", R"(/Operational\r\n")"}, std::pair{R"("ProcessId": "5204")", R"("ProcessId": "\t5204 ")"},
                                std::pair{R"("tcp")", R"(" TCP ")"}, std::pair{R"("DestinationPort": 80)", R"("DestinationPort": " 80 ")"}}) {
    const auto& told = connection(with(flat, from, to));
    EXPECT_EQ(told.process.pid, 5204u) << to;
    EXPECT_EQ(told.port, 80) << to;
    EXPECT_EQ(told.transport, "tcp") << to;
  }
  EXPECT_EQ(ignored_as(with(flat, R"("true")", R"(" False ")")), "incoming");
  EXPECT_EQ(ignored_as(with(filtering, "%%14593", " Inbound ")), "incoming");
  EXPECT_EQ(ignored_as(with(filtering, "%%14593", "%%14592 ")), "incoming");
  EXPECT_EQ(ignored_as(with(defender, "ConnectionSuccess", " InboundConnectionAccepted")), "incoming");
  EXPECT_EQ(ignored_as(with(crowdstrike, R"("Win")", R"(" Lin ")")), "not_windows");
  connection(with(crowdstrike, R"("Win")", R"(" Win ")"));
  connection(with(processed, R"("code": 5156)", R"("code": "5156 ")"));
  connection(with(processed, R"("provider_name": "Microsoft-Windows-Security-Auditing", )", R"("provider_name": " microsoft-windows-security-auditing ", )"));
}

TEST_F(WrittenForms, WhatIsEvidenceStaysAsWritten) {
  const auto& told = connection(with(flat, R"("Protocol")", R"("CommandLine": " a.exe  -v ", "Protocol")"));
  EXPECT_EQ(told.process.command_line, " a.exe  -v ");
}

TEST(Fields, AreAskedWithoutTheBlanksAroundThem) {
  SlotSet asked;
  Fields fields(asked);
  fields.put(Slot::event_category, " network ");
  fields.put(Slot::event_category, "process\t");
  fields.put(Slot::process_pid, " 0x10\n");
  fields.put(Slot::data_initiated, " yes");
  fields.put(Slot::user_name, "  ");
  EXPECT_TRUE(fields.contains(Slot::event_category, "network"));
  EXPECT_TRUE(fields.contains(Slot::event_category, "process"));
  EXPECT_FALSE(fields.contains(Slot::event_category, "net work"));
  EXPECT_EQ(fields.number(Slot::process_pid), 16u);
  EXPECT_EQ(fields.flag(Slot::data_initiated), true);
  EXPECT_EQ(fields.number(Slot::user_name), std::nullopt);
  EXPECT_EQ(fields.flag(Slot::user_name), std::nullopt);
  EXPECT_EQ(fields.text(Slot::event_category), " network ");
}

TEST_F(WrittenForms, EveryWordForIncomingIsOneInEveryFormat) {
  for (const auto* word : {"%%14592", "Inbound", "IN", "ingress", "Incoming"}) {
    EXPECT_EQ(ignored_as(with(filtering, "%%14593", word)), "incoming") << word;
    EXPECT_EQ(ignored_as(with(processed, "egress", word)), "incoming") << word;
    EXPECT_EQ(ignored_as(with(testing::defend_connection, "egress", word)), "incoming") << word;
    EXPECT_EQ(ignored_as(with(sentinelone, "OUTGOING", word)), "incoming") << word;
    EXPECT_EQ(ignored_as(with(ocsf, R"("time":)", std::string(R"("connection_info": {"direction": ")") + word + R"("}, "time":)")), "incoming") << word;
  }
  for (const auto* word : {"%%14593", "Outbound", "out", "egress", "Outgoing", "inside"}) {
    connection(with(filtering, "%%14593", word));
    connection(with(processed, "egress", word));
    connection(with(testing::defend_connection, "egress", word));
    connection(with(sentinelone, "OUTGOING", word));
  }
}

/// All formats, each with a call and without a field for the port.
std::vector<std::string> calls() {
  return {with(flat, R"(, "DestinationPort": 80)", ""), with(filtering, R"(, "DestPort": "80")", ""), with(processed, R"(, "port": 80)", ""),
          with(with(testing::defend_connection, R"(, "port": 80)", ""), R"("address": "169.254.169.254")", R"("address": null)"),
          std::string(sentinelone), std::string(defender), std::string(crowdstrike), std::string(ocsf)};
}

TEST_F(WrittenForms, ADestinationMayHaveItsPortBehindIt) {
  for (const std::string& call : calls()) {
    EXPECT_EQ(connection(call).port, std::nullopt) << call;
    for (const auto* text : {"169.254.169.254:8080", "[::ffff:169.254.169.254]:8080", "::ffff:169.254.169.254:8080", "[::FFFF:A9FE:A9FE]:8080", " 169.254.169.254:8080 "}) {
      const auto& told = connection(with(call, R"("169.254.169.254")", "\"" + std::string(text) + "\""));
      EXPECT_EQ(told.destination, metadata_address()) << text;
      EXPECT_EQ(told.port, 8080) << text;
    }
    for (const auto* text : {"169.254.169.254:", "169.254.169.254:http", "169.254.169.254:65536", "169.254.169.254:80:80", "169.254.169.254:-1", ":80", "[]:80"})
      EXPECT_EQ(rejected_as(with(call, R"("169.254.169.254")", "\"" + std::string(text) + "\"")), "bad_address") << text;
  }
}

TEST_F(WrittenForms, TheFieldForThePortWins) {
  EXPECT_EQ(connection(with(flat, "169.254.169.254", "169.254.169.254:8080")).port, 80);
  EXPECT_EQ(connection(with(with(flat, "169.254.169.254", "169.254.169.254:8080"), R"("DestinationPort": 80)", R"("DestinationPort": "http")")).port, 8080);
}

TEST_F(WrittenForms, TheFirstFieldThatHoldsAnAddressCounts) {
  const auto defend = [](std::string_view ip, std::string_view address) {
    return with(testing::defend_connection, R"("ip": "169.254.169.254", "address": "169.254.169.254")",
                "\"ip\": \"" + std::string(ip) + "\", \"address\": \"" + std::string(address) + "\"");
  };
  EXPECT_EQ(connection(defend("unknown", "169.254.169.254")).destination, metadata_address());
  EXPECT_EQ(connection(defend("10.0.0.7", "169.254.169.254")).destination, parse_ip_address("10.0.0.7"));
  EXPECT_EQ(rejected_as(defend("unknown", "metadata.internal")), "bad_address");
  const std::string other_family = with(crowdstrike, R"("RemoteAddressIP4": ")", R"("RemoteAddressIP4": "?", "RemoteAddressIP6": "::ffff:)");
  EXPECT_EQ(connection(other_family).destination, metadata_address());
}

}  // namespace
}  // namespace imdswatch
