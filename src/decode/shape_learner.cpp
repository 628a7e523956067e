#include "shape_learner.hpp"

#include <algorithm>
#include <utility>

#include "json_token.hpp"
#include "shape_tokens.hpp"

namespace imdswatch {
namespace {

/// From a key's closing quote to another place in the same message.
std::int32_t distance(const Outline::Key& from, std::size_t to) { return static_cast<std::int32_t>(to) - static_cast<std::int32_t>(from.end); }

}  // namespace

std::optional<ShapeBook::Variant> ShapeBook::Learner::learn(const Look& look, const char* text, std::span<const Walk::Visit> visits, const Decoded& outcome) {
  at_ = look.places();
  const auto outline = Outline::of(message_);
  if (!outline || !begin(outcome, visits) || !find_places(*outline, look)) return std::nullopt;
  auto visit = visits.begin();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const bool visited = visit != visits.end() && static_cast<std::size_t>(visit->key - text) == places_[i].key->name + 1;
    if (visited && !take(places_[i], (visit++)->node, value_of(i))) return std::nullopt;
  }
  if (visit != visits.end() || !add_skeleton()) return std::nullopt;
  return result();
}

std::optional<ShapeBook::Variant> ShapeBook::Learner::learn(const Survey& survey, std::span<const Walk::Visit> visits, const Decoded& outcome) {
  at_ = survey.places();
  any_order_ = true;
  if (!begin(outcome, visits)) return std::nullopt;
  out_.nodes.resize(survey.nodes().size());
  for (const Walk::Visit& visit : visits) {
    const std::uint32_t number = visit.node->number;
    out_.nodes[number / 64] |= std::uint64_t{1} << number % 64;
    const Value value{{2 * number, 0}, {2 * number + 1, 0}};
    const std::string_view token = value.written(message_, at_);
    Place place{.key = nullptr, .number = 0, .value = 0, .token = token, .holds_keys = token == "{", .before_value = true};
    if (token.empty() || !take(place, visit.node, value)) return std::nullopt;
    if (place.role == Role::decides) out_.literals.push_back({value, std::string(token)});
  }
  if (!std::ranges::equal(out_.nodes, survey.nodes())) return std::nullopt;
  return result();
}

std::optional<ShapeBook::Variant> ShapeBook::Learner::result() {
  const auto spoke = [this](Slot slot) { return spoken_[static_cast<std::size_t>(slot)]; };
  if (!timed_ || (spoke(Slot::data_utc_time) && spoke(Slot::azure_event_data))) return std::nullopt;  // the time may be that within the text
  if (out_.glance.kind == Glance::Kind::start) out_.start.kept.shape = std::make_shared<const StartShape>(StartShape{std::move(parts_)});
  return std::move(out_);
}

bool ShapeBook::Learner::begin(const Decoded& outcome, std::span<const Walk::Visit> visits) {
  surest_.fill(0xff);
  for (const Walk::Visit& one : visits) {
    for (const auto& [slot, rank] : one.node->slots) {
      std::uint8_t& surest = surest_[static_cast<std::size_t>(slot)];
      surest = std::min(surest, rank);
    }
  }
  if (const auto* ignored = std::get_if<Ignored>(&outcome)) {
    if (!ignored->time) return false;
    time_ = *ignored->time;
    out_.glance = {ignored->format, Glance::Kind::ignored, ignored->reason, {}, {}};
  } else if (const auto* event = std::get_if<Event>(&outcome)) {
    time_ = event->time;
    const bool start = std::holds_alternative<ProcessStartEvent>(event->what);
    out_.glance = {event->format, start ? Glance::Kind::start : Glance::Kind::elsewhere, {}, {}, {}};
  } else {
    return false;
  }
  return out_.glance.format != Format::custom;  // its fields' parts in the outcome are the configuration's, not ours
}

bool ShapeBook::Learner::find_places(const Outline& outline, const Look& look) {
  tail_ = outline.tail;
  auto next = outline.keys.begin();
  for (std::uint32_t number = 0; number < look.keys(); ++number) {
    const std::size_t end = look.key_end(number);
    if (next == outline.keys.end() || next->end != end) {
      if (!is_no_key_end(message_, end)) return false;
      out_.no_keys.push_back(number);
      continue;
    }
    if (std::string_view(",:]} \t\r\n").find(message_[next->name + 1]) != std::string_view::npos) return false;  // its quotes could be those around it
    const std::size_t value = value_begin(message_, end);
    const std::string_view token = message_.substr(value, token_end(message_, value) - value);
    const auto following = next + 1;
    const bool last = following == outline.keys.end();
    const bool holds_keys = token == "{" ? message_.substr(past_blanks(message_, value + 1)).starts_with('"') : !last && following->name < value + token.size();
    places_.push_back({&*next, number, value, token, holds_keys, last ? tail_ > value : following->begin > value});
    next = following;
  }
  if (next != outline.keys.end() || places_.empty()) return false;
  out_.keys = look.keys();
  out_.front = {places_.front().number, distance(*places_.front().key, 0)};
  return true;
}

