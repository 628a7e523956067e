#include "json_pieces.hpp"

#include <string>

#include "json_token.hpp"

namespace imdswatch {
namespace {

constexpr std::string_view blanks = " \t\r\n";

/// Behind the string whose quote stands at `begin`; nothing unless what can follow a string follows it.
std::optional<std::size_t> string_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin + 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  if (at >= text.size()) return std::nullopt;
  const std::size_t next = past_blanks(text, at + 1);
  if (next < text.size() && std::string_view(",:]}").find(text[next]) == std::string_view::npos) return std::nullopt;
  return at + 1;
}

bool stands_in_literal(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || c == '+' || c == '-' || c == '.';
}

std::optional<std::size_t> container_end(std::string_view text, std::size_t begin) {
  std::string open;      // the brackets that close what is open
  bool may_begin = true;  // whether a value or key may: not behind another
  for (std::size_t at = begin; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      const auto end = may_begin ? string_end(text, at) : std::nullopt;
      if (!end) return std::nullopt;
      at = *end;
      may_begin = false;
      continue;
    }
    ++at;
    if (blanks.find(c) != std::string_view::npos) continue;
    if (c == '{' || c == '[') {
      if (!may_begin) return std::nullopt;
      open.push_back(c == '{' ? '}' : ']');
    } else if (c == '}' || c == ']') {
      if (open.back() != c) return std::nullopt;
      open.pop_back();
      if (open.empty()) return at;
      may_begin = false;
    } else if (c == ',' || c == ':') {
      may_begin = true;
    } else if (stands_in_literal(c)) {
      may_begin = false;
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> sound_end(std::string_view text, std::size_t begin) {
  if (begin >= text.size()) return std::nullopt;
  if (text[begin] == '"') return string_end(text, begin);
  if (text[begin] == '{' || text[begin] == '[') return container_end(text, begin);
  std::size_t end = begin;
  while (end < text.size() && stands_in_literal(text[end])) ++end;
  return end;
}

JsonPieces::Piece JsonPieces::unsound(Piece piece, std::size_t begin) {
  piece.value = text_.substr(begin);
  piece.sound = false;
  done_ = true;
  return piece;
}

std::optional<JsonPieces::Piece> JsonPieces::next() {
  if (done_) return std::nullopt;
  const char close = object_ ? '}' : ']';
  Piece out;
  std::size_t at = past_blanks(text_, at_);
  if (first_ && at < text_.size() && text_[at] == close) {
    done_ = true;
    return std::nullopt;
  }
  first_ = false;
  if (object_) {
    const auto end = at < text_.size() && text_[at] == '"' ? string_end(text_, at) : std::nullopt;
    if (!end) return unsound(out, at);
    out.key = text_.substr(at + 1, *end - at - 2);
    at = past_blanks(text_, *end);
    if (at == text_.size() || text_[at] != ':') return unsound(out, at);
    at = past_blanks(text_, at + 1);
  }
  const auto end = sound_end(text_, at);
  if (!end) return unsound(out, at);
  const std::size_t behind = past_blanks(text_, *end);
  const bool whole = behind < text_.size() ? text_[behind] == ',' || text_[behind] == close : !stands_in_literal(text_[*end - 1]);
  if (!whole) return unsound(out, at);
  out.value = text_.substr(at, *end - at);
  done_ = behind < text_.size() && text_[behind] == close;
  at_ = behind + (behind < text_.size() ? 1 : 0);
  return out;
}

}  // namespace imdswatch
