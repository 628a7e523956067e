#include "ocsf.hpp"

#include <span>

#include "formats.hpp"
#include "json_text.hpp"
#include "reading.hpp"
#include "windows_event.hpp"

namespace imdswatch {
namespace {

constexpr Format format = Format::ocsf;
constexpr std::uint64_t process_activity = 1007;
constexpr std::uint64_t network_activity = 4001;

/// The schema's captions of an id, for events without the id.
struct Caption {
  std::string_view text;
  std::uint64_t id;
};
constexpr Caption classes[]{{"Network Activity", network_activity}, {"Process Activity", process_activity}};
constexpr Caption network_activities[]{{"Open", 1}, {"Close", 2}, {"Reset", 3}, {"Fail", 4}, {"Refuse", 5}, {"Traffic", 6}, {"Listen", 7}};
constexpr Caption process_activities[]{{"Launch", 1}};

std::optional<std::uint64_t> id_of(const Fields& fields, Slot caption, std::span<const Caption> captions) {
  for (const auto& [text, id] : captions)
    if (fields.is(caption, text)) return id;
  return std::nullopt;
}

std::optional<std::uint64_t> class_of(const Fields& fields) {
  if (const auto id = fields.number(Slot::ocsf_class)) return id;
  if (const auto type = fields.number(Slot::ocsf_type)) return *type / 100;  // class * 100 + activity
  return id_of(fields, Slot::ocsf_class_name, classes);
}

std::optional<std::uint64_t> activity(const Fields& fields, std::span<const Caption> captions) {
  if (const auto id = fields.number(Slot::ocsf_activity)) return id;
  if (const auto type = fields.number(Slot::ocsf_type)) return *type % 100;
  return id_of(fields, Slot::ocsf_activity_name, captions);
}

bool tells_activity(const Fields& fields) {
  return fields.has(Slot::ocsf_activity) || fields.has(Slot::ocsf_type) || fields.has(Slot::ocsf_activity_name);
}

/// 2 is the failure, denial or block; the words are the schema's, and as products write them themselves.
bool is_prevented(const Fields& fields, Slot id, Slot caption) {
  if (const auto number = fields.number(id)) return number == 2u;
  for (const auto* const word : {"failure", "failed", "fail", "denied", "deny", "blocked", "block"})
    if (fields.is(caption, word)) return true;
  return false;
}

bool has_failed(const Fields& fields) { return is_prevented(fields, Slot::ocsf_status, Slot::ocsf_status_name); }

bool named(const Fields& fields, const OcsfProcessSlots& slots) {
  return fields.has(slots.name) || fields.has(slots.file) || fields.has(slots.path);
}

enum class System { windows, other, unsaid };

/// 100 is Windows, 101 Windows Mobile, 0 unknown, 99 one that the schema lacks: then its name decides.
System system_of(const Fields& fields) {
  const auto id = fields.number(Slot::ocsf_os_id);
  if (id && *id != 0 && *id != 99) return *id == 100 || *id == 101 ? System::windows : System::other;
  const std::string_view name = trimmed(fields.first_of(Slot::ocsf_os_type, Slot::ocsf_os_name));
  if (name.empty() || equals_folded(name, "unknown") || equals_folded(name, "other")) {
    return fields.first_of(Slot::ocsf_actor_path, Slot::ocsf_process_path).starts_with('/') ? System::other
                                                                                            : System::unsaid;
  }
  return is_windows(name) ? System::windows : System::other;
}

bool is_incoming(const Fields& fields) {
  if (const auto id = fields.number(Slot::ocsf_direction_id)) return id == 1u;
  return is_inbound(fields.text(Slot::ocsf_direction));
}

/// Fail and Refuse are activities; a block is a disposition, before 1.1 there was no action.
bool is_not_connected(const Fields& fields, std::uint64_t what) {
  return what == 4 || what == 5 || has_failed(fields) || is_prevented(fields, Slot::ocsf_action, Slot::ocsf_action_name) ||
         is_prevented(fields, Slot::ocsf_disposition, Slot::ocsf_disposition_name);
}

/// 1 opens a connection. 6 (a report of traffic), 0 and 99 may be how a product tells of one: they are, where they name a process.
std::optional<IgnoreReason> why_connection_ignored(const Fields& fields, System system) {
  const std::uint64_t what = activity(fields, network_activities).value_or(0);
  const bool process = named(fields, ocsf_actor);
  if (what == 2 || what == 3 || what == 7) return IgnoreReason::other_event;  // close, reset, listen
  if (!process && (what != 1 || system == System::unsaid))
    return IgnoreReason::other_event;  // a firewall's, not an endpoint's
  if (is_incoming(fields)) return IgnoreReason::incoming;
  if (is_not_connected(fields, what)) return IgnoreReason::not_connected;
  return std::nullopt;
}

std::optional<IgnoreReason> why_ignored(const Fields& fields) {
  const System system = system_of(fields);
  if (system == System::other) return IgnoreReason::not_windows;
  const auto kind = class_of(fields);
  if (kind == network_activity) return why_connection_ignored(fields, system);
  if (kind == process_activity && activity(fields, process_activities) == 1u && !has_failed(fields)) return std::nullopt;
  return IgnoreReason::other_event;
}

ProcessFields read_process(const Fields& fields, const OcsfProcessSlots& slots) {
  ProcessFields out;
  out.executable = fields.text(slots.path);
  out.name = fields.first_of(slots.name, slots.file);
  out.name = base_name(out.name.empty() ? out.executable : out.name);  // some products write the path into the name
  if (out.executable.empty() && fields.text(slots.name).find('\\') != std::string_view::npos)
    out.executable = fields.text(slots.name);
  out.entity_id = fields.text(slots.uid);
  out.pid = fields.number(slots.pid);
  out.command_line = fields.text(slots.command_line);
  const auto algorithm = fields.number(slots.hash_id);
  if (algorithm == 3u || fields.is(slots.hash_name, "SHA-256") || fields.is(slots.hash_name, "SHA256"))
    out.hash_sha256 = fields.text(slots.hash);
  if (algorithm == 2u || fields.is(slots.hash_name, "SHA-1") || fields.is(slots.hash_name, "SHA1"))
    out.hash_sha1 = fields.text(slots.hash);
  if (algorithm == 1u || fields.is(slots.hash_name, "MD5")) out.hash_md5 = fields.text(slots.hash);
  return out;
}

/// `uid` may be a SID or whatever a product knows a user by.
UserFields read_user(const Fields& fields, Slot name, Slot domain, Slot uid) {
  UserFields out = split_user(fields.text(name));
  if (fields.has(domain)) out.domain = fields.text(domain);
  if (equals_folded(fields.text(uid).substr(0, 4), "S-1-")) out.id = fields.text(uid);
  return out;
}

UserFields read_actor_user(const Fields& fields) {
  const UserFields out = read_user(fields, Slot::ocsf_user_name, Slot::ocsf_user_domain, Slot::ocsf_user_uid);
  if (out.known()) return out;
  return read_user(fields, Slot::ocsf_actor_process_user_name, Slot::ocsf_actor_process_user_domain,
                   Slot::ocsf_actor_process_user_uid);
}

ProcessStartEvent read_start(const Fields& fields) {
  ProcessStartEvent out;
  out.process = read_process(fields, ocsf_process);
  out.parent =
      read_process(fields, named(fields, ocsf_actor) || fields.has(Slot::ocsf_actor_pid) ? ocsf_actor : ocsf_parent);
  out.user =
      read_user(fields, Slot::ocsf_process_user_name, Slot::ocsf_process_user_domain, Slot::ocsf_process_user_uid);
  if (!out.user.known()) out.user = read_actor_user(fields);
  return out;
}

Decoded read_connection(const EventInput& in, Event event) {
  const Fields& fields = in.fields;
  ConnectionEvent out;
  out.process = read_process(fields, ocsf_actor);
  out.parent = read_process(fields, ocsf_actor_parent);
  out.user = read_actor_user(fields);
  if (out.process.name.empty())
    return rejected(in, format, RejectReason::no_process, Slot::ocsf_actor_name, "and its file are missing");
  if (auto bad = read_destination(in, format, {Slot::ocsf_ip}, Slot::ocsf_port, out)) return *bad;
  out.transport = read_transport(fields.first_of(Slot::ocsf_protocol_name, Slot::ocsf_protocol_number));
  event.what = out;
  return event;
}

}  // namespace

bool is_ocsf(const Fields& fields) { return fields.has(Slot::ocsf_class) && tells_activity(fields); }

bool is_ocsf_by_captions(const Fields& fields) {
  const auto kind = class_of(fields);
  return (kind == network_activity || kind == process_activity) && tells_activity(fields);
}

Decoded read_ocsf(const EventInput& in) {
  const Fields& fields = in.fields;
  const TimeReading time = read_time(fields, {Slot::ocsf_time, Slot::timestamp});
  const std::string_view name = fields.first_of(Slot::ocsf_host, Slot::ocsf_device_name);
  const std::string_view id = fields.text(Slot::ocsf_device_uid);
  if (const auto reason = why_ignored(fields)) return ignored(format, *reason, time.time, name.empty() ? id : name);
  if (!time.time) return rejected(in, format, time);
  if (name.empty() && id.empty())
    return rejected(in, format, RejectReason::no_host, Slot::ocsf_host, "and device.uid are missing");

  Event event;
  event.format = format;
  event.time = *time.time;
  event.host = {name, id, fields.first_of(Slot::ocsf_os_name, Slot::ocsf_os_type), fields.text(Slot::ocsf_device_ip)};
  event.cloud = read_cloud(fields);
  if (fields.has(Slot::ocsf_account)) event.cloud.account_id = fields.text(Slot::ocsf_account);
  if (fields.has(Slot::ocsf_instance)) event.cloud.instance_id = fields.text(Slot::ocsf_instance);
  event.event_id = fields.text(Slot::ocsf_uid);
  event.peer_value = fields.text(Slot::configured_peer);
  event.namespace_value = fields.text(Slot::configured_namespace);
  if (class_of(fields) == network_activity) return read_connection(in, event);
  event.what = read_start(fields);
  return event;
}

}  // namespace imdswatch
