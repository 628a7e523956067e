#pragma once

#include <string>
#include <string_view>

namespace imdswatch::testing {

/// Small events of our own after the documented layouts, for tests to change bit by bit.

inline constexpr std::string_view defend_connection = R"json({
  "@timestamp": "2026-03-01T12:00:00.1234567Z",
  "agent": {"id": "agent-1", "type": "endpoint", "version": "8.18.0"},
  "data_stream": {"dataset": "endpoint.events.network", "namespace": "default", "type": "logs"},
  "event": {"kind": "event", "module": "endpoint", "category": ["network"], "type": ["start"],
            "action": "connection_attempted", "outcome": "unknown", "id": "N0001"},
  "host": {"id": "host-id-1", "name": "WEB-01", "os": {"type": "windows"}},
  "process": {"name": "updater.exe", "executable": "C:\\Program Files\\Acme\\updater.exe", "pid": 4100, "entity_id": "ENT-4100",
              "Ext": {"ancestry": ["ENT-600", "ENT-500"],
                      "code_signature": [{"exists": true, "trusted": true, "status": "trusted", "subject_name": "Acme Ltd"}]},
              "code_signature": {"exists": true, "trusted": true, "status": "trusted", "subject_name": "Acme Ltd"},
              "parent": {"entity_id": "ENT-600"}},
  "user": {"domain": "NT AUTHORITY", "name": "SYSTEM", "id": "S-1-5-18"},
  "source": {"ip": "10.1.0.4", "port": 50123},
  "destination": {"ip": "169.254.169.254", "address": "169.254.169.254", "port": 80},
  "network": {"direction": "egress", "transport": "tcp", "type": "ipv4"}
})json";

inline constexpr std::string_view defend_start = R"json({
  "@timestamp": "2026-03-01T11:59:58.5Z",
  "agent": {"id": "agent-1", "type": "endpoint", "version": "8.18.0"},
  "data_stream": {"dataset": "endpoint.events.process"},
  "event": {"kind": "event", "module": "endpoint", "category": ["process"], "type": ["start"], "action": "start", "id": "P0001"},
  "host": {"id": "host-id-1", "name": "WEB-01", "os": {"type": "windows"}},
  "process": {"name": "updater.exe", "executable": "C:\\Program Files\\Acme\\updater.exe", "pid": 4100, "entity_id": "ENT-4100",
              "command_line": "\"C:\\Program Files\\Acme\\updater.exe\" --once", "hash": {"sha256": "00aa11bb", "md5": "cc22"},
              "parent": {"name": "services.exe", "executable": "C:\\Windows\\System32\\services.exe", "pid": 600,
                         "entity_id": "ENT-600", "command_line": "services.exe"}},
  "user": {"domain": "NT AUTHORITY", "name": "SYSTEM", "id": "S-1-5-18"}
})json";

inline constexpr std::string_view sysmon_connection = R"json({
  "@timestamp": "2026-03-01T12:00:01.900Z",
  "@metadata": {"beat": "winlogbeat", "type": "_doc", "version": "8.12.0"},
  "agent": {"id": "beat-7", "name": "APP-02", "type": "winlogbeat", "version": "8.12.0"},
  "event": {"action": "Network connection detected (rule: NetworkConnect)", "code": "3", "kind": "event",
            "provider": "Microsoft-Windows-Sysmon"},
  "host": {"name": "app-02", "id": "host-id-2", "os": {"type": "windows", "name": "Windows Server 2022 Datacenter"}},
  "winlog": {"channel": "Microsoft-Windows-Sysmon/Operational", "provider_name": "Microsoft-Windows-Sysmon", "event_id": "3",
    "computer_name": "APP-02.corp.example", "record_id": 7001, "process": {"pid": 3000, "thread": {"id": 3004}},
    "user": {"domain": "NT AUTHORITY", "identifier": "S-1-5-18", "name": "SYSTEM"},
    "event_data": {"UtcTime": "2026-03-01 12:00:00.750", "ProcessGuid": "{11111111-2222-3333-4444-555555555555}",
      "ProcessId": "5204", "Image": "C:\\Users\\kim\\AppData\\Local\\Temp\\probe.exe", "User": "CORP\\kim", "Protocol": "tcp",
      "Initiated": "true", "SourceIsIpv6": "false", "SourceIp": "10.1.0.9", "SourcePort": "50001",
      "DestinationIsIpv6": "false", "DestinationIp": "169.254.169.254", "DestinationHostname": "-", "DestinationPort": "80"}}
})json";

inline constexpr std::string_view sysmon_start = R"json({
  "@timestamp": "2026-03-01T12:00:00.100Z",
  "event": {"code": "1", "kind": "event", "provider": "Microsoft-Windows-Sysmon"},
  "host": {"name": "app-02"},
  "winlog": {"channel": "Microsoft-Windows-Sysmon/Operational", "provider_name": "Microsoft-Windows-Sysmon", "event_id": 1,
    "computer_name": "APP-02.corp.example", "record_id": "7000",
    "event_data": {"UtcTime": "2026-03-01 12:00:00.050", "ProcessGuid": "{11111111-2222-3333-4444-555555555555}",
      "ProcessId": "5204", "Image": "C:\\Users\\kim\\AppData\\Local\\Temp\\probe.exe",
      "CommandLine": "probe.exe -u http://169.254.169.254/latest/meta-data/", "User": "CORP\\kim",
      "Hashes": "SHA1=AA01,MD5=BB02,SHA256=CC03,IMPHASH=DD04", "ParentImage": "C:\\Windows\\explorer.exe",
      "ParentProcessGuid": "{66666666-2222-3333-4444-555555555555}", "ParentProcessId": "2010", "ParentCommandLine": "explorer.exe"}}
})json";

/// `text` with the only occurrence of `from` replaced; stops the test's program if there is none or more than one.
std::string with(std::string_view text, std::string_view from, std::string_view to);

}  // namespace imdswatch::testing
