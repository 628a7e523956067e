#include "decoding.hpp"

namespace imdswatch {
namespace {

using testing::with;
using Ocsf = Decoding;

constexpr std::string_view network = R"json({
 "metadata": {
  "version": "1.3.0",
  "uid": "ocsf-0001",
  "product": {
   "name": "Example Sensor",
   "vendor_name": "Example"
  }
 },
 "time": 1772366400751,
 "class_uid": 4001,
 "category_uid": 4,
 "activity_id": 1,
 "type_uid": 400101,
 "severity_id": 1,
 "status_id": 1,
 "device": {
  "hostname": "app-02.corp.example",
  "uid": "dev-2",
  "ip": "10.1.0.9",
  "type_id": 1,
  "instance_uid": "i-0aa",
  "os": {
   "name": "Windows Server 2022",
   "type": "Windows",
   "type_id": 100
  }
 },
 "cloud": {
  "provider": "AWS",
  "region": "eu-west-1",
  "account": {
   "uid": "111122223333"
  }
 },
 "actor": {
  "process": {
   "name": "probe.exe",
   "pid": 5204,
   "uid": "P-5204",
   "cmd_line": "probe.exe -v",
   "file": {
    "name": "probe.exe",
    "path": "C:\\Tools\\probe.exe",
    "type_id": 1,
    "hashes": [
     {
      "algorithm": "SHA-256",
      "algorithm_id": 3,
      "value": "cc03"
     },
     {
      "algorithm": "MD5",
      "algorithm_id": 1,
      "value": "ee05"
     }
    ]
   },
   "parent_process": {
    "name": "cmd.exe",
    "pid": 2010,
    "uid": "P-2010",
    "file": {
     "name": "cmd.exe",
     "path": "C:\\Windows\\System32\\cmd.exe",
     "type_id": 1
    }
   }
  },
  "user": {
   "name": "kim",
   "domain": "CORP",
   "uid": "S-1-5-21-1-2-3-1104"
  }
 },
 "src_endpoint": {
  "ip": "10.1.0.9",
  "port": 50001
 },
 "dst_endpoint": {
  "ip": "::ffff:a9fe:a9fe",
  "port": 80
 },
 "connection_info": {
  "direction_id": 2,
  "direction": "Outbound",
  "protocol_num": 6,
  "protocol_name": "tcp"
 },
 "unmapped": {
  "raw": {
   "deep": [
    {
     "process": {
      "name": "not this"
     }
    }
   ]
  }
 }
})json";

constexpr std::string_view launch = R"json({
 "metadata": {
  "version": "1.3.0",
  "uid": "ocsf-0002"
 },
 "time": 1772366399602,
 "class_uid": 1007,
 "category_uid": 1,
 "activity_id": 1,
 "type_uid": 100701,
 "severity_id": 1,
 "device": {
  "hostname": "app-02.corp.example",
  "uid": "dev-2",
  "ip": "10.1.0.9",
  "type_id": 1,
  "instance_uid": "i-0aa",
  "os": {
   "name": "Windows Server 2022",
   "type": "Windows",
   "type_id": 100
  }
 },
 "process": {
  "name": "probe.exe",
  "pid": 5204,
  "uid": "P-5204",
  "cmd_line": "probe.exe -v",
  "file": {
   "name": "probe.exe",
   "path": "C:\\Tools\\probe.exe",
   "type_id": 1,
   "hashes": [
    {
     "algorithm_id": 3,
     "value": "cc03"
    }
   ]
  },
  "user": {
   "name": "CORP\\kim",
   "uid": "S-1-5-21-1-2-3-1104"
  }
 },
 "actor": {
  "process": {
   "name": "cmd.exe",
   "pid": 2010,
   "uid": "P-2010",
   "cmd_line": "cmd.exe /k",
   "file": {
    "name": "cmd.exe",
    "path": "C:\\Windows\\System32\\cmd.exe",
    "type_id": 1
   }
  },
  "user": {
   "name": "SYSTEM",
   "domain": "NT AUTHORITY",
   "uid": "S-1-5-18"
  }
 }
})json";

TEST_F(Ocsf, AnOpenedConnectionCarriesItsActor) {
  const auto& call = connection(network);
  EXPECT_EQ(call.process.name, "probe.exe");
  EXPECT_EQ(call.process.executable, R"(C:\Tools\probe.exe)");
  EXPECT_EQ(call.process.entity_id, "P-5204");
  EXPECT_EQ(call.process.pid, 5204u);
  EXPECT_EQ(call.process.command_line, "probe.exe -v");
  EXPECT_EQ(call.process.hash_sha256, "cc03");
  EXPECT_EQ(call.process.hash_md5, "");  // of several objects in a list the first speaks
  EXPECT_EQ(call.parent.name, "cmd.exe");
  EXPECT_EQ(call.user.name, "kim");
  EXPECT_EQ(call.user.id, "S-1-5-21-1-2-3-1104");
  EXPECT_EQ(call.destination, metadata_address());
  EXPECT_EQ(call.port, 80u);
  EXPECT_EQ(call.transport, "tcp");
}

