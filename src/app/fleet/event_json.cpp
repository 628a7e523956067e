#include "event_json.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace imdswatch::fleet {
namespace {

using Json = nlohmann::ordered_json;

std::string base_name(const std::string& path) { return path.substr(path.rfind('\\') + 1); }
std::string before_backslash(const std::string& text) { return text.substr(0, text.find('\\')); }

/// A hash-like text that is the same for the same program; no file has it.
std::string fake_sha256(const std::string& path) {
  std::uint64_t h = 1469598103934665603ULL;
  std::string out;
  for (int part = 0; part < 4; ++part) {
    for (const char c : path) h = (h ^ static_cast<std::uint8_t>(c)) * 1099511628211ULL;
    char hex[17];
    std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(h));
    out += hex;
  }
  return out;
}

std::string guid(std::uint64_t serial) {
  char text[40];
  std::snprintf(text, sizeof text, "{5F3A7C21-%04X-%04X-0000-%012llX}", static_cast<unsigned>((serial >> 32) & 0xffff),
                static_cast<unsigned>((serial >> 16) & 0xffff), static_cast<unsigned long long>(serial));
  return text;
}

/// "2026-01-05 00:00:01.234", as Sysmon writes UtcTime.
std::string sysmon_time(EventTime time) {
  std::string text = to_iso8601(std::chrono::floor<std::chrono::milliseconds>(time));
  text[10] = ' ';
  text.pop_back();
  return text;
}

std::string entity_id(const HostFacts& host, const ProcessFacts& process) {
  return host.agent_id.substr(0, 8) + "-" + std::to_string(process.pid) + "-" + std::to_string(process.serial);
}

Json defend_signature(const std::string& signer) {
  if (signer.empty()) return {{"exists", false}};
  return {{"exists", true}, {"status", "trusted"}, {"subject_name", signer}, {"trusted", true}};
}

Json defend(const HostFacts& host, const ProcessFacts& process, EventTime time, std::uint64_t sequence, const char* category,
            const char* action) {
  const std::string written = to_iso8601(time);
  Json out;
  out["@timestamp"] = written;
  out["agent"] = {{"id", host.agent_id}, {"type", "endpoint"}, {"version", "8.18.1"}};
  if (!host.cloud.empty()) {
    out["cloud"] = {{"provider", host.cloud}, {"account", {{"id", "210987654321"}}}, {"instance", {{"id", "i-" + host.id.substr(0, 8)}}},
                    {"region", "eu-central-1"}};
  }
  out["data_stream"] = {{"dataset", std::string("endpoint.events.") + category}, {"namespace", "default"}, {"type", "logs"}};
  out["ecs"] = {{"version", "8.10.0"}};
  out["event"] = {{"action", action}, {"category", {category}}, {"created", written}, {"dataset", std::string("endpoint.events.") + category},
                  {"id", "N" + host.id.substr(0, 7) + std::to_string(sequence)}, {"kind", "event"}, {"module", "endpoint"},
                  {"sequence", sequence}, {"type", {"start"}}};
  out["host"] = {{"id", host.id}, {"name", host.name}, {"os", {{"type", "windows"}}}};
  out["process"] = {{"code_signature", defend_signature(process.signer)}, {"entity_id", entity_id(host, process)},
                    {"executable", process.executable}, {"name", process.name}, {"pid", process.pid}};
  out["user"] = {{"domain", before_backslash(process.user)}, {"id", process.user_id}, {"name", base_name(process.user)}};
  return out;
}

Json sysmon(const HostFacts& host, const ProcessFacts& process, EventTime time, std::uint64_t sequence, int id, const char* task) {
  Json out;
  const EventTime logged = time + std::chrono::milliseconds{900};
  out["@timestamp"] = to_iso8601(std::chrono::floor<std::chrono::milliseconds>(logged));
  out["@metadata"] = {{"beat", "winlogbeat"}, {"type", "_doc"}, {"version", "8.17.4"}};
  out["agent"] = {{"id", host.agent_id}, {"name", host.name}, {"type", "winlogbeat"}, {"version", "8.17.4"}};
  out["event"] = {{"action", task}, {"code", std::to_string(id)}, {"kind", "event"}, {"provider", "Microsoft-Windows-Sysmon"}};
  out["host"] = {{"name", host.name}};
  out["log"] = {{"level", "information"}};
  out["winlog"] = {{"channel", "Microsoft-Windows-Sysmon/Operational"}, {"computer_name", host.name + ".corp.example"},
                   {"event_data",
                    {{"Image", process.executable}, {"ProcessGuid", guid(process.serial)}, {"ProcessId", std::to_string(process.pid)},
                     {"RuleName", "-"}, {"User", process.user}, {"UtcTime", sysmon_time(time)}}},
                   {"event_id", std::to_string(id)}, {"process", {{"pid", 2960}, {"thread", {{"id", 4028}}}}},
                   {"provider_name", "Microsoft-Windows-Sysmon"}, {"record_id", sequence}, {"task", task},
                   {"user", {{"domain", "NT AUTHORITY"}, {"identifier", "S-1-5-18"}, {"name", "SYSTEM"}}}, {"version", 5}};
  return out;
}

}  // namespace

std::string process_start_json(const HostFacts& host, const ProcessFacts& process, EventTime time, std::uint64_t sequence) {
  if (host.defend) {
    Json out = defend(host, process, time, sequence, "process", "start");
    Json& shown = out["process"];
    shown["command_line"] = process.command_line;
    shown["hash"] = {{"sha256", fake_sha256(process.executable)}};
    shown["parent"] = {{"executable", process.parent}, {"name", base_name(process.parent)}, {"pid", process.parent_pid}};
    return out.dump();
  }
  Json out = sysmon(host, process, time, sequence, 1, "Process Create (rule: ProcessCreate)");
  Json& data = out["winlog"]["event_data"];
  data["CommandLine"] = process.command_line;
  data["Hashes"] = "SHA256=" + fake_sha256(process.executable);
  data["ParentImage"] = process.parent;
  data["ParentProcessId"] = std::to_string(process.parent_pid);
  data["ParentProcessGuid"] = guid(process.serial ^ 0x5555);
  data["ParentCommandLine"] = process.parent;
  return out.dump();
}

std::string connection_json(const HostFacts& host, const ProcessFacts& process, EventTime time, std::uint64_t sequence,
                            const std::string& destination, int port) {
  if (host.defend) {
    Json out = defend(host, process, time, sequence, "network", "connection_attempted");
    out["destination"] = {{"address", destination}, {"ip", destination}, {"port", port}};
    out["network"] = {{"direction", "egress"}, {"transport", "tcp"}, {"type", "ipv4"}};
    out["source"] = {{"address", host.ip}, {"ip", host.ip}, {"port", 49152 + sequence % 16000}};
    return out.dump();
  }
  Json out = sysmon(host, process, time, sequence, 3, "Network connection detected (rule: NetworkConnect)");
  Json& data = out["winlog"]["event_data"];
  data["DestinationIp"] = destination;
  data["DestinationIsIpv6"] = "false";
  data["DestinationPort"] = std::to_string(port);
  data["Initiated"] = "true";
  data["Protocol"] = "tcp";
  data["SourceIp"] = host.ip;
  data["SourcePort"] = std::to_string(49152 + sequence % 16000);
  return out.dump();
}

}  // namespace imdswatch::fleet
