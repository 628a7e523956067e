#include "decoding.hpp"

namespace imdswatch {
namespace {

using testing::with;
using Wazuh = Decoding;

constexpr std::string_view network = R"json({
  "win": {
   "system": {
    "eventID": "3",
    "channel": "Microsoft-Windows-Sysmon/Operational",
    "providerName": "Microsoft-Windows-Sysmon",
    "computer": "APP-02",
    "eventRecordID": "71",
    "processID": "3000",
    "systemTime": "2026-03-01T12:00:01.5Z"
   },
   "eventdata": {
    "utcTime": "2026-03-01 12:00:00.750",
    "processGuid": "{11111111-2222-3333-4444-555555555555}",
    "processId": "5204",
    "image": "C:\\\\tools\\\\probe.exe",
    "user": "CORP\\\\kim",
    "protocol": "tcp",
    "initiated": "true",
    "destinationIsIpv6": "false",
    "destinationIp": "169.254.169.254",
    "destinationPort": "80"
   }
  }
})json";

constexpr std::string_view alert = R"json({
  "timestamp": "2026-03-01T12:00:02.000+0000",
  "agent": {
   "id": "007",
   "name": "APP-02"
  },
  "rule": {
   "id": "1"
  },
  "data": {
   "win": {
    "system": {
     "eventID": "1",
     "channel": "Microsoft-Windows-Sysmon/Operational",
     "providerName": "Microsoft-Windows-Sysmon",
     "computer": "APP-02",
     "eventRecordID": "71",
     "processID": "3000",
     "systemTime": "2026-03-01T12:00:01.5Z"
    },
    "eventdata": {
     "utcTime": "2026-03-01 12:00:00.050",
     "processGuid": "{11111111-2222-3333-4444-555555555555}",
     "processId": "5204",
     "image": "C:\\\\tools\\\\probe.exe",
     "commandLine": "probe \\\\\\\\server\\\\x",
     "user": "CORP\\\\kim",
     "hashes": "SHA256=CC03",
     "parentImage": "C:\\\\Windows\\\\explorer.exe",
     "parentProcessId": "2010"
    }
   }
  }
})json";

TEST_F(Wazuh, BackslashesAreUndoubledWhereAllComeInPairs) {
  EXPECT_EQ(connection(network).process.executable, R"(C:\tools\probe.exe)");
  EXPECT_EQ(connection(network).user.name, "kim");
  EXPECT_EQ(connection(with(network, R"(C:\\\\tools\\\\probe.exe)", R"(C:\\tools\\probe.exe)")).process.executable, R"(C:\tools\probe.exe)");
}

TEST_F(Wazuh, AnAlertCarriesTheEventBelowData) {
  const auto& begun = start(alert);
  EXPECT_EQ(begun.process.command_line, R"(probe \\server\x)");
  EXPECT_EQ(begun.parent.pid, 2010u);
  EXPECT_EQ(event(alert).host.name, "APP-02");
}

TEST_F(Wazuh, WithoutAComputerTheAgentIsTheHost) {
  EXPECT_EQ(event(with(alert, R"("computer": "APP-02",)", R"("computer": "",)")).host.name, "APP-02");
  EXPECT_EQ(event(with(alert, R"("name": "APP-02")", R"("name": "collector")")).host.name, "APP-02");
  EXPECT_EQ(rejected_as(with(network, R"("computer": "APP-02",)", "")), "no_host");
}

TEST_F(Wazuh, OtherEventsAreIgnored) {
  EXPECT_EQ(ignored_as(with(network, R"("eventID": "3")", R"("eventID": "22")")), "other_event");
  EXPECT_EQ(ignored_as(with(network, R"("initiated": "true")", R"("initiated": "false")")), "incoming");
}

}  // namespace
}  // namespace imdswatch