TEST_F(Ocsf, TheDeviceIsTheHost) {
  const auto& told = event(network);
  EXPECT_EQ(told.host.name, "app-02.corp.example");
  EXPECT_EQ(told.host.id, "dev-2");
  EXPECT_EQ(told.cloud.instance_id, "i-0aa");
  EXPECT_EQ(told.cloud.account_id, "111122223333");
  EXPECT_EQ(told.event_id, "ocsf-0001");
  EXPECT_EQ(to_iso8601(told.time), "2026-03-01T12:00:00.751Z");
}

TEST_F(Ocsf, TheActorOfALaunchIsTheParent) {
  const auto& begun = start(launch);
  EXPECT_EQ(begun.process.name, "probe.exe");
  EXPECT_EQ(begun.process.entity_id, "P-5204");
  EXPECT_EQ(begun.parent.name, "cmd.exe");
  EXPECT_EQ(begun.parent.command_line, "cmd.exe /k");
  EXPECT_EQ(begun.user.name, "kim");
  EXPECT_EQ(begun.user.domain, "CORP");
}

TEST_F(Ocsf, ALaunchWhoseProcessNamesNoUserRunsAsItsActor) {
  const std::string nobody = with(with(launch, R"(CORP\\kim)", "-"), R"("S-1-5-21-1-2-3-1104")", R"("NULL SID")");
  EXPECT_EQ(start(nobody).user.name, "SYSTEM");
  EXPECT_EQ(start(nobody).user.id, "S-1-5-18");
}

TEST_F(Ocsf, AnActivityIsKnownByItsTypeToo) {
  EXPECT_EQ(connection(with(network, R"("activity_id": 1,)", "")).process.pid, 5204u);
  EXPECT_EQ(ignored_as(with(with(network, R"("activity_id": 1,)", ""), "400101", R"("400102")")), "other_event");
}

TEST_F(Ocsf, FailedRefusedAndBlockedConnectionsAreNone) {
  EXPECT_EQ(ignored_as(with(network, R"("activity_id": 1,)", R"("activity_id": 4,)")), "not_connected");
  EXPECT_EQ(ignored_as(with(network, R"("activity_id": 1,)", R"("activity_id": "5",)")), "not_connected");
  EXPECT_EQ(ignored_as(with(network, R"("status_id": 1)", R"("status_id": 2)")), "not_connected");
  EXPECT_EQ(ignored_as(with(network, R"("severity_id": 1)", R"("disposition_id": 2)")), "not_connected");
}

TEST_F(Ocsf, ReportsOfTrafficCountWhereTheyNameAProcess) {
  const std::string report = with(network, R"("activity_id": 1,)", R"("activity_id": 6,)");
  EXPECT_EQ(connection(report).process.name, "probe.exe");
  EXPECT_EQ(ignored_as(with(report, R"("actor")", R"("actors")")), "other_event");
}

TEST_F(Ocsf, OtherEventsAreIgnored) {
  EXPECT_EQ(ignored_as(with(network, R"("direction_id": 2)", R"("direction_id": 1)")), "incoming");
  EXPECT_EQ(ignored_as(with(network, R"("activity_id": 1,)", R"("activity_id": 2,)")), "other_event");
  EXPECT_EQ(ignored_as(with(network, "4001,", "4003,")), "other_event");
  EXPECT_EQ(ignored_as(with(launch, R"("activity_id": 1,)", R"("activity_id": 2,)")), "other_event");
  EXPECT_EQ(ignored_as(with(network, R"("type_id": 100)", R"("type_id": 200)")), "not_windows");
}

TEST_F(Ocsf, ASystemThatTheSchemaLacksIsKnownByItsName) {
  const std::string type = R"("type": "Windows",
   "type_id": 100)";
  for (const auto* const id : {"0", "99"})
    for (const auto* const name : {"Microsoft Windows Server 2019", "WINDOWS", "Win10"})
      connection(with(network, type, std::string(R"("type": ")") + name + R"(", "type_id": )" + id));
  for (const auto* const name : {"Darwin", "Linux"}) EXPECT_EQ(ignored_as(with(network, type, std::string(R"("type": ")") + name + "\"")), "not_windows");
  connection(with(with(network, type, R"("edition": "x")"), R"("Windows Server 2022")", R"("Microsoft Windows Server 2019")"));
}

TEST_F(Ocsf, AnUnsaidSystemIsWindowsUnlessThePathSaysOtherwise) {
  const std::string unsaid = with(network, R"("os": {)", R"("other": {)");
  EXPECT_EQ(connection(unsaid).process.name, "probe.exe");
  EXPECT_EQ(ignored_as(with(unsaid, R"(C:\\Tools\\probe.exe)", "/opt/probe")), "not_windows");
  EXPECT_EQ(ignored_as(with(unsaid, R"("actor")", R"("actors")")), "other_event");  // a firewall's
}

TEST_F(Ocsf, WhatAConnectionLacksIsRejected) {
  EXPECT_EQ(rejected_as(with(network, R"("time": 1772366400751)", R"("time": "soon")")), "bad_time");
  EXPECT_EQ(rejected_as(with(network, R"("actor")", R"("actors")")), "no_process");
  EXPECT_EQ(rejected_as(with(network, "::ffff:a9fe:a9fe", "")), "bad_address");
  EXPECT_EQ(rejected_as(with(with(network, "app-02.corp.example", ""), "dev-2", "")), "no_host");
}

}  // namespace
}  // namespace imdswatch
