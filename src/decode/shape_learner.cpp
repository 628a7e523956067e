#include "shape_learner.hpp"

#include <algorithm>

#include "json_token.hpp"
#include "shape_tokens.hpp"

namespace imdswatch {

std::optional<ShapeBook::Variant> ShapeBook::Learner::learn(const char* text, std::span<const Walk::Visit> visits, const Decoded& outcome) {
  const auto outline = Outline::of(message_);
  if (!outline || outline->objects != look_.objects() || !begin(outcome)) return std::nullopt;
  surest_.fill(0xff);
  for (const Walk::Visit& one : visits) {
    for (const auto& [slot, rank] : one.node->slots) {
      std::uint8_t& surest = surest_[static_cast<std::size_t>(slot)];
      surest = std::min(surest, rank);
    }
  }
  auto visit = visits.begin();
  for (const Outline::Key& place : outline->keys) {
    const bool visited = visit != visits.end() && static_cast<std::size_t>(visit->key - text) == place.name + 1;
    if (!add(place, visited ? (visit++)->node : nullptr)) return std::nullopt;
  }
  if (!timed_ || visit != visits.end()) return std::nullopt;

  const bool quoted = message_[outline->tail - 1] == '"';
  if (quoted && message_[outline->tail - 2] == '\\') return std::nullopt;  // cut off, this could be a quote within a text
  out_.tail = message_.substr(outline->tail - (quoted ? 1 : 0));
  out_.objects = outline->objects;
  std::stable_partition(out_.checks.begin(), out_.checks.end(), [](const Check& check) { return check.role == Role::decides; });
  if (out_.glance.kind == Glance::Kind::start) out_.start.shape = std::make_shared<const StartShape>(StartShape{std::move(parts_)});
  return std::move(out_);
}

bool ShapeBook::Learner::begin(const Decoded& outcome) {
  if (const auto* ignored = std::get_if<Ignored>(&outcome)) {
    if (!ignored->time) return false;
    time_ = *ignored->time;
    out_.glance = {ignored->format, Glance::Kind::ignored, ignored->reason, {}, nullptr, {}};
  } else if (const auto* event = std::get_if<Event>(&outcome)) {
    time_ = event->time;
    const bool start = std::holds_alternative<ProcessStartEvent>(event->what);
    out_.glance = {event->format, start ? Glance::Kind::start : Glance::Kind::elsewhere, {}, {}, nullptr, {}};
  } else {
    return false;
  }
  return out_.glance.format != Format::custom;  // its fields' parts in the outcome are the configuration's, not ours
}

ShapeBook::Key ShapeBook::Learner::key_from(std::size_t begin, const Outline::Key& place, std::size_t value) const {
  return {static_cast<std::uint32_t>(look_.keys_before(place.end)), static_cast<std::uint32_t>(place.end - begin),
          std::string(message_.substr(begin, value - begin))};
}

bool ShapeBook::Learner::add(const Outline::Key& place, const PathTree::Node* node) {
  if (node == nullptr && !place.braces) return true;
  if (!look_.is_key_end(place.end)) return false;
  const std::size_t begin = value_begin(message_, place.end);
  const std::string_view token = message_.substr(begin, token_end(message_, begin) - begin);
  Role role = Role::free;
  if (node != nullptr) {
    const auto found = role_at(node, token);
    if (!found) return false;
    role = *found;
    const bool holds = token == "{" && message_.substr(past_blanks(message_, begin + 1)).starts_with('"');  // in every event of the outline
    if (out_.glance.kind == Glance::Kind::start && !holds) keep(key_from(place.name - 1, place, begin), node, role == Role::decides ? token : std::string_view());
  }
  if (role == Role::free && !place.braces) return true;
  Check check{key_from(place.braces ? place.begin : place.name - 1, place, begin), role};
  check.braces = place.braces;
  if (!complete(check, token)) return false;
  (role == Role::free ? out_.braces : out_.checks).push_back(std::move(check));
  return true;
}

std::optional<Role> ShapeBook::Learner::role_at(const PathTree::Node* node, std::string_view token) {
  const bool empty = says_nothing(token) || token == "{";
  const bool unclear = empty || token.starts_with('[') || token.starts_with("\"\\u");  // [null], a dash by its escape
  Role role = Role::free;
  for (const auto& [slot, rank] : node->slots) {
    if (is_positional(slot)) return std::nullopt;  // a list's places may hold anything
    const auto number = static_cast<std::size_t>(slot);
    if (!asked_[number]) continue;
    if (rank > surest_[number]) {
      if (silent_[number]) return std::nullopt;
      outranked_.set(number);
      continue;
    }
    if (silent_[number] || (is_list(slot) && spoken_[number])) return std::nullopt;  // the next key's value counts too
    if (spoken_[number]) continue;
    if (role_of(slot) <= Role::identifies || (role_of(slot) == Role::host && out_.glance.kind == Glance::Kind::ignored)) continue;
    if (unclear && outranked_[number]) return std::nullopt;
    if (unclear) silent_.set(number);
    if (!empty) spoken_.set(number);
    role = std::max(role, empty ? Role::decides : role_of(slot));
  }
  return role;
}

bool ShapeBook::Learner::complete(Check& check, std::string_view token) {
  switch (check.role) {
    case Role::free:
    case Role::evidence:
    case Role::identifies: return true;
    case Role::host: return is_one_name(token);
    case Role::named: check.slash = begins_with_slash(token); return is_one_name(token) && !ends_with_slash(token);
    case Role::address: return is_address(token);
    case Role::time: return !std::exchange(timed_, true) && time_of(token) == time_;
    case Role::decides:
      check.key.written += token;
      check.unmarked = token.empty() || (token.back() != '"' && token.back() != ']' && token.back() != '{');
      return token.size() <= max_literal_bytes;
  }
  return false;
}

void ShapeBook::Learner::keep(Key key, const PathTree::Node* node, std::string_view literal) {
  Role role = Role::free;
  for (const auto& place : node->slots) role = std::max(role, role_of(place.slot));  // asked for this time or not: what is told of one hash may ask for another
  if (role == Role::free) return;
  const bool identifies = role != Role::evidence;
  if (identifies || literal.empty()) out_.start.keys.push_back({std::move(key), node, identifies, std::string(literal)});
  parts_.push_back({node, std::string(literal)});
}

}  // namespace imdswatch
