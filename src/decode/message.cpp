#include "message.hpp"

#include <algorithm>
#include <bit>

#include "imdswatch/base/limits.hpp"
#include "json_text.hpp"
#include "json_token.hpp"

namespace imdswatch {
namespace {

using simdjson::ondemand::json_type;

constexpr std::size_t usual_capacity = 64u << 10;
constexpr std::size_t largest_kept_capacity = 1u << 20;

bool is_container(json_type type) { return type == json_type::object || type == json_type::array; }

bool is_json_scalar(std::string_view text) {
  if (is_json_literal(text)) return true;
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  TextArena scratch;
  const std::string_view inside = text.substr(1, text.size() - 2);
  return inside.find('"') == std::string_view::npos && unescape(inside, scratch).has_value();
}

}  // namespace

MessageReader::MessageReader(PathTree tree, std::optional<CustomReader> custom, bool explain)
    : tree_(std::move(tree)), custom_(std::move(custom)), explain_(explain) {}

void MessageReader::clear() {
  arena_.clear();
  walk_.clear();
  asked_.reset();
  if (explain_) explained_.clear();
  if (parser_.capacity() > largest_kept_capacity) parser_ = simdjson::ondemand::parser();
}

MessageReader::Outcome MessageReader::stop(WalkError error) {
  switch (error) {
    case WalkError::none: return std::nullopt;
    case WalkError::malformed: return Stop{RejectReason::malformed_json, "the JSON is broken or cut off"};
    case WalkError::too_deep: return Stop{RejectReason::nested_too_deep, "nested deeper than 64 levels"};
  }
  return std::nullopt;
}
static_assert(limits::max_json_depth == 64, "the message above names it");

MessageReader::Outcome MessageReader::stop(simdjson::error_code error, std::string_view text) {
  if (error == simdjson::SUCCESS) return std::nullopt;
  if (!simdjson::validate_utf8(text.data(), text.size())) return Stop{RejectReason::invalid_utf8, "the bytes are not UTF-8"};
  return stop(WalkError::malformed);  // in our own words: simdjson's differ from version to version
}

MessageReader::Outcome MessageReader::not_an_object(std::size_t depth) {
  if (depth == message_depth) return Stop{RejectReason::not_an_object, "a single value where an event is expected"};
  return Stop{RejectReason::not_an_object, depth == element_depth ? "an element of the array is no object" : "an element of records is no object"};
}

MessageReader::Outcome MessageReader::stop_at_limit(const std::vector<Decoded>& out) {
  if (out.size() < limits::max_events_per_message) return std::nullopt;
  return Stop{RejectReason::too_many_events, "the rest of the message is not read"};
}

MessageReader::Outcome MessageReader::reject(const Stop& stop, std::vector<Decoded>& out) {
  if (auto full = stop_at_limit(out)) return full;
  out.emplace_back(Rejected{Format::unknown, stop.reason, stop.detail});
  return std::nullopt;
}

MessageReader::Outcome MessageReader::document(std::string_view text, std::size_t depth, std::vector<Decoded>& out) {
  if (text.empty()) return stop(WalkError::malformed);
  if (text.front() != '{' && text.front() != '[') return is_json_scalar(text) ? not_an_object(depth) : stop(simdjson::TAPE_ERROR, text);
  if (parser_.capacity() < text.size()) {
    if (const auto error = parser_.allocate(std::max(usual_capacity, std::bit_ceil(text.size())))) return stop(error, text);
  }
  simdjson::ondemand::document document;
  const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING);
  if (const auto error = parser_.iterate(padded).get(document)) return stop(error, text);

  Outcome outcome;
  if (text.front() == '{') {
    simdjson::ondemand::object object;
    if (const auto error = document.get_object().get(object)) return stop(error, text);
    outcome = depth <= element_depth ? event_or_envelope(object, depth, out) : event(object, depth, out);
  } else {
    simdjson::ondemand::array array;
    if (const auto error = document.get_array().get(array)) return stop(error, text);
    outcome = depth == message_depth ? root_array(array, out) : stop(walk_.array(array, nullptr, depth));
    if (!outcome && depth != message_depth) outcome = not_an_object(depth);
  }
  if (outcome) return outcome;
  const char* behind = nullptr;
  if (document.current_location().get(behind) == simdjson::SUCCESS) return Stop{RejectReason::malformed_json, "something follows the JSON"};
  return std::nullopt;
}

