#include "custom.hpp"

#include <algorithm>

#include "custom_pointers.hpp"
#include "imdswatch/base/check.hpp"
#include "json_text.hpp"
#include "reading.hpp"
#include "windows_event.hpp"

namespace imdswatch {
namespace {

constexpr Format format = Format::custom;

CustomField next(CustomField field, int places) { return static_cast<CustomField>(static_cast<int>(field) + places); }

}  // namespace

const std::vector<std::string_view>& custom_fields() {
  static const std::vector<std::string_view> names{
      "@timestamp", "event.id",
      "host.name", "host.id", "host.ip", "host.os.name",
      "process.name", "process.executable", "process.entity_id", "process.pid", "process.command_line",
      "process.hash.sha256", "process.hash.sha1", "process.hash.md5",
      "process.code_signature.exists", "process.code_signature.trusted", "process.code_signature.valid", "process.code_signature.subject_name",
      "process.parent.name", "process.parent.executable", "process.parent.entity_id", "process.parent.pid", "process.parent.command_line",
      "process.parent.hash.sha256", "process.parent.hash.sha1", "process.parent.hash.md5",
      "process.parent.code_signature.exists", "process.parent.code_signature.trusted", "process.parent.code_signature.valid",
      "process.parent.code_signature.subject_name",
      "user.name", "user.domain", "user.id",
      "destination.ip", "destination.port", "network.transport",
      "agent.id", "agent.name", "agent.type", "agent.version",
      "cloud.provider", "cloud.account.id", "cloud.instance.id", "cloud.region",
  };
  IMDS_CHECK(names.size() == static_cast<std::size_t>(CustomField::count));
  return names;
}

CustomReader::CustomReader(const CustomMapping& mapping, PathTree& tree) : time_(mapping.time_format) {
  const auto& names = custom_fields();
  for (const auto& entry : mapping.fields) {
    const auto found = std::find(names.begin(), names.end(), entry.name);
    IMDS_CHECK(found != names.end());
    auto& slots = slots_[static_cast<std::size_t>(found - names.begin())];
    for (const std::string& pointer : entry.values) slots.push_back(slot_of(pointer, tree));
  }
  event_ = compile(mapping.event, tree);
  connection_ = compile(mapping.connection, tree);
  start_ = compile(mapping.process_start, tree);
  windows_ = compile(mapping.windows, tree);
  outgoing_ = compile(mapping.outgoing, tree);
  connected_ = compile(mapping.connected, tree);
}

Slot CustomReader::slot_of(const std::string& pointer, PathTree& tree) {
  IMDS_CHECK(by_path_.size() < limits::max_custom_pointers);
  const auto free = static_cast<Slot>(static_cast<std::size_t>(Slot::custom_first) + by_path_.size());
  const auto [found, added] = by_path_.emplace(path_of_pointer(pointer), free);
  if (added) tree.add(free, found->first);
  return found->second;
}

CustomReader::Conditions CustomReader::compile(const CustomMapping::Entries& entries, PathTree& tree) {
  Conditions out;
  for (const auto& entry : entries) {
    auto& values = out.emplace_back(slot_of(entry.name, tree), entry.values).second;
    for (std::string& value : values) value = trimmed(value);  // as the event's are compared
  }
  return out;
}

bool CustomReader::hold(const Conditions& conditions, const Fields& fields) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const auto& condition) {
    const auto& [slot, values] = condition;
    return std::any_of(values.begin(), values.end(), [&, at = slot](const std::string& value) { return fields.contains(at, value); });
  });
}

bool CustomReader::recognises(const Fields& fields) const {
  return event_.empty() ? tells(connection_, fields) || tells(start_, fields) : hold(event_, fields);
}

std::optional<Slot> CustomReader::said(const Fields& fields, CustomField field) const {
  for (const Slot slot : slots_[static_cast<std::size_t>(field)])
    if (fields.has(slot)) return slot;
  return std::nullopt;
}

std::string_view CustomReader::text(const Fields& fields, CustomField field) const {
  const auto slot = said(fields, field);
  return slot ? fields.text(*slot) : std::string_view{};
}

std::optional<EventTime> CustomReader::time(const Fields& fields) const {
  for (const Slot slot : slots_[static_cast<std::size_t>(CustomField::time)])
    if (const auto time = fields.has(slot) ? time_.parse(fields.text(slot)) : std::nullopt) return time;
  return std::nullopt;
}

std::optional<IgnoreReason> CustomReader::why_ignored(const Fields& fields) const {
  if (!hold(windows_, fields)) return IgnoreReason::not_windows;
  const bool is_connection = tells(connection_, fields);
  if (!is_connection && !tells(start_, fields)) return IgnoreReason::other_event;
  if (is_connection && !hold(outgoing_, fields)) return IgnoreReason::incoming;
  if (is_connection && !hold(connected_, fields)) return IgnoreReason::not_connected;
  return std::nullopt;
}

