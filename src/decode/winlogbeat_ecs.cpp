#include "json_text.hpp"
#include "windows_event.hpp"

namespace imdswatch {
namespace {

constexpr Format format = Format::winlogbeat_ecs;

enum class Kind { connection, blocked, start, other };

Kind kind_of(const Fields& fields, bool sysmon) {
  const auto number = fields.number(fields.has(Slot::winlog_event_id) ? Slot::winlog_event_id : Slot::event_code);
  if (number == (sysmon ? 3u : 5156u)) return Kind::connection;
  if (number == (sysmon ? 1u : 4688u)) return Kind::start;
  return number == 5157u && !sysmon ? Kind::blocked : Kind::other;
}

bool is_incoming(const Fields& fields) {
  const std::string_view direction = fields.text(Slot::network_direction);
  return equals_folded(direction, "ingress") || equals_folded(direction, "inbound");
}

ProcessFields read_process(const Fields& fields) {
  ProcessFields out;
  const std::string_view path = fields.text(Slot::process_executable);
  if (!path.starts_with('<')) out.executable = path;
  out.name = fields.has(Slot::process_name) ? fields.text(Slot::process_name) : base_name(path);
  out.entity_id = fields.text(Slot::process_entity_id);
  out.pid = fields.number(Slot::process_pid);
  out.command_line = fields.text(Slot::process_command_line);
  out.hash_sha256 = fields.text(Slot::process_sha256);
  out.hash_sha1 = fields.text(Slot::process_sha1);
  out.hash_md5 = fields.text(Slot::process_md5);
  return out;
}

ProcessFields read_parent(const Fields& fields) {
  ProcessFields out;
  out.executable = fields.text(Slot::parent_executable);
  out.name = fields.has(Slot::parent_name) ? fields.text(Slot::parent_name) : base_name(out.executable);
  out.entity_id = fields.text(Slot::parent_entity_id);
  out.pid = fields.number(Slot::parent_pid);
  out.command_line = fields.text(Slot::parent_command_line);
  return out;
}

Decoded read_connection(const EventInput& in, bool sysmon, const UserFields& user, Event event) {
  const Fields& fields = in.fields;
  ConnectionEvent out;
  out.process = read_process(fields);
  out.parent = read_parent(fields);
  out.user = user;
  if (out.process.name.empty()) return rejected(in, format, RejectReason::no_process, Slot::process_name, "and process.executable are missing");
  auto address = parse_ip_address(fields.text(Slot::destination_ip));
  if (!address) return rejected(in, format, RejectReason::bad_address, Slot::destination_ip, "is no IP address");
  if (const auto repaired = sysmon ? sysmon_repaired(*address) : std::nullopt) address = repaired;
  out.destination = *address;
  out.port = read_port(fields, Slot::destination_port);
  out.transport = read_transport(fields.text(Slot::network_transport));
  event.what = out;
  return event;
}

}  // namespace

/// Of Sysmon's events user.id is the logger's SID, whoever user.name is.
Decoded read_winlogbeat_ecs(const EventInput& in) {
  const Fields& fields = in.fields;
  const bool sysmon = equals_folded(fields.text(Slot::winlog_provider), "Microsoft-Windows-Sysmon") ||
                      equals_folded(fields.text(Slot::winlog_channel), "Microsoft-Windows-Sysmon/Operational");
  const bool security = equals_folded(fields.text(Slot::winlog_provider), "Microsoft-Windows-Security-Auditing") ||
                        equals_folded(fields.text(Slot::winlog_channel), "Security");
  const Kind kind = sysmon || security ? kind_of(fields, sysmon) : Kind::other;
  const BeatHost host = read_beat_host(fields, fields.text(Slot::winlog_computer));
  const std::string_view any_host = host.fields.name.empty() ? host.fields.id : host.fields.name;
  const TimeReading time = read_time(fields, {Slot::data_utc_time, Slot::timestamp, Slot::winlog_time});
  if (kind == Kind::other) return ignored(format, IgnoreReason::other_event, time.time, any_host);
  if (kind == Kind::blocked) return ignored(format, IgnoreReason::not_connected, time.time, any_host);
  if (kind == Kind::connection && is_incoming(fields)) return ignored(format, IgnoreReason::incoming, time.time, any_host);
  if (!time.time) return rejected(in, format, time);
  if (any_host.empty()) return rejected(in, format, RejectReason::no_host, Slot::winlog_computer, "is missing");

  Event event;
  event.format = format;
  event.time = *time.time;
  event.host = host.fields;
  event.agent = read_agent(fields);
  if (!host.is_collector) event.cloud = read_cloud(fields);
  event.event_id = in.arena.join({any_host, "/", fields.first_of(Slot::winlog_channel, Slot::winlog_provider), "/", fields.text(Slot::winlog_record_id)});
  if (!fields.has(Slot::winlog_record_id)) event.event_id = fields.text(Slot::event_id);
  event.peer_value = fields.text(Slot::configured_peer);
  event.namespace_value = fields.text(Slot::configured_namespace);
  UserFields user;
  if (sysmon || kind == Kind::start) user = {fields.text(Slot::user_name), fields.text(Slot::user_domain), {}};
  if (!sysmon && kind == Kind::start) user.id = fields.text(Slot::user_id);
  if (kind == Kind::connection) return read_connection(in, sysmon, user, event);
  event.what = ProcessStartEvent{read_process(fields), read_parent(fields), user};
  return event;
}

}  // namespace imdswatch
