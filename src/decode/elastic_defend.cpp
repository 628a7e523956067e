#include "formats.hpp"
#include "json_text.hpp"
#include "reading.hpp"

namespace imdswatch {
namespace {

constexpr Format format = Format::elastic_defend;

/// Whether the event's host runs Windows. 8.18 and later write host.os.type alone; before, one of the others is enough. An event
/// without any is from Windows unless its process has a path of another system: a call must not be lost for a field cut away.
bool on_windows(const Fields& fields) {
  const std::string_view os = fields.first_of(Slot::host_os_type, Slot::host_os_family, Slot::host_os_platform, Slot::host_os_name);
  if (os.empty()) return !fields.text(Slot::process_executable).starts_with('/');
  return is_windows(os);
}

bool is_incoming(const Fields& fields) {
  const std::string_view direction = fields.text(Slot::network_direction);
  if (!direction.empty()) return is_inbound(direction);
  return fields.contains(Slot::event_action, "connection_accepted") && !fields.contains(Slot::event_action, "connection_attempted");
}

/// Begin of a connection: 8.18 and later may tell it together with the end, as a list. An end alone would be the same connection
/// again. Name lookups and HTTP requests have actions of their own.
bool is_connection(const Fields& fields) {
  return fields.contains(Slot::event_category, "network") &&
         (fields.contains(Slot::event_action, "connection_attempted") || fields.contains(Slot::event_action, "connection_accepted") ||
          fields.contains(Slot::event_action, "reconnection_attempted"));
}

/// A process that started, or that was there when the agent did.
bool is_process_start(const Fields& fields) {
  return fields.contains(Slot::event_category, "process") &&
         (fields.contains(Slot::event_action, "start") || fields.contains(Slot::event_action, "creation") ||
          fields.contains(Slot::event_action, "already_running") || fields.contains(Slot::event_type, "start"));
}

struct SignatureSlots {
  Slot exists, trusted, status, valid, subject;
};
constexpr SignatureSlots process_signature{Slot::signature_exists, Slot::signature_trusted, Slot::signature_status, Slot::signature_valid,
                                           Slot::signature_subject};
constexpr SignatureSlots process_ext_signature{Slot::ext_signature_exists, Slot::ext_signature_trusted, Slot::ext_signature_status,
                                               Slot::ext_signature_valid, Slot::ext_signature_subject};
constexpr SignatureSlots parent_signature{Slot::parent_signature_exists, Slot::parent_signature_trusted, Slot::parent_signature_status,
                                          Slot::parent_signature_valid, Slot::parent_signature_subject};

/// `status` is "trusted", "noSignature" or the name of an error ("errorExpired").
CodeSignature read_signature(const Fields& fields, const SignatureSlots& slots) {
  CodeSignature out;
  out.exists = fields.flag(slots.exists);
  out.trusted = fields.flag(slots.trusted);
  out.valid = fields.flag(slots.valid);
  out.subject = fields.text(slots.subject);
  const std::string_view status = trimmed(fields.text(slots.status));
  if (status.empty()) return out;
  const bool good = equals_folded(status, "trusted") || equals_folded(status, "valid");
  if (!out.valid) out.valid = good;
  if (!out.trusted) out.trusted = equals_folded(status, "trusted");
  if (!out.exists) out.exists = !equals_folded(status, "noSignature");
  return out;
}

ProcessFields read_process(const Fields& fields) {
  ProcessFields out;
  out.executable = fields.text(Slot::process_executable);
  out.name = fields.has(Slot::process_name) ? fields.text(Slot::process_name) : base_name(out.executable);
  out.entity_id = fields.text(Slot::process_entity_id);
  out.pid = fields.number(Slot::process_pid);
  out.command_line = fields.text(Slot::process_command_line);
  out.hash_sha256 = fields.text(Slot::process_sha256);
  out.hash_sha1 = fields.text(Slot::process_sha1);
  out.hash_md5 = fields.text(Slot::process_md5);
  out.signature = read_signature(fields, process_signature);
  if (!out.signature.known()) out.signature = read_signature(fields, process_ext_signature);
  return out;
}

ProcessFields read_parent(const Fields& fields) {
  ProcessFields out;
  out.executable = fields.text(Slot::parent_executable);
  out.name = fields.has(Slot::parent_name) ? fields.text(Slot::parent_name) : base_name(out.executable);
  out.entity_id = fields.text(Slot::parent_entity_id);
  out.pid = fields.number(Slot::parent_pid);
  out.command_line = fields.text(Slot::parent_command_line);
  out.hash_sha256 = fields.text(Slot::parent_sha256);
  out.hash_sha1 = fields.text(Slot::parent_sha1);
  out.hash_md5 = fields.text(Slot::parent_md5);
  out.signature = read_signature(fields, parent_signature);
  return out;
}

UserFields read_user(const Fields& fields) { return {fields.text(Slot::user_name), fields.text(Slot::user_domain), fields.text(Slot::user_id)}; }

std::optional<IgnoreReason> why_ignored(const Fields& fields) {
  if (!on_windows(fields)) return IgnoreReason::not_windows;
  if (fields.has(Slot::event_kind) && !fields.is(Slot::event_kind, "event")) return IgnoreReason::other_event;  // its own alerts
  if (is_process_start(fields)) return std::nullopt;
  if (!is_connection(fields)) return IgnoreReason::other_event;
  if (is_incoming(fields)) return IgnoreReason::incoming;
  if (fields.is(Slot::event_outcome, "failure") || fields.contains(Slot::event_type, "denied")) return IgnoreReason::not_connected;
  return std::nullopt;
}

Decoded read_connection(const EventInput& in, Event event) {
  const Fields& fields = in.fields;
  ConnectionEvent out;
  out.process = read_process(fields);
  out.parent = read_parent(fields);
  out.user = read_user(fields);
  if (out.process.name.empty()) return rejected(in, format, RejectReason::no_process, Slot::process_name, "and process.executable are missing");
  if (auto bad = read_destination(in, format, {Slot::destination_ip, Slot::destination_address}, Slot::destination_port, out)) return *bad;
  out.transport = read_transport(fields.text(Slot::network_transport));
  event.what = out;
  return event;
}

}  // namespace

Decoded read_elastic_defend(const EventInput& in) {
  const Fields& fields = in.fields;
  const TimeReading time = read_time(fields, {Slot::timestamp, Slot::created});
  const std::string_view host = fields.first_of(Slot::host_name, Slot::host_hostname);
  const std::string_view host_id = fields.text(Slot::host_id);
  if (const auto reason = why_ignored(fields)) return ignored(format, *reason, time.time, host.empty() ? host_id : host);
  if (!time.time) return rejected(in, format, time);
  if (host.empty() && host_id.empty()) return rejected(in, format, RejectReason::no_host, Slot::host_name, "and host.id are missing");

  Event event;
  event.format = format;
  event.time = *time.time;
  event.host = {host, host_id, fields.first_of(Slot::host_os_name, Slot::host_os_type), fields.text(Slot::host_ip)};
  event.agent = read_agent(fields);
  event.cloud = read_cloud(fields);
  event.event_id = fields.text(Slot::event_id);
  event.peer_value = fields.text(Slot::configured_peer);
  event.namespace_value = fields.text(Slot::configured_namespace);
  if (is_connection(fields)) return read_connection(in, event);
  event.what = ProcessStartEvent{read_process(fields), read_parent(fields), read_user(fields)};
  return event;
}

}  // namespace imdswatch
