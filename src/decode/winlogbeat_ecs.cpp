#include "windows_event.hpp"

namespace imdswatch {
namespace {

constexpr Format format = Format::winlogbeat_ecs;
constexpr RecordSlots slots{Slot::winlog_channel,  Slot::winlog_provider, Slot::winlog_event_id,
                            Slot::event_code,      Slot::winlog_computer, Slot::winlog_record_id};

enum class Kind { connection, blocked, start, other };

Kind kind_of(const Fields& fields, bool sysmon) {
  const auto number = fields.number(fields.has(Slot::winlog_event_id) ? Slot::winlog_event_id : Slot::event_code);
  if (number == (sysmon ? 3u : 5156u)) return Kind::connection;
  if (number == (sysmon ? 1u : 4688u)) return Kind::start;
  return number == 5157u && !sysmon ? Kind::blocked : Kind::other;
}

/// Where event_data tells of an event what its ECS fields may lack.
struct DataSlots {
  Slot path, pid, parent_path, parent_pid, address, port;
};
constexpr DataSlots sysmon_data{Slot::data_image,     Slot::data_process_id,     Slot::data_parent_image,
                                Slot::data_parent_id, Slot::data_destination_ip, Slot::data_destination_port};
constexpr DataSlots filtering_data{Slot::data_application, Slot::data_process_id,   Slot::data_parent_image,
                                   Slot::data_parent_id,   Slot::data_dest_address, Slot::data_dest_port};
constexpr DataSlots security_start_data{Slot::data_new_process_name, Slot::data_new_process_id, Slot::data_parent_process_name,
                                        Slot::data_process_id,       Slot::data_dest_address,   Slot::data_dest_port};

bool is_incoming(const Fields& fields, bool sysmon) {
  const std::string_view direction = fields.text(Slot::network_direction);
  if (!direction.empty()) return is_inbound(direction);
  return sysmon ? fields.flag(Slot::data_initiated) == false : is_inbound(fields.text(Slot::data_direction));
}

std::optional<std::uint64_t> number(const Fields& fields, Slot slot, Slot other) {
  const auto out = fields.number(slot);
  return out ? out : fields.number(other);
}

ProcessFields read_process(const Fields& fields, const DataSlots& data) {
  ProcessFields out;
  const std::string_view path = fields.first_of(Slot::process_executable, data.path);
  if (!path.starts_with('<')) out.executable = path;
  out.name = fields.has(Slot::process_name) ? fields.text(Slot::process_name) : base_name(path);
  out.entity_id = fields.first_of(Slot::process_entity_id, Slot::data_process_guid);
  out.pid = number(fields, Slot::process_pid, data.pid);
  out.command_line = fields.first_of(Slot::process_command_line, Slot::data_command_line);
  read_hashes(fields.text(Slot::data_hashes), out);
  if (fields.has(Slot::process_sha256)) out.hash_sha256 = fields.text(Slot::process_sha256);
  if (fields.has(Slot::process_sha1)) out.hash_sha1 = fields.text(Slot::process_sha1);
  if (fields.has(Slot::process_md5)) out.hash_md5 = fields.text(Slot::process_md5);
  return out;
}

ProcessFields read_parent(const Fields& fields, const DataSlots& data) {
  ProcessFields out;
  out.executable = fields.first_of(Slot::parent_executable, data.parent_path);
  out.name = fields.has(Slot::parent_name) ? fields.text(Slot::parent_name) : base_name(out.executable);
  out.entity_id = fields.first_of(Slot::parent_entity_id, Slot::data_parent_guid);
  out.pid = number(fields, Slot::parent_pid, data.parent_pid);
  out.command_line = fields.first_of(Slot::parent_command_line, Slot::data_parent_command_line);
  return out;
}

/// Of Sysmon's events user.id is the logger's SID, whoever user.name is. 5156 tells of no user.
UserFields read_user(const Fields& fields, bool sysmon, Kind kind) {
  const UserFields ecs{fields.text(Slot::user_name), fields.text(Slot::user_domain), {}};
  if (sysmon) return ecs.name.empty() ? split_user(fields.text(Slot::data_user)) : ecs;
  if (kind != Kind::start) return {};
  return ecs.name.empty() && !fields.has(Slot::user_id) ? security_user(fields) : UserFields{ecs.name, ecs.domain, fields.text(Slot::user_id)};
}

Decoded read_connection(const EventInput& in, bool sysmon, Event event) {
  const Fields& fields = in.fields;
  const DataSlots& data = sysmon ? sysmon_data : filtering_data;
  ConnectionEvent out;
  out.process = read_process(fields, data);
  out.parent = read_parent(fields, data);
  out.user = read_user(fields, sysmon, Kind::connection);
  const bool dash = fields.is_dash(Slot::process_name) || fields.is_dash(Slot::process_executable) || fields.is_dash(data.path);
  if (dash && out.process.name.empty()) out.process.name = unknown_process;
  if (out.process.name.empty()) return rejected(in, format, RejectReason::no_process, Slot::process_name, "and process.executable are missing");
  const Slot port = fields.has(Slot::destination_port) ? Slot::destination_port : data.port;
  if (auto bad = read_destination(in, format, {Slot::destination_ip, data.address}, port, out)) return *bad;
  if (sysmon) out.destination = sysmon_repaired(out.destination).value_or(out.destination);
  out.transport = read_transport(fields.first_of(Slot::network_transport, Slot::data_protocol));
  event.what = out;
  return event;
}

}  // namespace

Decoded read_winlogbeat_ecs(const EventInput& in) {
  const Fields& fields = in.fields;
  const bool sysmon = is_sysmon(fields, slots);
  const bool security = is_security(fields, slots);
  const Kind kind = sysmon || security ? kind_of(fields, sysmon) : Kind::other;
  const BeatHost host = read_beat_host(fields, fields.text(Slot::winlog_computer));
  const std::string_view any_host = host.fields.name.empty() ? host.fields.id : host.fields.name;
  const TimeReading time = read_time(fields, {Slot::data_utc_time, Slot::timestamp, Slot::winlog_time});
  if (kind == Kind::other) return ignored(format, IgnoreReason::other_event, time.time, any_host);
  if (kind == Kind::blocked) return ignored(format, IgnoreReason::not_connected, time.time, any_host);
  if (kind == Kind::connection && is_incoming(fields, sysmon)) return ignored(format, IgnoreReason::incoming, time.time, any_host);
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
  if (kind == Kind::connection) return read_connection(in, sysmon, event);
  const DataSlots& data = sysmon ? sysmon_data : security_start_data;
  event.what = ProcessStartEvent{read_process(fields, data), read_parent(fields, data), read_user(fields, sysmon, kind)};
  return event;
}

}  // namespace imdswatch
