#include "walk.hpp"

#include <algorithm>

#include "imdswatch/base/limits.hpp"
#include "json_text.hpp"
#include "json_token.hpp"

namespace imdswatch {
namespace {

using simdjson::ondemand::json_type;

/// A token as simdjson gives it reaches up to the next one.
std::string_view without_blanks_behind(std::string_view token) {
  while (!token.empty() && is_blank(token.back())) token.remove_suffix(1);
  return token;
}

}  // namespace

WalkError Walk::key(simdjson::ondemand::field& field, std::string_view& out) {
  const char* const begin = field.key().raw();
  const char* end = begin;  // simdjson has found all strings closed
  bool escaped = false;
  for (; *end != '"'; ++end) {
    if (*end == '\\') {
      escaped = true;
      ++end;
    }
  }
  out = {begin, static_cast<std::size_t>(end - begin)};
  if (!escaped) return WalkError::none;
  const auto plain = unescape(out, arena_);
  if (!plain) return WalkError::malformed;
  out = *plain;
  return WalkError::none;
}

WalkError Walk::object(simdjson::ondemand::object object, const PathTree::Node* node, std::size_t depth) {
  if (depth > limits::max_json_depth) return WalkError::too_deep;
  for (auto next : object) {
    if (next.error() != simdjson::SUCCESS) return WalkError::malformed;
    simdjson::ondemand::field field = std::move(next).value_unsafe();  // rather than get(): one copy less
    const PathTree::Node* below = nullptr;
    if (node != nullptr) {
      std::string_view name;
      if (const auto error = key(field, name); error != WalkError::none) return error;
      below = PathTree::step(node, name);
      visit(field, below);
    }
    if (const auto error = value(field.value(), below, depth + 1); error != WalkError::none) return error;
  }
  return WalkError::none;
}

WalkError Walk::array(simdjson::ondemand::array array, const PathTree::Node* node, std::size_t depth) {
  if (depth > limits::max_json_depth) return WalkError::too_deep;
  if (node != nullptr && std::ranges::any_of(node->slots, is_positional, &PathTree::Node::Place::slot)) return inserts(array, depth);
  bool object_seen = false;
  for (auto next : array) {
    simdjson::ondemand::value element;
    if (std::move(next).get(element) != simdjson::SUCCESS) return WalkError::malformed;
    json_type type{};
    if (element.type().get(type) != simdjson::SUCCESS) return WalkError::malformed;
    const bool is_object = type == json_type::object;
    // Of several objects the first speaks alone: two code signatures must not be mixed into one.
    const bool of_interest = !is_object || !object_seen;
    object_seen = object_seen || is_object;
    if (const auto error = value(element, of_interest ? node : nullptr, depth + 1); error != WalkError::none) return error;
  }
  return WalkError::none;
}

WalkError Walk::value(simdjson::ondemand::value value, const PathTree::Node* node, std::size_t depth) {
  json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return WalkError::malformed;
  if (type == json_type::object) {
    simdjson::ondemand::object inner;
    if (value.get_object().get(inner) != simdjson::SUCCESS) return WalkError::malformed;
    return object(inner, node, depth);
  }
  if (type == json_type::array) {
    simdjson::ondemand::array inner;
    if (value.get_array().get(inner) != simdjson::SUCCESS) return WalkError::malformed;
    return array(inner, node, depth);
  }
  return scalar(without_blanks_behind(value.raw_json_token()), node);
}

bool Walk::token(std::string_view token, const PathTree::Node* node) {
  if (token.size() >= 2 && token.front() == '"' && token.back() == '"' && find_soon(token, '\\', 1) == token.size()) {  // most are plain
    text(token.substr(1, token.size() - 2), node);
    return true;
  }
  if (token == "{") return true;
  if (!token.starts_with('[')) return scalar(token, node) == WalkError::none;
  for (std::size_t at = 1; at < token.size();) {
    const char c = token[at];
    if (c == ']') return true;
    if (c == '[' || c == '{') return false;
    if (c == ',' || c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      ++at;
      continue;
    }
    const std::size_t end = token_end(token, at);
    if (scalar(token.substr(at, end - at), node) != WalkError::none) return false;
    at = end;
  }
  return false;
}

WalkError Walk::inserts(simdjson::ondemand::array array, std::size_t depth) {
  const bool first = fields_.inserts().empty();  // of duplicate keys
  for (auto next : array) {
    simdjson::ondemand::value element;
    json_type type{};
    if (std::move(next).get(element) != simdjson::SUCCESS || element.type().get(type) != simdjson::SUCCESS) return WalkError::malformed;
    std::string_view text;
    if (type == json_type::object || type == json_type::array) {
      if (const auto error = value(element, nullptr, depth + 1); error != WalkError::none) return error;
    } else if (const auto error = text_of(without_blanks_behind(element.raw_json_token()), text); error != WalkError::none) {
      return error;
    }
    if (first) fields_.put_insert(text);
  }
  return WalkError::none;
}

WalkError Walk::text_of(std::string_view token, std::string_view& out) {
  if (token.empty() || token.front() != '"') {
    if (!is_json_literal(token)) return WalkError::malformed;
    out = token == "null" ? std::string_view{} : token;
    return WalkError::none;
  }
  if (token.size() < 2 || token.back() != '"') return WalkError::malformed;
  const auto plain = unescape(token.substr(1, token.size() - 2), arena_);
  if (!plain) return WalkError::malformed;
  out = *plain;
  return WalkError::none;
}

WalkError Walk::scalar(std::string_view token, const PathTree::Node* node) {
  if (node == nullptr || node->slots.empty()) {  // only the form counts
    if (token.empty() || token.front() != '"') return is_json_literal(token) ? WalkError::none : WalkError::malformed;
    return token.size() < 2 || token.back() != '"' ? WalkError::malformed : WalkError::none;
  }
  std::string_view plain;
  if (const auto error = text_of(token, plain); error != WalkError::none) return error;
  text(plain, node);
  return WalkError::none;
}

}  // namespace imdswatch
