#pragma once

#include <optional>
#include <string_view>

#include "imdswatch/decode/event_time.hpp"
#include "imdswatch/decode/ip_address.hpp"

namespace imdswatch {

/// What a shape book asks of a value's token, as it is written.

inline bool says_nothing(std::string_view token) { return token == "null" || token == "\"\"" || token == "\"-\"" || token == "[]"; }

/// A value without escapes, its quotes taken off.
inline std::optional<std::string_view> plain_value(std::string_view token) {
  if (token.empty() || token.front() == '[' || token.front() == '{' || token.find('\\') != std::string_view::npos) return std::nullopt;
  if (token.front() != '"') return token;
  if (token.size() < 2) return std::nullopt;
  return token.substr(1, token.size() - 2);
}

inline std::optional<EventTime> time_of(std::string_view token) {
  const auto value = plain_value(token);
  return value ? parse_event_time(*value) : std::nullopt;
}

inline bool is_address(std::string_view token) {
  const auto value = plain_value(token);
  return value && parse_endpoint(*value);
}

/// A text that says something, whatever it is. One that begins with an escape may be a single dash, or a path that begins with a slash;
/// or be blank, as one that begins with a blank.
inline bool is_one_name(std::string_view token) {
  if (token.size() <= 2 || token.front() != '"' || says_nothing(token) || token[1] == ' ') return false;
  return token[1] != '\\' || token[2] == '\\' || token[2] == '/';
}

/// Of another system's path; however the slash is written.
inline bool begins_with_slash(std::string_view token) { return token.starts_with("\"/") || token.starts_with("\"\\/"); }

/// Whether the path may be one of a folder, or end in a blank: it may name no program. Of an escape at its end the character does not count.
inline bool ends_with_slash(std::string_view token) {
  const char last = token[token.size() - 2];
  return last == '\\' || last == '/' || last == ' ' || (token.size() >= 8 && token[token.size() - 7] == '\\' && token[token.size() - 6] == 'u');
}

}  // namespace imdswatch
