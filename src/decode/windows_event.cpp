#include "windows_event.hpp"

#include "json_text.hpp"

namespace imdswatch {
namespace {

enum class Kind { sysmon_connection, sysmon_start, filtering_connection, filtering_block, security_start, other };

Kind kind_of(const Fields& fields, const RecordSlots& slots) {
  const auto number = fields.number(fields.has(slots.event_id) ? slots.event_id : slots.other_event_id);
  if (is_sysmon(fields, slots)) {
    if (number == 3u) return Kind::sysmon_connection;
    if (number == 1u) return Kind::sysmon_start;
    return Kind::other;
  }
  if (is_security(fields, slots)) {
    if (number == 5156u) return Kind::filtering_connection;
    if (number == 5157u) return Kind::filtering_block;
    if (number == 4688u) return Kind::security_start;
  }
  return Kind::other;
}

std::optional<IgnoreReason> why_ignored(const Fields& fields, Kind kind) {
  switch (kind) {
    case Kind::sysmon_connection:
      if (fields.flag(Slot::data_initiated) == false) return IgnoreReason::incoming;
      return std::nullopt;
    case Kind::filtering_connection:
      if (is_inbound(fields.text(Slot::data_direction))) return IgnoreReason::incoming;
      return std::nullopt;
    case Kind::filtering_block: return IgnoreReason::not_connected;
    case Kind::sysmon_start:
    case Kind::security_start: return std::nullopt;
    case Kind::other: return IgnoreReason::other_event;
  }
  return IgnoreReason::other_event;
}

/// The process of a path. Sysmon has no path for `System`, and writes `<unknown process>` for a process that was gone before it
/// looked: such a call is still a call, under this name and without a folder.
void read_image(std::string_view image, ProcessFields& out) {
  out.name = base_name(image);
  if (!image.starts_with('<')) out.executable = image;
}

ProcessFields sysmon_process(const Fields& fields) {
  ProcessFields out;
  read_image(fields.text(Slot::data_image), out);
  out.entity_id = fields.text(Slot::data_process_guid);
  out.pid = fields.number(Slot::data_process_id);
  out.command_line = fields.text(Slot::data_command_line);
  read_hashes(fields.text(Slot::data_hashes), out);
  return out;
}

ProcessFields sysmon_parent(const Fields& fields) {
  ProcessFields out;
  read_image(fields.text(Slot::data_parent_image), out);
  out.entity_id = fields.text(Slot::data_parent_guid);
  out.pid = fields.number(Slot::data_parent_id);
  out.command_line = fields.text(Slot::data_parent_command_line);
  return out;
}

Decoded sysmon_connection(const EventInput& in, Event event) {
  const Fields& fields = in.fields;
  ConnectionEvent out;
  out.process = sysmon_process(fields);
  out.parent = sysmon_parent(fields);
  out.user = split_user(fields.text(Slot::data_user));
  if (fields.is_dash(Slot::data_image)) out.process.name = unknown_process;
  if (out.process.name.empty()) return rejected(in, event.format, RejectReason::no_process, Slot::data_image, "is missing");
  if (auto bad = read_destination(in, event.format, {Slot::data_destination_ip}, Slot::data_destination_port, out)) return *bad;
  if (fields.flag(Slot::data_destination_is_ipv6) == true) out.destination = sysmon_repaired(out.destination).value_or(out.destination);
  out.transport = read_transport(fields.text(Slot::data_protocol));
  event.what = out;
  return event;
}

/// 5156 knows neither the user nor the file's signature, and no id of the process but its pid.
Decoded filtering_connection(const EventInput& in, const RecordSlots& slots, Event event) {
  const Fields& fields = in.fields;
  ConnectionEvent out;
  read_image(fields.text(Slot::data_application), out.process);
  if (slots.filtering_pid) out.process.pid = fields.number(*slots.filtering_pid);
  if (fields.is_dash(Slot::data_application)) out.process.name = unknown_process;
  if (out.process.name.empty()) return rejected(in, event.format, RejectReason::no_process, Slot::data_application, "is missing");
  if (auto bad = read_destination(in, event.format, {Slot::data_dest_address}, Slot::data_dest_port, out)) return *bad;
  out.transport = read_transport(fields.text(Slot::data_protocol));
  event.what = out;
  return event;
}

/// 4688: `ProcessId` is the parent's.
ProcessStartEvent security_start(const Fields& fields) {
  ProcessStartEvent out;
  read_image(fields.text(Slot::data_new_process_name), out.process);
  out.process.pid = fields.number(Slot::data_new_process_id);
  out.process.command_line = fields.text(Slot::data_command_line);
  read_image(fields.text(Slot::data_parent_process_name), out.parent);
  out.parent.pid = fields.number(Slot::data_process_id);
  out.user = security_user(fields);
  return out;
}

/// A record's number is unique within its log on its computer.
std::string_view read_event_id(const EventInput& in, const RecordSlots& slots, const HostFields& host) {
  const Fields& fields = in.fields;
  if (!fields.has(slots.record_id)) return fields.text(Slot::event_id);
  return in.arena.join({host.name, "/", fields.first_of(slots.channel, slots.provider), "/", fields.text(slots.record_id)});
}

}  // namespace

/// The event has no SID of the process's user: a shipper's user field of its own is the logger's account.
UserFields split_user(std::string_view user) {
  const auto slash = user.find('\\');
  if (slash == std::string_view::npos) return {user, {}, {}};
  return {user.substr(slash + 1), user.substr(0, slash), {}};
}

void read_hashes(std::string_view hashes, ProcessFields& out) {
  while (!hashes.empty()) {
    const std::string_view part = hashes.substr(0, hashes.find(','));
    hashes.remove_prefix(part.size() < hashes.size() ? part.size() + 1 : part.size());
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = part.substr(0, equals);
    const std::string_view value = part.substr(equals + 1);
    if (equals_folded(name, "sha256")) out.hash_sha256 = value;
    if (equals_folded(name, "sha1")) out.hash_sha1 = value;
    if (equals_folded(name, "md5")) out.hash_md5 = value;
  }
}

UserFields security_user(const Fields& fields) {
  if (fields.has(Slot::data_target_user_name) && !fields.is(Slot::data_target_user_sid, "S-1-0-0"))
    return {fields.text(Slot::data_target_user_name), fields.text(Slot::data_target_domain), fields.text(Slot::data_target_user_sid)};
  return {fields.text(Slot::data_subject_user_name), fields.text(Slot::data_subject_domain), fields.text(Slot::data_subject_user_sid)};
}

bool is_sysmon(const Fields& fields, const RecordSlots& slots) {
  return fields.is(slots.provider, "Microsoft-Windows-Sysmon") || fields.is(slots.channel, "Microsoft-Windows-Sysmon/Operational");
}

bool is_security(const Fields& fields, const RecordSlots& slots) {
  return fields.is(slots.provider, "Microsoft-Windows-Security-Auditing") || fields.is(slots.channel, "Security");
}

bool may_count(const Fields& fields, const RecordSlots& slots) { return kind_of(fields, slots) != Kind::other; }

bool names_a_process(const Fields& fields) {
  return fields.has(Slot::data_image) || fields.has(Slot::data_application) || fields.has(Slot::data_new_process_name);
}

Decoded read_windows_record(const EventInput& in, const WindowsRecord& record) {
  const Fields& fields = in.fields;
  const HostFields& host = record.host;
  const std::string_view any_host = host.name.empty() ? host.id : host.name;
  const Kind kind = kind_of(fields, record.slots);
  if (const auto reason = why_ignored(fields, kind)) return ignored(record.format, *reason, record.time.time, any_host);
  if (!record.time.time) return rejected(in, record.format, record.time);
  if (any_host.empty()) return rejected(in, record.format, RejectReason::no_host, record.slots.computer, "is missing");

  Event event;
  event.format = record.format;
  event.time = *record.time.time;
  event.host = host;
  event.agent = record.agent;
  event.cloud = record.cloud;
  event.event_id = read_event_id(in, record.slots, host);
  event.peer_value = fields.text(Slot::configured_peer);
  event.namespace_value = fields.text(Slot::configured_namespace);
  if (kind == Kind::sysmon_connection) return sysmon_connection(in, event);
  if (kind == Kind::filtering_connection) return filtering_connection(in, record.slots, event);
  if (kind == Kind::security_start) {
    event.what = security_start(fields);
  } else {
    event.what = ProcessStartEvent{sysmon_process(fields), sysmon_parent(fields), split_user(fields.text(Slot::data_user))};
  }
  return event;
}

}  // namespace imdswatch