/// `name` is the first of a process's or a parent's fields.
ProcessFields CustomReader::process(const Fields& fields, CustomField name) const {
  ProcessFields out;
  const auto flag = [&](int places) {
    const auto slot = said(fields, next(name, places));
    return slot ? fields.flag(*slot) : std::nullopt;
  };
  out.executable = text(fields, next(name, 1));
  out.name = said(fields, name) ? base_name(text(fields, name)) : base_name(out.executable);
  out.entity_id = text(fields, next(name, 2));
  if (const auto pid = said(fields, next(name, 3))) out.pid = fields.number(*pid);
  out.command_line = text(fields, next(name, 4));
  out.hash_sha256 = text(fields, next(name, 5));
  out.hash_sha1 = text(fields, next(name, 6));
  out.hash_md5 = text(fields, next(name, 7));
  out.signature = {flag(8), flag(9), flag(10), text(fields, next(name, 11))};
  return out;
}
static_assert(static_cast<int>(CustomField::process_signature_subject) - static_cast<int>(CustomField::process_name) == 11);
static_assert(static_cast<int>(CustomField::parent_signature_subject) - static_cast<int>(CustomField::parent_name) == 11);

UserFields CustomReader::user(const Fields& fields) const {
  UserFields out{text(fields, CustomField::user_name), text(fields, CustomField::user_domain), {}};
  if (out.domain.empty()) out = split_user(out.name);
  out.id = text(fields, CustomField::user_id);
  return out;
}

Decoded CustomReader::rejected_at(const EventInput& in, RejectReason reason, CustomField field, std::string_view what) const {
  const std::string_view name = custom_fields()[static_cast<std::size_t>(field)];
  const std::string_view value = cut_for_detail(text(in.fields, field));
  if (value.empty()) return Rejected{format, reason, in.arena.join({name, " stands at none of the pointers of `custom`"})};
  return Rejected{format, reason, in.arena.join({name, ": \"", value, "\" ", what})};
}

Decoded CustomReader::connection(const EventInput& in, Event event) const {
  const Fields& fields = in.fields;
  ConnectionEvent out;
  out.process = process(fields, CustomField::process_name);
  out.parent = process(fields, CustomField::parent_name);
  out.user = user(fields);
  if (out.process.name.empty()) return rejected_at(in, RejectReason::no_process, CustomField::process_name, "is no name");
  const auto destination = read_address(fields, slots_[static_cast<std::size_t>(CustomField::destination_ip)]).found;
  if (!destination) return rejected_at(in, RejectReason::bad_address, CustomField::destination_ip, "is no IP address");
  out.destination = destination->address;
  if (const auto port = said(fields, CustomField::destination_port)) out.port = read_port(fields, *port);
  if (!out.port) out.port = destination->port;
  out.transport = read_transport(text(fields, CustomField::network_transport));
  event.what = out;
  return event;
}

Decoded CustomReader::read(const EventInput& in, const MadeUp& made_up) const {
  const Fields& fields = in.fields;
  const auto when = made_up.time ? made_up.time : time(fields);
  const std::string_view id = text(fields, CustomField::host_id);
  const std::string_view name = made_up.host.empty() ? text(fields, CustomField::host_name) : made_up.host;
  if (const auto reason = why_ignored(fields)) return ignored(format, *reason, when, name.empty() ? id : name);
  if (!when) {
    const auto why = said(fields, CustomField::time) ? RejectReason::bad_time : RejectReason::no_time;
    return rejected_at(in, why, CustomField::time, "is no time of custom.time_format between 1980 and 2200");
  }
  if (name.empty() && id.empty()) return rejected_at(in, RejectReason::no_host, CustomField::host_name, "is no name");

  Event event;
  event.format = format;
  event.time = *when;
  event.host = {name, id, text(fields, CustomField::host_os_name), text(fields, CustomField::host_ip)};
  event.agent = {text(fields, CustomField::agent_id), text(fields, CustomField::agent_name), text(fields, CustomField::agent_type),
                 text(fields, CustomField::agent_version)};
  event.cloud = {text(fields, CustomField::cloud_provider), text(fields, CustomField::cloud_account_id),
                 text(fields, CustomField::cloud_instance_id), text(fields, CustomField::cloud_region)};
  event.event_id = text(fields, CustomField::event_id);
  event.peer_value = fields.text(Slot::configured_peer);
  event.namespace_value = fields.text(Slot::configured_namespace);
  if (tells(connection_, fields)) return connection(in, event);
  ProcessStartEvent start;
  start.process = process(fields, CustomField::process_name);
  start.parent = process(fields, CustomField::parent_name);
  start.user = user(fields);
  event.what = start;
  return event;
}

}  // namespace imdswatch
