#include "json_token.hpp"

#include <algorithm>

#include "json_text.hpp"

namespace imdswatch {
namespace {

std::size_t string_end(std::string_view message, std::size_t begin) {
  for (std::size_t at = begin + 1; at < message.size(); ++at) {
    at = find_soon(message, '"', at);
    if (at == message.size()) break;
    std::size_t backslashes = 0;
    while (message[at - 1 - backslashes] == '\\') ++backslashes;  // the opening quote ends it
    if (backslashes % 2 == 0) return at + 1;
  }
  return message.size();
}

std::size_t array_end(std::string_view message, std::size_t begin) {
  std::size_t depth = 0;
  for (std::size_t at = begin; at < message.size();) {
    const char c = message[at];
    if (c == '"') {
      at = string_end(message, at);
      continue;
    }
    ++at;
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && --depth == 0) return at;
  }
  return message.size();
}

}  // namespace

std::size_t token_end(std::string_view message, std::size_t begin) {
  if (begin >= message.size()) return message.size();
  const char first = message[begin];
  if (first == '"') return string_end(message, begin);
  if (first == '[') return array_end(message, begin);
  if (first == '{') return begin + 1;
  std::size_t end = begin;
  while (end < message.size() && message[end] != ',' && message[end] != '}' && message[end] != ']' && !is_blank(message[end])) ++end;
  return end;
}

std::size_t past_blanks(std::string_view message, std::size_t at) {
  at = std::min(at, message.size());
  while (at < message.size() && is_blank(message[at])) ++at;
  return at;
}

std::size_t value_begin(std::string_view message, std::size_t end) { return past_blanks(message, end + 2); }

}  // namespace imdswatch
