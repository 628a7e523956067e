#include "decoding.hpp"

namespace imdswatch {
namespace {

using testing::with;
using WinlogbeatEcs = Decoding;

constexpr std::string_view network = R"json({
  "@timestamp": "2026-03-01T12:00:00.75Z",
  "event": {
   "category": [
    "network"
   ],
   "type": [
    "start",
    "connection"
   ],
   "code": "3",
   "module": "sysmon"
  },
  "host": {
   "name": "app-02"
  },
  "process": {
   "name": "probe.exe",
   "executable": "C:\\tools\\probe.exe",
   "pid": 5204,
   "entity_id": "{11111111-2222-3333-4444-555555555555}"
  },
  "user": {
   "name": "kim",
   "domain": "CORP",
   "id": "S-1-5-18"
  },
  "destination": {
   "ip": "169.254.169.254",
   "port": 80
  },
  "network": {
   "direction": "egress",
   "transport": "tcp"
  },
  "winlog": {
   "channel": "Microsoft-Windows-Sysmon/Operational",
   "provider_name": "Microsoft-Windows-Sysmon",
   "computer_name": "APP-02",
   "record_id": "71",
   "user": {
    "name": "SYSTEM",
    "identifier": "S-1-5-18"
   },
   "process": {
    "pid": 3000
   },
   "event_id": "3"
  }
})json";

constexpr std::string_view process = R"json({
  "@timestamp": "2026-03-01T12:00:00.05Z",
  "event": {
   "category": [
    "process"
   ],
   "type": [
    "start"
   ],
   "code": "1",
   "module": "sysmon"
  },
  "host": {
   "name": "app-02"
  },
  "process": {
   "name": "probe.exe",
   "executable": "C:\\tools\\probe.exe",
   "pid": 5204,
   "entity_id": "{11111111-2222-3333-4444-555555555555}",
   "command_line": "probe -v",
   "hash": {
    "sha256": "cc03"
   },
   "parent": {
    "name": "explorer.exe",
    "executable": "C:\\Windows\\explorer.exe",
    "pid": 2010,
    "entity_id": "{6}"
   }
  },
  "user": {
   "name": "kim",
   "domain": "CORP",
   "id": "S-1-5-18"
  },
  "winlog": {
   "channel": "Microsoft-Windows-Sysmon/Operational",
   "provider_name": "Microsoft-Windows-Sysmon",
   "computer_name": "APP-02",
   "record_id": "71",
   "user": {
    "name": "SYSTEM",
    "identifier": "S-1-5-18"
   },
   "process": {
    "pid": 3000
   },
   "event_id": "1"
  }
})json";

TEST_F(WinlogbeatEcs, AProcessedConnectionIsReadFromItsEcsFields) {
  const auto& call = connection(network);
  EXPECT_EQ(call.process.name, "probe.exe");
  EXPECT_EQ(call.process.pid, 5204u);
  EXPECT_EQ(call.destination, metadata_address());
  EXPECT_EQ(call.port, 80);
  EXPECT_EQ(event(network).event_id, "APP-02/Microsoft-Windows-Sysmon/Operational/71");
}

TEST_F(WinlogbeatEcs, AnAddressThatSysmonMisplacedIsRepaired) {
  EXPECT_EQ(connection(with(network, "169.254.169.254", "a9fe:a9fe:3000:3000:3000:3000:3000:3300")).destination, metadata_address());
  EXPECT_NE(connection(with(network, "169.254.169.254", "fd00:a9fe:a9fe::1")).destination, metadata_address());
}

TEST_F(WinlogbeatEcs, WhatAPipelineLeftOfTheDataHidesNoEcsField) {
  for (const auto* const left : {R"("DestinationIp": "169.254.169.254")", R"("ProcessGuid": "{1}")", R"("Image": "C:\\tools\\probe.exe")",
                                 R"("UtcTime": "2026-03-01 12:00:00.750", "RuleName": "-")"}) {
    const auto message = with(network, R"("channel")", std::string(R"("event_data": {)") + left + R"(}, "channel")");
    const auto& call = connection(message);
    EXPECT_EQ(call.process.name, "probe.exe") << left;
    EXPECT_EQ(call.process.pid, 5204u) << left;
    EXPECT_EQ(call.destination, metadata_address()) << left;
    EXPECT_EQ(event(message).format, Format::winlogbeat_ecs) << left;
  }
}

TEST_F(WinlogbeatEcs, WhatNoEcsFieldSaysIsTakenFromTheData) {
  const auto data = [](std::string_view message, const std::string& left) {
    return with(message, R"("channel")", R"("event_data": {)" + left + R"(}, "channel")");
  };
  const auto addressed = data(with(network, R"("ip": "169.254.169.254")", R"("domain": "x")"), R"("DestinationIp": "169.254.169.254")");
  EXPECT_EQ(connection(addressed).destination, metadata_address());
  const auto named = data(with(with(network, R"("name": "probe.exe",)", ""), R"("executable": "C:\\tools\\probe.exe",)", ""),
                          R"("Image": "C:\\tools\\other.exe")");
  EXPECT_EQ(connection(named).process.name, "other.exe");
  EXPECT_EQ(connection(named).process.pid, 5204u);
  const auto incoming = data(with(network, R"("direction": "egress",)", ""), R"("Initiated": "false")");
  EXPECT_EQ(ignored_as(incoming), "incoming");
  const auto& begun = start(data(with(process, R"("command_line": "probe -v",)", ""), R"("CommandLine": "left", "Hashes": "MD5=dd04,SHA256=ee05")"));
  EXPECT_EQ(begun.process.command_line, "left");
  EXPECT_EQ(begun.process.hash_md5, "dd04");
  EXPECT_EQ(begun.process.hash_sha256, "cc03");
}

TEST_F(WinlogbeatEcs, AnEventWithoutCategoryAndModuleIsKnownByItsProcess) {
  const auto bare = with(with(network, R"("category": [
    "network"
   ],)", R"("dataset": "windows.sysmon_operational",)"), R"("code": "3",
   "module": "sysmon")", R"("code": "3")");
  EXPECT_EQ(connection(bare).destination, metadata_address());
  EXPECT_EQ(event(bare).format, Format::winlogbeat_ecs);
}

TEST_F(WinlogbeatEcs, TheUsersIdIsTheLoggersAndNotTaken) {
  const auto& call = connection(network);
  EXPECT_EQ(call.user.name, "kim");
  EXPECT_TRUE(call.user.id.empty());
}

TEST_F(WinlogbeatEcs, AProcessedStartHasItsParent) {
  const auto& begun = start(process);
  EXPECT_EQ(begun.process.command_line, "probe -v");
  EXPECT_EQ(begun.process.hash_sha256, "cc03");
  EXPECT_EQ(begun.parent.name, "explorer.exe");
  EXPECT_EQ(begun.parent.pid, 2010u);
}

TEST_F(WinlogbeatEcs, WhatIsIncomingOrNeitherIsIgnored) {
  EXPECT_EQ(ignored_as(with(network, "egress", "ingress")), "incoming");
  EXPECT_EQ(ignored_as(with(network, R"("event_id": "3")", R"("event_id": "22")")), "other_event");
}

TEST_F(WinlogbeatEcs, WhatAConnectionLacksIsRejected) {
  EXPECT_EQ(rejected_as(with(network, "169.254.169.254", "-")), "bad_address");
  EXPECT_EQ(rejected_as(with(network, "2026-03-01T12:00:00.75Z", "")), "no_time");
}

}  // namespace
}  // namespace imdswatch
