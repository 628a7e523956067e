#include "shape_book.hpp"

#include <algorithm>
#include <cstring>

#include "imdswatch/decode/event_time.hpp"
#include "json_token.hpp"

namespace imdswatch {
namespace {

bool says_nothing(std::string_view token) { return token == "null" || token == "\"\"" || token == "\"-\"" || token == "[]"; }

/// A value without escapes, its quotes taken off.
std::optional<std::string_view> plain_value(std::string_view token) {
  if (token.empty() || token.front() == '[' || token.front() == '{' || token.find('\\') != std::string_view::npos) return std::nullopt;
  if (token.front() != '"') return token;
  if (token.size() < 2) return std::nullopt;
  return token.substr(1, token.size() - 2);
}

std::optional<EventTime> time_of(std::string_view token) {
  const auto value = plain_value(token);
  return value ? parse_event_time(*value) : std::nullopt;
}

bool begins_with_slash(std::string_view token) { return token.starts_with("\"/") || token.starts_with("\"\\/"); }

bool is_one_name(std::string_view token) { return token.size() > 2 && token.front() == '"' && !says_nothing(token); }

}  // namespace

bool ShapeBook::fits(const Variant& variant, std::string_view message, const Look& look, EventTime& time) {
  if (closing_of(message) != variant.tail) return false;
  Look::Cursor cursor(look);
  for (const Check& check : variant.checks) {
    const std::size_t end = cursor.end_of(check.key.number);
    const std::string& name = check.key.name;
    if (end + 1 < name.size() || std::memcmp(message.data() + end + 1 - name.size(), name.data(), name.size()) != 0) return false;
    const std::size_t begin = value_begin(message, end);
    if (check.role == Role::decides) {
      if (!message.substr(begin).starts_with(check.literal)) return false;
      if (token_end(message, begin) != begin + check.literal.size()) return false;
      continue;
    }
    const std::string_view token = message.substr(begin, token_end(message, begin) - begin);
    if (check.role == Role::named || check.role == Role::host) {
      if (!is_one_name(token) || begins_with_slash(token) != check.slash) return false;
    } else if (check.role == Role::address) {
      const auto value = plain_value(token);
      if (!value || !parse_ip_address(*value)) return false;
    } else {
      const auto parsed = time_of(token);
      if (!parsed) return false;
      time = *parsed;
    }
  }
  return true;
}

std::optional<ShapeBook::Recognised> ShapeBook::find(std::string_view message, const Look& look) {
  const auto found = shapes_.find(look.shape());
  if (found == shapes_.end()) return std::nullopt;
  auto& variants = found->second.variants;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    EventTime time;
    if (!fits(variants[i], message, look, time)) continue;
    if (i > 0) std::swap(variants[i], variants[i - 1]);
    Variant& fitting = variants[i > 0 ? i - 1 : 0];
    fitting.glance.time = time;
    return Recognised{fitting.glance, fitting.keys};
  }
  return std::nullopt;
}

std::optional<ShapeBook::Variant> ShapeBook::make_variant(std::string_view message, const Look& look, const char* text,
                                                          std::span<const Walk::Visit> visits, const SlotSet& asked,
                                                          const Decoded& outcome) {
  Variant out;
  out.tail = closing_of(message);
  if (out.tail.empty()) return std::nullopt;
  EventTime time;
  if (const auto* ignored = std::get_if<Ignored>(&outcome)) {
    if (!ignored->time) return std::nullopt;
    time = *ignored->time;
    out.glance = {ignored->format, Glance::Kind::ignored, ignored->reason, {}, nullptr};
  } else if (const auto* event = std::get_if<Event>(&outcome)) {
    time = event->time;
    const bool start = std::holds_alternative<ProcessStartEvent>(event->what);
    out.glance = {event->format, start ? Glance::Kind::start : Glance::Kind::elsewhere, {}, {}, nullptr};
  } else {
    return std::nullopt;
  }
  if (out.glance.format == Format::custom) return std::nullopt;  // its fields' parts in the outcome are the configuration's, not ours

  SlotSet spoken;  // a slot whose value is settled: a later key of the same slot has no say
  SlotSet silent;
  bool timed = false;
  for (const Walk::Visit& visit : visits) {
    const auto key_begin = static_cast<std::size_t>(visit.key - text);
    const std::size_t end = key_begin + visit.key_size;
    if (key_begin == 0 || end + 1 >= message.size() || !look.is_key_end(end)) return std::nullopt;
    Key key{static_cast<std::uint32_t>(look.keys_before(end)), std::string(message.substr(key_begin - 1, visit.key_size + 2)), visit.node};
    const std::size_t begin = value_begin(message, end);
    const std::string_view token = message.substr(begin, token_end(message, begin) - begin);
    if (out.glance.kind == Glance::Kind::start) out.keys.push_back(key);
    const bool empty = says_nothing(token) || token == "{";
    Role role = Role::free;
    for (const Slot slot : visit.node->slots) {
      if (is_positional(slot)) return std::nullopt;  // a list's places may hold anything
      const auto number = static_cast<std::size_t>(slot);
      if (!asked[number]) continue;
      if (silent[number] || (is_list(slot) && spoken[number])) return std::nullopt;  // the next key's value counts too
      if (spoken[number]) continue;
      if (role_of(slot) == Role::free || (role_of(slot) == Role::host && out.glance.kind == Glance::Kind::ignored)) continue;
      (empty ? silent : spoken).set(number);
      role = std::max(role, empty ? Role::decides : role_of(slot));
    }
    if (role == Role::free) continue;
    Check check{std::move(key), role, {}, false};
    if (role == Role::decides) {
      if (token.size() > max_literal_bytes) return std::nullopt;
      check.literal = token;
    } else if (role == Role::named || role == Role::host) {
      if (!is_one_name(token)) return std::nullopt;
      check.slash = begins_with_slash(token);
    } else if (role == Role::time) {
      if (timed || time_of(token) != time) return std::nullopt;
      timed = true;
    } else if (const auto value = plain_value(token); !value || !parse_ip_address(*value)) {
      return std::nullopt;
    }
    out.checks.push_back(std::move(check));
  }
  if (!timed) return std::nullopt;
  return out;
}

void ShapeBook::learn(std::string_view message, const Look& look, const char* text, std::span<const Walk::Visit> visits,
                      const SlotSet& asked, const Decoded& outcome) {
  if (shapes_.size() >= max_shapes && !shapes_.contains(look.shape())) shapes_.clear();
  Shape& shape = shapes_[look.shape()];
  // A shape whose every event looks new costs more to learn than it brings: ever more seldom.
  ++shape.learned;
  if (shape.learned > 64 && (shape.learned & (shape.learned - 1)) != 0) return;
  auto variant = make_variant(message, look, text, visits, asked, outcome);
  if (!variant) return;
  if (shape.variants.size() >= max_variants_of_shape) shape.variants.pop_back();
  shape.variants.insert(shape.variants.begin(), std::move(*variant));
}

}  // namespace imdswatch
