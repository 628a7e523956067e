#include "reading.hpp"

#include "imdswatch/decode/event_time.hpp"
#include "json_text.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t longest_quoted = 80;

}  // namespace

std::string_view cut_for_detail(std::string_view text) {
  if (text.size() <= longest_quoted) return text;
  std::size_t end = longest_quoted;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

TimeReading read_time(const Fields& fields, std::initializer_list<Slot> slots) {
  TimeReading out;
  out.where = *slots.begin();
  for (const Slot slot : slots) {
    if (!fields.has(slot)) continue;
    if (const auto time = parse_event_time(fields.text(slot))) {
      out.time = time;
      return out;
    }
    if (out.why_none == RejectReason::no_time) out.where = slot;
    out.why_none = RejectReason::bad_time;
  }
  return out;
}

Decoded ignored(Format format, IgnoreReason reason, std::optional<EventTime> time, std::string_view host) {
  return Ignored{format, reason, time, host};
}

Decoded rejected(const EventInput& in, Format format, RejectReason reason, Slot where, std::string_view what) {
  const std::string_view text = in.fields.text(where);
  if (text.empty()) return Rejected{format, reason, in.arena.join({path_of(where), " ", what})};
  if (reason == RejectReason::no_process) what = "names no program";
  return Rejected{format, reason, in.arena.join({path_of(where), ": \"", cut_for_detail(text), "\" ", what})};
}

Decoded rejected(const EventInput& in, Format format, const TimeReading& time) {
  const bool missing = time.why_none == RejectReason::no_time;
  return rejected(in, format, time.why_none, time.where, missing ? "is missing, and so is any other time" : "is no time between 1980 and 2200");
}

std::string_view base_name(std::string_view path) {
  const auto slash = path.find_last_of("\\/");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::optional<std::uint16_t> read_port(const Fields& fields, Slot slot) {
  const auto number = fields.number(slot);
  if (!number || *number > 0xffff) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

bool is_inbound(std::string_view direction) {
  direction = trimmed(direction);
  for (const auto* const word : {"%%14592", "inbound", "in", "ingress", "incoming"})
    if (equals_folded(direction, word)) return true;
  return false;
}

AddressReading read_address(const Fields& fields, std::span<const Slot> slots) {
  AddressReading out;
  out.where = slots.front();
  bool said = false;
  for (const Slot slot : slots) {
    out.found = parse_endpoint(fields.text(slot));
    if (out.found) return out;
    if (!said && fields.has(slot)) out.where = slot, said = true;
  }
  return out;
}

std::optional<Decoded> read_destination(const EventInput& in, Format format, std::initializer_list<Slot> addresses, Slot port, ConnectionEvent& out) {
  const AddressReading reading = read_address(in.fields, {addresses.begin(), addresses.size()});
  if (!reading.found) return rejected(in, format, RejectReason::bad_address, reading.where, "is no IP address");
  out.destination = reading.found->address;
  out.port = read_port(in.fields, port);
  if (!out.port) out.port = reading.found->port;
  return std::nullopt;
}

std::string_view read_transport(std::string_view text) {
  text = trimmed(text);
  if (equals_folded(text, "tcp") || text == "6") return "tcp";
  if (equals_folded(text, "udp") || text == "17") return "udp";
  return text;
}

AgentFields read_agent(const Fields& fields) {
  return {fields.text(Slot::agent_id), fields.text(Slot::agent_name), fields.text(Slot::agent_type), fields.text(Slot::agent_version)};
}

CloudFields read_cloud(const Fields& fields) {
  return {fields.text(Slot::cloud_provider), fields.text(Slot::cloud_account_id), fields.text(Slot::cloud_instance_id),
          fields.text(Slot::cloud_region)};
}

bool is_windows(std::string_view system) {
  constexpr std::string_view word = "windows";
  system = trimmed(system);
  if (equals_folded(system.substr(0, 3), word.substr(0, 3))) return true;
  for (; system.size() >= word.size(); system.remove_prefix(1))
    if (equals_folded(system.substr(0, word.size()), word)) return true;
  return false;
}

bool same_first_label(std::string_view a, std::string_view b) { return equals_folded(a.substr(0, a.find('.')), b.substr(0, b.find('.'))); }

}  // namespace imdswatch