Spot ShapeBook::Learner::from_end(std::size_t at) const {
  return {static_cast<std::uint32_t>(out_.keys), static_cast<std::int32_t>(at) - static_cast<std::int32_t>(message_.size())};
}

ShapeBook::Value ShapeBook::Learner::value_of(std::size_t i) const {
  const Place& place = places_[i];
  const Spot begin{place.number, distance(*place.key, place.value)};
  if (i + 1 == places_.size()) return {begin, from_end(tail_)};
  const Place& next = places_[i + 1];
  return {begin, {next.number, distance(*next.key, next.key->begin)}};
}

bool ShapeBook::Learner::take(Place& place, const PathTree::Node* node, const Value& value) {
  const auto role = role_at(node, place.token);
  if (!role) return false;
  place.role = *role;
  // What holds keys is not kept of a start: another one that has a text there must not be taken for one of this shape.
  if (out_.glance.kind == Glance::Kind::start && place.holds_keys && place.before_value && place.role != Role::decides) {
    if (place.token != "{") return false;
    place.role = Role::decides;
  }
  const bool always_same = place.role == Role::decides || !place.before_value;
  if (out_.glance.kind == Glance::Kind::start && !place.holds_keys) keep(value, node, always_same ? place.token : std::string_view());
  if (place.role == Role::decides) return place.token.size() <= max_literal_bytes;
  if (place.role <= Role::identifies) return true;
  return place.before_value && add_check(place.role, place.token, value);
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
    if (any_order_ && std::exchange(met_[number], true)) return std::nullopt;  // of two equally sure ones the first counts
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

bool ShapeBook::Learner::add_check(Role role, std::string_view token, const Value& value) {
  if (role == Role::time) {
    out_.time = value;
    return !std::exchange(timed_, true) && time_of(token) == time_ && time_of(value.written(message_, at_)) == time_;
  }
  if (role == Role::address) {
    out_.addresses.push_back(value);
    return address_of(value.written(message_, at_)).has_value();
  }
  out_.names.push_back({value, role == Role::host, begins_with_slash(token)});
  return out_.names.back().fits(message_, at_);
}

void ShapeBook::Learner::keep(const Value& value, const PathTree::Node* node, std::string_view literal) {
  Role role = Role::free;
  for (const auto& place : node->slots) {
    const Role own = role_of(place.slot);
    // Which of the process's ids is asked for, and what explains it, may depend on what the others say; all else is the same for all of this shape.
    if (own <= Role::identifies || asked_[static_cast<std::size_t>(place.slot)]) role = std::max(role, own);
  }
  if (role == Role::free) return;
  const bool plain = !literal.empty() && literal.find_first_of("\\[{") == std::string_view::npos && literal != "null";
  if (role != Role::evidence)
    out_.start.keys.push_back({node, role, std::string(literal), std::string(plain ? without_quotes(literal) : ""), out_.start.values.size()});
  if (literal.empty()) out_.start.values.push_back(value);
  parts_.push_back({node, std::string(literal)});
}

/// From behind each value to the next one; where a value decides, on over it.
bool ShapeBook::Learner::add_skeleton() {
  std::size_t begin = places_.front().key->begin;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Place& place = places_[i];
    const Outline::Key& key = *place.key;
    if (key.braces && key.begin > 0 && message_[key.begin - 1] == '"') {
      begin = std::min(begin, key.begin - 1);  // that quote says where the value ends
    } else if (key.braces && key.begin > 0) {
      out_.endings.push_back({{place.number, distance(key, key.begin)}, false});
    }
    if (!place.before_value || place.role == Role::decides) continue;
    if (!out_.skeleton.add({place.number, distance(key, begin)}, message_.substr(begin, place.value - begin))) return false;
    begin = i + 1 < places_.size() ? places_[i + 1].key->begin : tail_;
  }
  const bool in_text = message_[tail_ - 1] == '"';
  const std::size_t tail = tail_ - (in_text ? 1 : 0);
  out_.endings.push_back({from_end(tail), in_text});
  if (!out_.endings.back().fits(message_, at_)) return false;
  begin = std::min(begin, tail);
  if (!out_.skeleton.add(from_end(begin), message_.substr(begin))) return false;
  out_.skeleton.finish();
  return true;
}

}  // namespace imdswatch
