#include "formats.hpp"
#include "json_text.hpp"
#include "reading.hpp"

namespace imdswatch {
namespace {

constexpr Format format = Format::winlogbeat_raw;

enum class Kind { connection, process_start, other };

Kind kind_of(const Fields& fields) {
  const bool sysmon = equals_folded(fields.text(Slot::winlog_provider), "Microsoft-Windows-Sysmon") ||
                      equals_folded(fields.text(Slot::winlog_channel), "Microsoft-Windows-Sysmon/Operational");
  if (!sysmon) return Kind::other;
  const Slot id = fields.has(Slot::winlog_event_id) ? Slot::winlog_event_id : Slot::event_code;
  const auto number = fields.number(id);
  if (number == 3u) return Kind::connection;
  if (number == 1u) return Kind::process_start;
  return Kind::other;
}

/// The process of a path. Sysmon has no path for `System`, and writes `<unknown process>` for a process that was gone before it
/// looked: such a call is still a call, under this name and without a folder.
void read_image(std::string_view image, ProcessFields& out) {
  out.name = base_name(image);
  if (!image.starts_with('<')) out.executable = image;
}

/// "SHA1=…,MD5=…,SHA256=…,IMPHASH=…", in the order and choice of the Sysmon configuration.
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

ProcessFields read_process(const Fields& fields) {
  ProcessFields out;
  read_image(fields.text(Slot::data_image), out);
  out.entity_id = fields.text(Slot::data_process_guid);
  out.pid = fields.number(Slot::data_process_id);
  out.command_line = fields.text(Slot::data_command_line);
  read_hashes(fields.text(Slot::data_hashes), out);
  return out;
}

ProcessFields read_parent(const Fields& fields) {
  ProcessFields out;
  read_image(fields.text(Slot::data_parent_image), out);
  out.entity_id = fields.text(Slot::data_parent_guid);
  out.pid = fields.number(Slot::data_parent_id);
  out.command_line = fields.text(Slot::data_parent_command_line);
  return out;
}

/// `DOMAIN\name`. The event has no SID of the process's user: winlog.user is Sysmon's own account.
UserFields read_user(std::string_view user) {
  const auto slash = user.find('\\');
  if (slash == std::string_view::npos) return {user, {}, {}};
  return {user.substr(slash + 1), user.substr(0, slash), {}};
}

/// host.*, agent.* and cloud.* tell of the machine on which Winlogbeat runs. With event forwarding that is the collector: then only
/// the computer's name is the host's own.
HostFields read_host(const Fields& fields) {
  const std::string_view computer = fields.text(Slot::winlog_computer);
  const std::string_view beat_host = fields.first_of(Slot::host_name, Slot::host_hostname);
  if (computer.empty()) return {beat_host, fields.text(Slot::host_id), fields.text(Slot::host_os_name), fields.text(Slot::host_ip)};
  if (!beat_host.empty() && !same_first_label(computer, beat_host)) return {computer, {}, {}, {}};
  return {computer, fields.text(Slot::host_id), fields.text(Slot::host_os_name), fields.text(Slot::host_ip)};
}

bool is_forwarded(const Fields& fields, const HostFields& host) {
  const std::string_view beat_host = fields.first_of(Slot::host_name, Slot::host_hostname);
  return !beat_host.empty() && !same_first_label(host.name, beat_host);
}

/// A record's number is unique within its log on its computer.
std::string_view read_event_id(const EventInput& in, const HostFields& host) {
  const Fields& fields = in.fields;
  if (!fields.has(Slot::winlog_record_id)) return fields.text(Slot::event_id);
  return in.arena.join({host.name, "/", fields.first_of(Slot::winlog_channel, Slot::winlog_provider), "/", fields.text(Slot::winlog_record_id)});
}

Decoded read_connection(const EventInput& in, Event event) {
  const Fields& fields = in.fields;
  ConnectionEvent out;
  out.process = read_process(fields);
  out.parent = read_parent(fields);
  out.user = read_user(fields.text(Slot::data_user));
  if (out.process.name.empty()) return rejected(in, format, RejectReason::no_process, Slot::data_image, "is missing");
  auto address = parse_ip_address(fields.text(Slot::data_destination_ip));
  if (!address) return rejected(in, format, RejectReason::bad_address, Slot::data_destination_ip, "is no IP address");
  if (fields.flag(Slot::data_destination_is_ipv6) == true) {
    if (const auto repaired = sysmon_repaired(*address)) address = repaired;
  }
  out.destination = *address;
  out.port = read_port(fields, Slot::data_destination_port);
  out.transport = read_transport(fields.text(Slot::data_protocol));
  event.what = out;
  return event;
}

}  // namespace

Decoded read_winlogbeat_raw(const EventInput& in) {
  const Fields& fields = in.fields;
  const TimeReading time = read_time(fields, {Slot::data_utc_time, Slot::timestamp, Slot::winlog_time});
  const HostFields host = read_host(fields);
  const std::string_view any_host = host.name.empty() ? host.id : host.name;
  const Kind kind = kind_of(fields);
  if (kind == Kind::other) return ignored(format, IgnoreReason::other_event, time.time, any_host);
  if (kind == Kind::connection && fields.flag(Slot::data_initiated) == false) return ignored(format, IgnoreReason::incoming, time.time, any_host);
  if (!time.time) return rejected(in, format, time);
  if (any_host.empty()) return rejected(in, format, RejectReason::no_host, Slot::winlog_computer, "and host.name are missing");

  Event event;
  event.format = format;
  event.time = *time.time;
  event.host = host;
  event.agent = read_agent(fields);
  if (!is_forwarded(fields, host)) event.cloud = read_cloud(fields);
  event.event_id = read_event_id(in, host);
  event.peer_value = fields.text(Slot::configured_peer);
  event.namespace_value = fields.text(Slot::configured_namespace);
  if (kind == Kind::connection) return read_connection(in, event);
  ProcessStartEvent out;
  out.process = read_process(fields);
  out.parent = read_parent(fields);
  out.user = read_user(fields.text(Slot::data_user));
  event.what = out;
  return event;
}

}  // namespace imdswatch
