#include "formats.hpp"
#include "imdswatch/decode/event_time.hpp"
#include "reading.hpp"

namespace imdswatch {
namespace {

constexpr Format format = Format::defender;

/// Attempts and requests are told again by their outcome.
std::optional<IgnoreReason> why_ignored(const Fields& fields) {
  if (fields.first_of(Slot::mde_by_path, Slot::mde_path).starts_with('/')) return IgnoreReason::not_windows;  // no event names its system
  for (const auto* const kept : {"ConnectionSuccess", "ConnectionFound", "ProcessCreated"})
    if (fields.is(Slot::mde_action, kept)) return std::nullopt;
  if (fields.is(Slot::mde_action, "ConnectionFailed")) return IgnoreReason::not_connected;
  if (fields.is(Slot::mde_action, "InboundConnectionAccepted")) return IgnoreReason::incoming;
  return IgnoreReason::other_event;
}

ProcessFields read_initiating(const Fields& fields) {
  ProcessFields out;
  out.executable = fields.text(Slot::mde_by_path);
  out.name = fields.has(Slot::mde_by_name) ? fields.text(Slot::mde_by_name) : base_name(out.executable);
  out.pid = fields.number(Slot::mde_by_id);
  out.started = parse_event_time(fields.text(Slot::mde_by_created));
  out.command_line = fields.text(Slot::mde_by_command_line);
  out.hash_sha256 = fields.text(Slot::mde_by_sha256);
  out.hash_sha1 = fields.text(Slot::mde_by_sha1);
  out.hash_md5 = fields.text(Slot::mde_by_md5);
  return out;
}

ProcessStartEvent read_start(const Fields& fields) {
  ProcessStartEvent out;
  out.process.executable = fields.text(Slot::mde_path);
  out.process.name = fields.has(Slot::mde_name) ? fields.text(Slot::mde_name) : base_name(out.process.executable);
  out.process.pid = fields.number(Slot::mde_id);
  out.process.started = read_time(fields, {Slot::mde_created, Slot::mde_time}).time;
  out.process.command_line = fields.text(Slot::mde_command_line);
  out.process.hash_sha256 = fields.text(Slot::mde_sha256);
  out.process.hash_sha1 = fields.text(Slot::mde_sha1);
  out.process.hash_md5 = fields.text(Slot::mde_md5);
  out.parent = read_initiating(fields);
  out.user = {fields.text(Slot::mde_account), fields.text(Slot::mde_domain), fields.text(Slot::mde_sid)};
  return out;
}

Decoded read_connection(const EventInput& in, Event event) {
  const Fields& fields = in.fields;
  ConnectionEvent out;
  out.process = read_initiating(fields);
  out.parent.name = fields.text(Slot::mde_by_parent_name);
  out.parent.pid = fields.number(Slot::mde_by_parent_id);
  out.user = {fields.text(Slot::mde_by_account), fields.text(Slot::mde_by_domain), fields.text(Slot::mde_by_sid)};
  if (out.process.name.empty()) return rejected(in, format, RejectReason::no_process, Slot::mde_by_name, "is missing");
  if (auto bad = read_destination(in, format, {Slot::mde_remote_ip}, Slot::mde_remote_port, out)) return *bad;
  out.transport = read_transport(fields.text(Slot::mde_protocol));
  event.what = out;
  return event;
}

}  // namespace

Decoded read_defender(const EventInput& in) {
  const Fields& fields = in.fields;
  const TimeReading time = read_time(fields, {Slot::mde_time});
  const std::string_view name = fields.text(Slot::mde_device_name);
  const std::string_view id = fields.text(Slot::mde_device_id);
  if (const auto reason = why_ignored(fields)) return ignored(format, *reason, time.time, name.empty() ? id : name);
  if (!time.time) return rejected(in, format, time);

  Event event;
  event.format = format;
  event.time = *time.time;
  event.host = {name, id, {}, {}};
  if (fields.has(Slot::mde_report_id)) event.event_id = in.arena.join({id.empty() ? name : id, "/", fields.text(Slot::mde_time), "/", fields.text(Slot::mde_report_id)});
  event.peer_value = fields.text(Slot::configured_peer);
  event.namespace_value = fields.text(Slot::configured_namespace);
  if (!fields.is(Slot::mde_action, "ProcessCreated")) return read_connection(in, event);
  event.what = read_start(fields);
  return event;
}

}  // namespace imdswatch
