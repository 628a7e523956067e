#include <algorithm>

#include "formats.hpp"
#include "json_text.hpp"
#include "reading.hpp"

namespace imdswatch {
namespace {

constexpr Format format = Format::crowdstrike;

bool is_connection(const Fields& fields) {
  return fields.is(Slot::falcon_event, "NetworkConnectIP4") || fields.is(Slot::falcon_event, "NetworkConnectIP6");
}

/// Synthetic: a process that ran when the sensor began.
bool is_start(const Fields& fields) {
  return fields.is(Slot::falcon_event, "ProcessRollup2") || fields.is(Slot::falcon_event, "SyntheticProcessRollup2");
}

bool is_accepted(const Fields& fields) {
  return fields.is(Slot::falcon_event, "NetworkReceiveAcceptIP4") ||
         fields.is(Slot::falcon_event, "NetworkReceiveAcceptIP6");
}

/// An event without a platform is from Windows unless its process has a path of another system.
bool on_windows(const Fields& fields) {
  if (fields.has(Slot::falcon_platform)) return is_windows(fields.text(Slot::falcon_platform));
  return !fields.first_of(Slot::falcon_image, Slot::falcon_context_image).starts_with('/');
}

std::optional<IgnoreReason> why_ignored(const Fields& fields) {
  if (!on_windows(fields)) return IgnoreReason::not_windows;
  if (is_accepted(fields)) return IgnoreReason::incoming;
  if (is_start(fields)) return std::nullopt;
  if (!is_connection(fields)) return IgnoreReason::other_event;
  if (fields.number(Slot::falcon_direction) == 1u) return IgnoreReason::incoming;
  return std::nullopt;
}

/// All zeros where the sensor has not hashed the file.
std::string_view read_hash(const Fields& fields, Slot slot) {
  const std::string_view text = fields.text(slot);
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '0'; }) ? std::string_view{} : text;
}

ProcessStartEvent read_start(const Fields& fields) {
  ProcessStartEvent out;
  out.process.executable = fields.text(Slot::falcon_image);
  out.process.name = base_name(out.process.executable);
  out.process.entity_id = fields.text(Slot::falcon_target_process);
  out.process.pid = fields.number(Slot::falcon_pid);
  out.process.command_line = fields.text(Slot::falcon_command_line);
  out.process.hash_sha256 = read_hash(fields, Slot::falcon_sha256);
  out.process.hash_sha1 = read_hash(fields, Slot::falcon_sha1);
  out.process.hash_md5 = read_hash(fields, Slot::falcon_md5);
  out.parent.name = fields.text(Slot::falcon_parent_name);
  out.parent.entity_id = fields.text(Slot::falcon_parent_process);
  out.user = {fields.text(Slot::falcon_user), {}, fields.text(Slot::falcon_sid)};
  return out;
}

/// Most sensors say by which process only in ProcessRollup2. The call is a call all the same.
Decoded read_connection(const EventInput& in, Event event) {
  const Fields& fields = in.fields;
  ConnectionEvent out;
  out.process.executable = fields.first_of(Slot::falcon_context_image, Slot::falcon_image);
  out.process.name = fields.has(Slot::falcon_context_name) ? fields.text(Slot::falcon_context_name)
                                                           : base_name(out.process.executable);
  if (out.process.name.empty()) out.process.name = unknown_process;
  out.process.entity_id = fields.text(Slot::falcon_context_process);
  out.user = {fields.text(Slot::falcon_user), {}, fields.text(Slot::falcon_sid)};
  const bool six = fields.is(Slot::falcon_event, "NetworkConnectIP6");
  const Slot named = six ? Slot::falcon_remote_ip6 : Slot::falcon_remote_ip4;  // as the event is; some sensors write the other
  const Slot other = six ? Slot::falcon_remote_ip4 : Slot::falcon_remote_ip6;
  if (auto bad = read_destination(in, format, {named, other}, Slot::falcon_remote_port, out)) return *bad;
  out.transport = read_transport(fields.text(Slot::falcon_protocol));
  event.what = out;
  return event;
}

}  // namespace

/// `timestamp` is when the cloud got the event. A process that ran before the sensor may have started days ago: such an event tells
/// of it now.
Decoded read_crowdstrike(const EventInput& in) {
  const Fields& fields = in.fields;
  const bool just_started = fields.is(Slot::falcon_event, "ProcessRollup2");
  const TimeReading time =
      just_started ? read_time(fields, {Slot::falcon_start_time, Slot::falcon_context_time, Slot::other_time, Slot::timestamp})
                   : read_time(fields, {Slot::falcon_context_time, Slot::other_time, Slot::timestamp});
  const std::string_view name = fields.text(Slot::falcon_computer);
  const std::string_view id = fields.text(Slot::falcon_aid);
  if (const auto reason = why_ignored(fields)) return ignored(format, *reason, time.time, name.empty() ? id : name);
  if (!time.time) return rejected(in, format, time);

  Event event;
  event.format = format;
  event.time = *time.time;
  event.host = {name, id, {}, {}};
  event.event_id = fields.text(Slot::falcon_id);
  event.peer_value = fields.text(Slot::configured_peer);
  event.namespace_value = fields.text(Slot::configured_namespace);
  if (is_connection(fields)) return read_connection(in, event);
  event.what = read_start(fields);
  return event;
}

}  // namespace imdswatch