MessageReader::Outcome MessageReader::event_or_envelope(simdjson::ondemand::object object, std::size_t depth, std::vector<Decoded>& out) {
  const auto before = static_cast<std::ptrdiff_t>(out.size());
  fields_.clear();
  walk_.clear();
  bool is_envelope = false;
  bool says_more = false;           // than its records
  std::size_t visits_of_records = 0;
  for (auto next : object) {
    if (next.error() != simdjson::SUCCESS) return stop(WalkError::malformed);
    simdjson::ondemand::field field = std::move(next).value_unsafe();
    std::string_view name;
    if (const auto error = walk_.key(field, name); error != WalkError::none) return stop(error);
    simdjson::ondemand::value value = field.value();
    json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return stop(WalkError::malformed);
    const auto* const node = PathTree::step(&tree_.root(), name);
    if (is_container(type) && equals_folded(name, "records")) {
      says_more = says_more || walk_.visits().size() > visits_of_records;
      if (auto outcome = type == json_type::array ? records(value, depth, is_envelope, out) : one_record(value, node, depth, out)) return outcome;
      is_envelope = is_envelope || type == json_type::object;
      visits_of_records = walk_.visits().size();
    } else {
      walk_.visit(field, node);
      if (const auto error = walk_.value(value, node, depth + 1); error != WalkError::none) return stop(error);
    }
  }
  if (is_envelope) {
    if (!says_more && walk_.visits().size() == visits_of_records) return std::nullopt;
    walk_.clear();  // its looks do not tell what it is
    if (format_of_event() == Format::unknown) return std::nullopt;
    out.erase(out.begin() + before, out.end());
  }
  if (auto full = stop_at_limit(out)) return full;
  emit(out);
  return std::nullopt;
}

MessageReader::Outcome MessageReader::records(simdjson::ondemand::value value, std::size_t depth, bool& is_envelope, std::vector<Decoded>& out) {
  simdjson::ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return stop(WalkError::malformed);
  const Fields of_envelope = fields_;
  std::size_t values = 0;  // that may be those of an event's field
  for (auto next : array) {
    simdjson::ondemand::value element;
    json_type type{};
    if (std::move(next).get(element) != simdjson::SUCCESS || element.type().get(type) != simdjson::SUCCESS) return stop(WalkError::malformed);
    if (is_container(type) || element.raw_json_token().starts_with("\"{")) is_envelope = true;
    for (; is_envelope && values > 0; --values)
      if (auto full = reject(*not_an_object(depth + 2), out)) return full;
    if (type == json_type::object) {
      simdjson::ondemand::object object;
      if (element.get_object().get(object) != simdjson::SUCCESS) return stop(WalkError::malformed);
      if (auto outcome = event(object, depth + 2, out)) return outcome;
      continue;
    }
    if (const auto error = walk_.value(element, nullptr, depth + 2); error != WalkError::none) return stop(error);
    values += is_envelope ? 0u : 1u;
    if (!is_envelope) continue;
    if (auto full = reject(*not_an_object(depth + 2), out)) return full;
  }
  fields_ = of_envelope;
  return std::nullopt;
}

MessageReader::Outcome MessageReader::one_record(simdjson::ondemand::value value, const PathTree::Node* node, std::size_t depth, std::vector<Decoded>& out) {
  simdjson::ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return stop(WalkError::malformed);
  if (const auto error = walk_.object(object, node, depth + 1); error != WalkError::none) return stop(error);
  const Fields of_envelope = fields_;
  if (object.reset().error() != simdjson::SUCCESS) return stop(WalkError::malformed);
  if (auto outcome = event(object, depth + 1, out)) return outcome;
  fields_ = of_envelope;
  return std::nullopt;
}

MessageReader::Outcome MessageReader::root_array(simdjson::ondemand::array array, std::vector<Decoded>& out) {
  bool any = false;
  for (auto next : array) {
    simdjson::ondemand::value element;
    json_type type{};
    if (std::move(next).get(element) != simdjson::SUCCESS || element.type().get(type) != simdjson::SUCCESS) return stop(WalkError::malformed);
    any = true;
    if (type != json_type::object) {
      if (const auto error = walk_.value(element, nullptr, element_depth); error != WalkError::none) return stop(error);
      if (auto full = reject(*not_an_object(element_depth), out)) return full;
      continue;
    }
    simdjson::ondemand::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS) return stop(WalkError::malformed);
    if (auto outcome = event_or_envelope(object, element_depth, out)) return outcome;
  }
  if (!any) return Stop{RejectReason::empty_message, "an empty array"};
  return std::nullopt;
}

MessageReader::Outcome MessageReader::event(simdjson::ondemand::object object, std::size_t depth, std::vector<Decoded>& out) {
  if (auto full = stop_at_limit(out)) return full;
  fields_.clear();
  walk_.clear();
  if (const auto error = walk_.object(object, &tree_.root(), depth); error != WalkError::none) return stop(error);
  emit(out);
  return std::nullopt;
}

}  // namespace imdswatch
