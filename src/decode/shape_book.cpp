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

/// Of a number, `true`, `false` or `null`.
bool ends_token(char c) { return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Most texts are of 8 to 40 bytes: less than what a call of memcmp costs.
bool same_bytes(const char* a, const char* b, std::size_t size) {
  if (size < 8) return std::memcmp(a, b, size) == 0;
  const auto differ = [&](std::size_t at) {
    std::uint64_t left = 0;
    std::uint64_t right = 0;
    std::memcpy(&left, a + at, 8);
    std::memcpy(&right, b + at, 8);
    return left ^ right;
  };
  std::uint64_t different = differ(size - 8);
  for (std::size_t at = 0; at + 8 < size; at += 8) different |= differ(at);
  return different == 0;
}

bool is_one_name(std::string_view token) { return token.size() > 2 && token.front() == '"' && !says_nothing(token); }

}  // namespace

std::size_t ShapeBook::Key::value_in(std::string_view message, Look::Cursor& cursor) const {
  const std::size_t end = cursor.end_of(number);
  const std::size_t begin = end - to_end;
  if (end < to_end || message.size() - begin < written.size()) return std::string_view::npos;
  return same_bytes(message.data() + begin, written.data(), written.size()) ? begin + written.size() : std::string_view::npos;
}

bool ShapeBook::fits(const Check& check, std::string_view message, std::size_t begin, EventTime& time) {
  if (check.role == Role::decides) return !check.unmarked || begin == message.size() || ends_token(message[begin]);
  const std::string_view token = message.substr(begin, token_end(message, begin) - begin);
  if (check.role == Role::named || check.role == Role::host) return is_one_name(token) && begins_with_slash(token) == check.slash;
  if (check.role == Role::address) {
    const auto value = plain_value(token);
    return value && parse_ip_address(*value);
  }
  const auto parsed = time_of(token);
  if (parsed) time = *parsed;
  return parsed.has_value();
}

bool ShapeBook::fits(const Variant& variant, std::string_view message, const Look& look, EventTime& time) {
  if (closing_of(message) != variant.tail) return false;
  Look::Cursor cursor(look);
  return std::all_of(variant.checks.begin(), variant.checks.end(), [&](const Check& check) {
    const std::size_t begin = check.key.value_in(message, cursor);
    return begin != std::string_view::npos && fits(check, message, begin, time);
  });
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
    return Recognised{fitting.glance, &fitting.start};
  }
  return std::nullopt;
}

void ShapeBook::keep(const Key& key, const PathTree::Node* node, std::string_view literal, std::vector<StartShape::Part>& parts, std::vector<StartKey>& keys) {
  Role role = Role::free;
  for (const Slot slot : node->slots) role = std::max(role, role_of(slot));  // asked for this time or not: what is told of one hash may ask for another
  if (role == Role::free) return;
  keys.push_back({key, node, role != Role::evidence, !literal.empty()});
  parts.push_back({node, std::string(literal)});
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
    out.glance = {ignored->format, Glance::Kind::ignored, ignored->reason, {}, nullptr, {}};
  } else if (const auto* event = std::get_if<Event>(&outcome)) {
    time = event->time;
    const bool start = std::holds_alternative<ProcessStartEvent>(event->what);
    out.glance = {event->format, start ? Glance::Kind::start : Glance::Kind::elsewhere, {}, {}, nullptr, {}};
  } else {
    return std::nullopt;
  }
  if (out.glance.format == Format::custom) return std::nullopt;  // its fields' parts in the outcome are the configuration's, not ours

  SlotSet spoken;  // a slot whose value is settled: a later key of the same slot has no say
  SlotSet silent;
  bool timed = false;
  std::vector<StartShape::Part> parts;
  for (const Walk::Visit& visit : visits) {
    const auto key_begin = static_cast<std::size_t>(visit.key - text);
    const std::size_t end = key_begin + visit.key_size;
    if (key_begin == 0 || end + 1 >= message.size() || !look.is_key_end(end)) return std::nullopt;
    const std::size_t begin = value_begin(message, end);
    const std::string_view token = message.substr(begin, token_end(message, begin) - begin);
    Key key{static_cast<std::uint32_t>(look.keys_before(end)), static_cast<std::uint32_t>(visit.key_size + 1), std::string(message.substr(key_begin - 1, begin - key_begin + 1))};
    const bool empty = says_nothing(token) || token == "{";
    Role role = Role::free;
    for (const Slot slot : visit.node->slots) {
      if (is_positional(slot)) return std::nullopt;  // a list's places may hold anything
      const auto number = static_cast<std::size_t>(slot);
      if (!asked[number]) continue;
      if (silent[number] || (is_list(slot) && spoken[number])) return std::nullopt;  // the next key's value counts too
      if (spoken[number]) continue;
      if (role_of(slot) <= Role::identifies || (role_of(slot) == Role::host && out.glance.kind == Glance::Kind::ignored)) continue;
      (empty ? silent : spoken).set(number);
      role = std::max(role, empty ? Role::decides : role_of(slot));
    }
    if (out.glance.kind == Glance::Kind::start) keep(key, visit.node, role == Role::decides ? token : std::string_view(), parts, out.start.keys);
    if (role == Role::free) continue;
    Check check{std::move(key), role};
    if (role == Role::decides) {
      if (token.size() > max_literal_bytes) return std::nullopt;
      check.key.written += token;
      check.unmarked = token.empty() || (token.back() != '"' && token.back() != ']' && token.back() != '{');
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
  if (out.glance.kind == Glance::Kind::start) out.start.shape = std::make_shared<const StartShape>(StartShape{std::move(parts)});
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
