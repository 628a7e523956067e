#include "glances.hpp"

#include <algorithm>

#include "decode_dump.hpp"

namespace imdswatch::testing {
namespace {

/// What is used of a process start: which process it is of, and what explains it.
std::string start_dump(const Event& identity, const ProcessStartEvent& told) {
  Event out;
  out.format = identity.format;
  out.time = identity.time;
  out.host.name = identity.host.name;
  out.host.id = identity.host.name.empty() ? identity.host.id : std::string_view();
  out.namespace_value = identity.namespace_value;
  out.what = told;
  const auto& process = std::get<ProcessStartEvent>(identity.what).process;
  return "start " + dump(Decoded{out}) + " of " + std::string(process.name.empty() ? process.executable : process.name) + " " +
         std::string(process.entity_id) + " " + (process.pid ? std::to_string(*process.pid) : "");
}

/// What an account says, and for a process start what is used of it.
std::string account(const Decoded& decoded) {
  if (const auto* ignored = std::get_if<Ignored>(&decoded))
    return "ignored " + std::string(to_string(ignored->format)) + " " + std::string(to_string(ignored->reason)) + " " +
           (ignored->time ? std::to_string(ignored->time->time_since_epoch().count()) : "");
  if (const auto* event = std::get_if<Event>(&decoded)) {
    if (std::holds_alternative<ProcessStartEvent>(event->what)) return start_dump(*event, std::get<ProcessStartEvent>(event->what));
    return "elsewhere " + std::string(to_string(event->format)) + " " + std::to_string(event->time.time_since_epoch().count());
  }
  return "rejected";
}

std::string account(const Glance& glance) {
  if (glance.kind == Glance::Kind::ignored) return account(Decoded{Ignored{glance.format, glance.reason, glance.time, {}}});
  Event event;
  event.format = glance.format;
  event.time = glance.time;
  event.what = ConnectionEvent{};
  return account(Decoded{event});
}

}  // namespace

bool has_call(std::span<const Decoded> all, const IpAddress& wanted) {
  return std::ranges::any_of(all, [&](const Decoded& one) {
    const auto* event = std::get_if<Event>(&one);
    const auto* connection = event == nullptr ? nullptr : std::get_if<ConnectionEvent>(&event->what);
    return connection != nullptr && connection->destination == wanted;
  });
}

Taken Glancer::take(std::string_view message, std::optional<Format> only) {
  const Glance* const glance = decoder.glance(message, only);
  if (glance != nullptr && glance->kind != Glance::Kind::start) return {glance->kind, false, account(*glance)};
  const KeptStart* const kept = glance == nullptr ? nullptr : decoder.keep_start();
  const Event* const event = kept == nullptr ? nullptr : decoder.read_start();
  if (event == nullptr) return {std::nullopt, false, dump(decoder.decode(message, only))};
  const std::string wrong = glance->identity ? told_wrongly(*glance->identity, *event) : std::string();
  const ProcessStartEvent* const recalled = decoder.recall(*kept);
  return {glance->kind, glance->identity.has_value(), (recalled != nullptr ? start_dump(*event, *recalled) : "damaged") + wrong};
}

std::string Glancer::told_wrongly(const StartIdentity& identity, const Event& event) {
  const ProcessFields& process = std::get<ProcessStartEvent>(event.what).process;
  const auto texts = [](auto... text) { return ((std::string(text) + '\n') + ...); };
  const std::string host = texts(event.host.name, event.host.id, event.namespace_value), program = texts(process.name, process.executable);
  std::string out;
  if (const auto [known, is_new] = hosts_.try_emplace(identity.written_host, host); known->second != host) out += ", written as the host " + known->second;
  if (const auto [known, is_new] = programs_.try_emplace(identity.written_program, program); known->second != program) out += ", written as the program " + known->second;
  if (identity.entity_id != process.entity_id) out += ", identified as " + std::string(identity.entity_id);
  if (identity.pid != process.pid) out += ", identified by the pid " + (identity.pid ? std::to_string(*identity.pid) : "none");
  if (identity.started != process.started) out += ", identified by another beginning";
  return out;
}

std::string difference(const Taken& taken, std::span<const Decoded> whole, const IpAddress& wanted) {
  const auto unless_same = [&](const std::string& told) {
    return taken.told == told ? std::string() : "taken for:\n" + taken.told + "\nbut it is:\n" + told;
  };
  if (!taken.by_looks) return unless_same(dump(whole));
  if (has_call(whole, wanted)) return "a call is passed over";
  if (whole.size() != 1) return "taken for one event, but there are " + std::to_string(whole.size());
  return unless_same(account(whole.front()));
}

}  // namespace imdswatch::testing
