#include "formats.hpp"
#include "json_text.hpp"
#include "reading.hpp"
#include "windows_event.hpp"

namespace imdswatch {
namespace {

constexpr Format format = Format::sentinelone;

struct ProcessSlots {
  Slot name, path, uid, pid, command_line, sha256, sha1, md5, is_signed, verified, publisher;
};
constexpr ProcessSlots source{Slot::s1_src_name,         Slot::s1_src_image,    Slot::s1_src_uid,      Slot::s1_src_pid,
                              Slot::s1_src_command_line, Slot::s1_src_sha256,   Slot::s1_src_sha1,     Slot::s1_src_md5,
                              Slot::s1_src_signed,       Slot::s1_src_verified, Slot::s1_src_publisher};
constexpr ProcessSlots source_parent{
    Slot::s1_src_parent_name,     Slot::s1_src_parent_image,        Slot::s1_src_parent_uid,
    Slot::s1_src_parent_pid,      Slot::s1_src_parent_command_line, Slot::s1_src_parent_sha256,
    Slot::s1_src_parent_sha1,     Slot::s1_src_parent_md5,          Slot::s1_src_parent_signed,
    Slot::s1_src_parent_verified, Slot::s1_src_parent_publisher};
constexpr ProcessSlots target{Slot::s1_tgt_name,         Slot::s1_tgt_image,    Slot::s1_tgt_uid,      Slot::s1_tgt_pid,
                              Slot::s1_tgt_command_line, Slot::s1_tgt_sha256,   Slot::s1_tgt_sha1,     Slot::s1_tgt_md5,
                              Slot::s1_tgt_signed,       Slot::s1_tgt_verified, Slot::s1_tgt_publisher};

/// "IP Connect", or "IPConnect" where a pipeline has taken the blanks away.
bool is_type(const Fields& fields, std::string_view without_blanks) {
  const std::string_view type = fields.text(Slot::event_type);
  std::size_t at = 0;
  for (const char c : type) {
    if (c == ' ') continue;
    if (at == without_blanks.size() || !equals_folded({&c, 1}, without_blanks.substr(at, 1))) return false;
    ++at;
  }
  return at == without_blanks.size();
}

bool on_windows(const Fields& fields) {
  const std::string_view os = fields.first_of(Slot::s1_os, Slot::s1_os_name);
  if (os.empty()) return !fields.first_of(Slot::s1_src_image, Slot::s1_tgt_image).starts_with('/');
  return is_windows(os);
}

std::optional<IgnoreReason> why_ignored(const Fields& fields) {
  if (!on_windows(fields)) return IgnoreReason::not_windows;
  if (is_type(fields, "ProcessCreation")) return std::nullopt;
  if (!is_type(fields, "IPConnect")) return IgnoreReason::other_event;
  if (is_inbound(fields.text(Slot::s1_direction))) return IgnoreReason::incoming;
  if (fields.has(Slot::s1_status) && !fields.is(Slot::s1_status, "SUCCESS")) return IgnoreReason::not_connected;
  return std::nullopt;
}

CodeSignature read_signature(const Fields& fields, const ProcessSlots& slots) {
  CodeSignature out;
  if (fields.has(slots.is_signed)) out.exists = fields.is(slots.is_signed, "signed");
  if (fields.has(slots.verified)) out.trusted = out.valid = fields.is(slots.verified, "verified");
  out.subject = fields.text(slots.publisher);
  return out;
}

ProcessFields read_process(const Fields& fields, const ProcessSlots& slots) {
  ProcessFields out;
  out.executable = fields.text(slots.path);
  out.name = fields.has(slots.name) ? fields.text(slots.name) : base_name(out.executable);
  out.entity_id = fields.text(slots.uid);
  out.pid = fields.number(slots.pid);
  out.command_line = fields.text(slots.command_line);
  out.hash_sha256 = fields.text(slots.sha256);
  out.hash_sha1 = fields.text(slots.sha1);
  out.hash_md5 = fields.text(slots.md5);
  out.signature = read_signature(fields, slots);
  return out;
}

/// The event has the protocol of the application; the transport is in the name of the agent's own event: TCPV4, UDPV6.
std::string_view transport(const Fields& fields) {
  const std::string_view name = trimmed(fields.text(Slot::s1_meta)).substr(0, 3);
  return equals_folded(name, "tcp") || equals_folded(name, "udp") ? read_transport(name) : std::string_view{};
}

Decoded read_connection(const EventInput& in, Event event) {
  const Fields& fields = in.fields;
  ConnectionEvent out;
  out.process = read_process(fields, source);
  out.parent = read_process(fields, source_parent);
  out.user = split_user(fields.text(Slot::s1_src_user));
  if (out.process.name.empty())
    return rejected(in, format, RejectReason::no_process, Slot::s1_src_name, "and src.process.image.path are missing");
  if (auto bad = read_destination(in, format, {Slot::s1_ip}, Slot::s1_port, out)) return *bad;
  out.transport = transport(fields);
  event.what = out;
  return event;
}

}  // namespace

/// `timestamp` is a time of day without its day.
Decoded read_sentinelone(const EventInput& in) {
  const Fields& fields = in.fields;
  const TimeReading time = read_time(fields, {Slot::s1_time, Slot::timestamp});
  const std::string_view name = fields.text(Slot::s1_host);
  const std::string_view id = fields.text(Slot::s1_agent);
  if (const auto reason = why_ignored(fields)) return ignored(format, *reason, time.time, name.empty() ? id : name);
  if (!time.time) return rejected(in, format, time);

  Event event;
  event.format = format;
  event.time = *time.time;
  event.host = {name, id, fields.first_of(Slot::s1_os_name, Slot::s1_os), {}};
  event.agent = read_agent(fields);
  event.agent.id = id;
  event.event_id = fields.text(Slot::event_id);
  event.peer_value = fields.text(Slot::configured_peer);
  event.namespace_value = fields.text(Slot::configured_namespace);
  if (is_type(fields, "IPConnect")) return read_connection(in, event);
  event.what = ProcessStartEvent{read_process(fields, target), read_process(fields, source),
                                 split_user(fields.text(Slot::s1_tgt_user))};
  return event;
}

}  // namespace imdswatch
