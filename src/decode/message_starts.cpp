#include <algorithm>
#include <array>

#include "imdswatch/base/hash.hpp"
#include "imdswatch/decode/event_time.hpp"
#include "json_text.hpp"
#include "message.hpp"
#include "shape_tokens.hpp"
#include "start_shape.hpp"

namespace imdswatch {
namespace {

using Meaning = ShapeBook::Meaning;
using StartKey = ShapeBook::StartKey;

/// What a scalar says, if it is written without escapes, and says something.
std::optional<std::string_view> plain_text(std::string_view token) {
  const bool quoted = token.starts_with('"');
  if (quoted ? token.find('\\') != std::string_view::npos : token == "null" || !is_json_literal(token)) return std::nullopt;
  const std::string_view text = quoted ? without_quotes(token) : token;
  return text.empty() || text == "-" ? std::nullopt : std::optional{text};
}

/// False where only reading it tells.
bool add(StartIdentity& identity, Meaning meaning, std::string_view token) {
  if (meaning == Meaning::host || meaning == Meaning::program) {
    std::uint64_t& written = meaning == Meaning::host ? identity.written_host : identity.written_program;
    written = quick_hash64(token, written);
    return true;
  }
  const auto text = plain_text(token);
  if (!text) return false;
  if (meaning == Meaning::pid) return (identity.pid = number_of(*text)).has_value();
  if (meaning == Meaning::started) return (identity.started = parse_event_time(*text)).has_value();
  if (meaning == Meaning::entity_id) identity.entity_id = *text;
  return true;
}

/// What a start, read, tells of which process it is of.
struct Told {
  std::string_view entity_id;
  std::optional<std::uint64_t> pid;
  std::optional<EventTime> started;
  std::array<std::string_view, 3> host;
  std::array<std::string_view, 2> program;
};
Told told_of(const Event& event) {
  const ProcessFields& process = std::get<ProcessStartEvent>(event.what).process;
  return {process.entity_id, process.pid, process.started, {event.host.name, event.host.id, event.namespace_value}, {process.name, process.executable}};
}

/// Another value of the same sort.
std::string_view other_than(std::string_view text) {
  if (number_of(text)) return "4611686018427387";
  return parse_event_time(text) ? "2001-02-03T04:05:06Z" : "{6a09e667-f3bc-c908-b2fb-1366ea957d3e}";
}

bool is_start(const Decoded& decoded) {
  const auto* const event = std::get_if<Event>(&decoded);
  return event != nullptr && std::holds_alternative<ProcessStartEvent>(event->what);
}

}  // namespace

void MessageReader::identify(std::string_view message, Places places, const ShapeBook::Start& start, std::optional<StartIdentity>& identity) {
  identity.reset();
  if (start.number == 0) return;
  identity.emplace();  // filled where it stands
  identity->written_host = identity->written_program = start.number;
  for (const auto& [value, meaning] : start.identifying) {
    std::string_view token = value.written(message, places);
    if (!token.starts_with('"')) token = value.token(message, places);
    if (!add(*identity, meaning, token)) return identity.reset();
  }
}

bool MessageReader::keep_start(std::string_view message, Places places, const ShapeBook::Start& start, KeptTokens& kept) {
  kept.clear();
  for (const ShapeBook::Value& value : start.values) {
    if (kept.append_text(message, value.written(message, places))) continue;
    const std::string_view token = value.token(message, places);
    if (token.empty() || (token.front() == '[' && !walk_.token(token, nullptr))) return false;
    if (!kept.append(message, static_cast<std::size_t>(token.data() - message.data()), token.size())) return false;
  }
  return true;
}

const Event* MessageReader::read_start(std::string_view message, Places places, Format format, ShapeBook::Start& start, std::vector<Decoded>& out) {
  fields_.clear();
  for (const StartKey& key : start.keys) {
    if (!key.text.empty()) {
      walk_.text(key.text, key.node);
    } else {
      const std::string_view token = key.literal.empty() ? start.values[key.value].token(message, places) : std::string_view(key.literal);
      if (token.empty() || !walk_.token(token, key.node)) return nullptr;
    }
  }
  emit(format, out);
  if (!is_start(out.back())) return nullptr;
  const Event& event = std::get<Event>(out.back());
  if (start.number == 0 && start.attempts > 0) learn_meanings(message, places, event, start);
  return &event;
}

void MessageReader::learn_meanings(std::string_view message, Places places, const Event& event, ShapeBook::Start& start) {
  --start.attempts;
  const Told told = told_of(event);
  const Fields as_read = fields_;
  std::vector<ShapeBook::Identifying> identifying;
  for (const StartKey& key : start.keys) {
    if (!key.literal.empty()) continue;
    const ShapeBook::Value& value = start.values[key.value];
    const auto meaning = meaning_of(key, value.token(message, places), as_read, event);
    fields_ = as_read;
    if (!meaning) return;
    if (*meaning != Meaning::none) identifying.push_back({value, *meaning});
  }
  const auto values_of = [&](Meaning meaning) { return std::ranges::count(identifying, meaning, &ShapeBook::Identifying::meaning); };
  if (values_of(Meaning::entity_id) != (told.entity_id.empty() ? 0 : 1) || values_of(Meaning::pid) != (told.pid ? 1 : 0)) return;
  if (values_of(Meaning::started) != (told.started ? 1 : 0) || (values_of(Meaning::other) > 0 && !told.pid)) return;
  start.identifying = std::move(identifying);
  start.number = ++numbered_starts_;
}

std::optional<Meaning> MessageReader::meaning_of(const StartKey& key, std::string_view token, const Fields& as_read, const Event& event) {
  const auto& slots = key.node->slots;
  const auto is_namespace = [](const auto& place) { return place.slot == Slot::configured_namespace; };
  if (std::ranges::any_of(slots, is_namespace)) return slots.size() == 1 ? std::optional{Meaning::host} : std::nullopt;
  if (key.role == Role::time) return Meaning::none;
  const bool names = key.role == Role::host || key.role == Role::named;
  std::string_view text;
  if ((!names && key.role != Role::identifies) || walk_.text_of(token, text) != WalkError::none || text.empty() || text == "-") return std::nullopt;

  const std::string_view other = other_than(text);
  for (const auto& place : slots)
    if (as_read.text(place.slot) == text) fields_.replace(place.slot, other);
  const Decoded again = read_as(event.format, {fields_, arena_});
  if (!is_start(again)) return std::nullopt;
  const Told before = told_of(event), after = told_of(std::get<Event>(again));
  const bool entity_id = before.entity_id != after.entity_id, pid = before.pid != after.pid, started = before.started != after.started;
  const bool host = before.host != after.host, program = before.program != after.program;
  switch (int{entity_id} + int{pid} + int{started} + int{host} + int{program}) {
    case 0: return names ? Meaning::none : Meaning::other;  // a name says something, or the shape does not fit
    case 1:
      if (host && names) return Meaning::host;
      if (program && key.role == Role::named) return Meaning::program;
      if (entity_id && after.entity_id == other) return Meaning::entity_id;
      if (pid && after.pid == number_of(other)) return Meaning::pid;
      if (started && after.started == parse_event_time(other)) return Meaning::started;
      break;
    default: break;
  }
  return std::nullopt;
}

void MessageReader::read_kept(const StartShape& shape, std::string_view tokens, std::vector<Decoded>& out) {
  clear();
  fields_.clear();
  for (const StartShape::Part& part : shape.parts) walk_.token(part.literal.empty() ? KeptTokens::take(tokens) : std::string_view(part.literal), part.node);
  emit(format_of_event(), out);
}

}  // namespace imdswatch
