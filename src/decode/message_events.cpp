#include <utility>

#include "formats.hpp"
#include "imdswatch/decode/event_time.hpp"
#include "message.hpp"
#include "slot_roles.hpp"

namespace imdswatch {
namespace {

/// A host or process whose name is there and says nothing, as the sieve sees it.
std::optional<std::pair<RejectReason, std::string_view>> named_by_blanks(const Event& event) {
  const auto says_nothing = [](std::string_view text, std::string_view nothing) { return text.find_first_not_of(nothing) == std::string_view::npos; };
  constexpr std::string_view stripped_of_hosts = " \t\r\n\"";
  if (says_nothing(event.host.name, stripped_of_hosts) && says_nothing(event.host.id, stripped_of_hosts))
    return std::pair{RejectReason::no_host, std::string_view("the host's name is blank")};
  const auto* const connection = std::get_if<ConnectionEvent>(&event.what);
  if (connection != nullptr && says_nothing(connection->process.name, " ")) return std::pair{RejectReason::no_process, std::string_view("the process's name is blank")};
  return std::nullopt;
}

}  // namespace

/// Where a topic is fixed to `custom`, its events are asked before any other format may take them for its own.
Format MessageReader::format_of_event() const {
  if (only_ == Format::custom && custom_ && custom_->recognises(fields_)) return Format::custom;
  const Format detected = detect_format(fields_);
  return detected == Format::unknown && custom_ && custom_->recognises(fields_) ? Format::custom : detected;
}

void MessageReader::emit(std::vector<Decoded>& out) {
  const Format format = format_of_event();
  if (only_ && format != *only_) {
    out.emplace_back(read_other({fields_, arena_}, format));
    return;
  }
  emit(format, out);
}

void MessageReader::emit(Format format, std::vector<Decoded>& out) {
  out.emplace_back(read_as(format, {fields_, arena_}));
  if (const auto* const event = std::get_if<Event>(&out.back())) {
    if (const auto blank = named_by_blanks(*event)) out.back() = Rejected{format, blank->first, blank->second};
  }
  auto* const rejected = explain_ ? std::get_if<Rejected>(&out.back()) : nullptr;
  if (rejected != nullptr) explain(format, *rejected);
}

Decoded MessageReader::read_as(Format format, const EventInput& in) const {
  switch (format) {
    case Format::unknown: return read_unknown(in);
    case Format::custom: return custom_->read(in, {});
    case Format::elastic_defend: return read_elastic_defend(in);
    case Format::winlogbeat_raw: return read_winlogbeat_raw(in);
    case Format::winlogbeat_ecs: return read_winlogbeat_ecs(in);
    case Format::windows_flat: return read_windows_flat(in);
    case Format::wazuh: return read_wazuh(in);
    case Format::defender: return read_defender(in);
    case Format::crowdstrike: return read_crowdstrike(in);
    case Format::ocsf: return read_ocsf(in);
    case Format::fluent_bit: return read_fluent_bit(in);
    case Format::azure_monitor: return read_azure_monitor(in);
    case Format::sentinelone: return read_sentinelone(in);
  }
  return read_unknown(in);
}

/// By reading it again with what it lacks made up: first the time, then the host.
void MessageReader::explain(Format format, Rejected& rejected) {
  CustomReader::MadeUp of_custom;  // its time may be of any form
  const auto read_again_with = [&](Role role, std::string_view value) {
    for (std::size_t i = 0; i < slot_count; ++i) {
      const auto slot = static_cast<Slot>(i);
      if (role_of(slot) != role) continue;
      fields_.put(slot, value);
      fields_.replace(slot, value);
    }
    const EventInput in{fields_, arena_};
    return format == Format::custom ? custom_->read(in, of_custom) : read_as(format, in);
  };
  const Fields as_written = fields_;
  RejectReason reason = rejected.reason;
  Decoded again = rejected;
  if (reason == RejectReason::no_time || reason == RejectReason::bad_time) {
    constexpr std::string_view some_time = "2000-01-01T00:00:00Z";
    of_custom.time = parse_event_time(some_time);
    again = read_again_with(Role::time, some_time);
    if (const auto* const still = std::get_if<Rejected>(&again)) reason = still->reason;
  }
  const bool without_host = reason == RejectReason::no_host;
  if (without_host) {
    of_custom.host = "?";
    again = read_again_with(Role::host, of_custom.host);
  }
  if (const auto* const event = std::get_if<Event>(&again)) {
    Event& told = explained_.emplace_back(*event);
    if (without_host) told.host = {};
    if (format != Format::custom) told.event_id = {};  // may hold what was made up
    rejected.otherwise = &told;
  }
  fields_ = as_written;
}

}  // namespace imdswatch
