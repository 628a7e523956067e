#pragma once

#include <optional>
#include <string_view>

#include "imdswatch/decode/event_time.hpp"
#include "imdswatch/decode/ip_address.hpp"

namespace imdswatch {

/// What a shape book asks of a value's token, as it is written.

inline bool says_nothing(std::string_view token) { return token == "null" || token == "\"\"" || token == "\"-\"" || token == "[]"; }

/// Without its quotes. An escape in it is left as it is: no time and no address is read where one stands.
inline std::string_view without_quotes(std::string_view token) {
  return token.size() >= 2 && token.front() == '"' ? token.substr(1, token.size() - 2) : token;
}

inline std::optional<EventTime> time_of(std::string_view token) { return parse_event_time(without_quotes(token)); }

inline std::optional<IpAddress> address_of(std::string_view token) {
  const auto endpoint = parse_endpoint(without_quotes(token));
  return endpoint ? std::optional{endpoint->address} : std::nullopt;
}

/// Whether the quote at `at`, with a colon right behind it, surely ends no key: it is escaped, or begins a text (`"::1"`). It begins one if
/// between it and the quote before there is nothing but what may stand between two texts, and that one ends a text: before a quote that
/// begins one stands a brace, a bracket, a comma, a colon or a blank.
inline bool is_no_key_end(std::string_view message, std::size_t at) {
  if (at < 4) return false;
  if (message[at - 1] == '\\') return message[at - 2] != '\\';
  std::size_t quote = at - 2;
  if (message[at - 1] == '[' && message[quote] == ':') {
    --quote;
  } else if (message[at - 1] != ':' && message[at - 1] != ',') {
    return false;
  }
  const auto before = static_cast<unsigned char>(message[quote - 1]);
  return message[quote] == '"' && before > ' ' && std::string_view("{[,:\\").find(message[quote - 1]) == std::string_view::npos;
}

/// A text that says something, whatever it is, if `token` is what stands between two keys. One that begins with an escape may be a single dash, or a path that begins with a slash;
/// or be blank, as one that begins with a blank.
inline bool is_one_name(std::string_view token) {
  if (token.size() <= 2 || token.front() != '"' || token.back() != '"' || token == "\"-\"" || token[1] == ' ') return false;
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
