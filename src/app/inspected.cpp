#include "inspected.hpp"

#include <algorithm>

namespace imdswatch {
namespace {

using Json = nlohmann::ordered_json;

/// ECS fields by their dotted names, nested; what is empty is noted as missing where it is wanted.
class Fields {
 public:
  explicit Fields(Inspected& out) : out_(out) {}

  void text(std::string_view name, std::string_view value) {
    if (!value.empty()) at(name) = value;
  }
  void wanted(std::string_view name, std::string_view value) {
    if (value.empty()) out_.missing.push_back(name);
    text(name, value);
  }
  template <class Value>
  void maybe(std::string_view name, const std::optional<Value>& value) {
    if (value) at(name) = *value;
  }

 private:
  Json& at(std::string_view name) {
    Json* node = &out_.fields;
    for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
      node = &(*node)[std::string(name.substr(0, dot))];
      name.remove_prefix(dot + 1);
    }
    return (*node)[std::string(name)];
  }

  Inspected& out_;
};

void add_process(Fields& out, const ProcessFields& process) {
  out.wanted("process.name", process.name);
  out.wanted("process.executable", process.executable);
  out.wanted("process.command_line", process.command_line);
  out.maybe("process.pid", process.pid);
  out.text("process.entity_id", process.entity_id);
  out.text("process.hash.sha256", process.hash_sha256);
  out.text("process.hash.sha1", process.hash_sha1);
  out.text("process.hash.md5", process.hash_md5);
  out.text("process.code_signature.subject_name", process.signature.subject);
  out.maybe("process.code_signature.exists", process.signature.exists);
  out.maybe("process.code_signature.trusted", process.signature.trusted);
  out.maybe("process.code_signature.valid", process.signature.valid);
}

void add_parent(Fields& out, const ProcessFields& parent) {
  out.wanted("process.parent.name", parent.name);
  out.text("process.parent.executable", parent.executable);
  out.text("process.parent.command_line", parent.command_line);
  out.maybe("process.parent.pid", parent.pid);
  out.text("process.parent.entity_id", parent.entity_id);
}

void add_user(Fields& out, const UserFields& user) {
  out.wanted("user.name", user.name);
  out.text("user.domain", user.domain);
  out.text("user.id", user.id);
}

void add_host(Fields& out, const Event& event) {
  out.text("host.name", event.host.name);
  out.text("host.id", event.host.id);
  out.text("host.os.name", event.host.os_name);
  out.text("host.ip", event.host.ip);
  out.text("agent.id", event.agent.id);
  out.text("agent.name", event.agent.name);
  out.text("agent.type", event.agent.type);
  out.text("agent.version", event.agent.version);
  out.text("cloud.provider", event.cloud.provider);
  out.text("cloud.account.id", event.cloud.account_id);
  out.text("cloud.instance.id", event.cloud.instance_id);
  out.text("cloud.region", event.cloud.region);
  out.text("event.id", event.event_id);
}

void add_connection(Inspected& out, Fields& fields, const ConnectionEvent& connection, const SieveConfig& config) {
  out.kind = "connection";
  add_process(fields, connection.process);
  if (connection.process.entity_id.empty() && !connection.process.pid) out.missing.push_back("process.pid");  // nothing to join a start by
  add_parent(fields, connection.parent);
  add_user(fields, connection.user);
  fields.text("destination.ip", to_string(connection.destination));
  fields.maybe("destination.port", connection.port);
  fields.text("network.transport", connection.transport);
  const bool to_service = std::ranges::find(config.addresses, connection.destination) != config.addresses.end();
  const bool excluded = connection.port && std::ranges::find(config.exclude_ports, *connection.port) != config.exclude_ports.end();
  out.account = to_service && !excluded ? "kept" : "ignored";
  if (!to_service) out.reason = "connection_elsewhere";
  if (to_service && excluded) out.reason = "excluded_port";
}

void add_event(Inspected& out, const Event& event, const SieveConfig& config) {
  out.format = event.format;
  Fields fields(out);
  fields.text("@timestamp", to_iso8601(event.time));
  add_host(fields, event);
  if (const auto* connection = std::get_if<ConnectionEvent>(&event.what)) {
    add_connection(out, fields, *connection, config);
    return;
  }
  const auto& start = std::get<ProcessStartEvent>(event.what);
  out.kind = "process_start";
  out.account = "kept";
  add_process(fields, start.process);
  add_parent(fields, start.parent);
  add_user(fields, start.user);
}

bool tells_connection(IgnoreReason reason) { return reason == IgnoreReason::incoming || reason == IgnoreReason::not_connected; }
bool tells_connection(RejectReason reason) { return reason == RejectReason::no_process || reason == RejectReason::bad_address; }

}  // namespace

Inspected inspect_event(const Decoded& decoded, const SieveConfig& config) {
  Inspected out;
  if (const auto* event = std::get_if<Event>(&decoded)) {
    add_event(out, *event, config);
  } else if (const auto* ignored = std::get_if<Ignored>(&decoded)) {
    out.format = ignored->format;
    out.account = "ignored";
    out.reason = to_string(ignored->reason);
    if (tells_connection(ignored->reason)) out.kind = "connection";
    Fields fields(out);
    if (ignored->time) fields.text("@timestamp", to_iso8601(*ignored->time));
    fields.text("host.name", ignored->host);
  } else {
    const auto& rejected = std::get<Rejected>(decoded);
    if (rejected.otherwise != nullptr) {
      add_event(out, *rejected.otherwise, config);
      if (rejected.reason != RejectReason::no_host) out.fields.erase("@timestamp");
      out.missing.clear();
    }
    out.format = rejected.format;
    out.account = "rejected";
    out.reason = to_string(rejected.reason);
    out.detail = rejected.detail;
    if (tells_connection(rejected.reason)) out.kind = "connection";
  }
  return out;
}

}  // namespace imdswatch
