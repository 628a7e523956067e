#include "json_text.hpp"

#include <algorithm>
#include <cstdint>

namespace imdswatch {
namespace {

constexpr std::uint32_t replacement = 0xfffd;

char* put_utf8(char* out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(static_cast<std::uint8_t>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | (code >> 6));
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3f));
    put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  }
  return out;
}

/// The character of the `\u` escape whose digits begin at `at`; moves `at` behind it, and behind the second half of a pair.
std::optional<std::uint32_t> unicode_escape(std::string_view text, std::size_t& at) {
  const auto first = hex4(text, at);
  if (!first) return std::nullopt;
  at += 4;
  if (*first < 0xd800 || *first > 0xdfff) return first;
  if (*first <= 0xdbff && text.substr(at, 2) == "\\u") {
    const auto second = hex4(text, at + 2);
    if (second && *second >= 0xdc00 && *second <= 0xdfff) {
      at += 6;
      return 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00);
    }
  }
  return replacement;
}

}  // namespace

std::optional<std::uint32_t> hex4(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(at, 4)) {
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      digit = static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
    } else {
      return std::nullopt;
    }
    value = value * 16 + digit;
  }
  return value;
}

std::optional<std::string_view> unescape(std::string_view text, TextArena& arena) {
  std::size_t at = find_soon(text, '\\', 0);
  if (at == text.size()) return text;
  char* const begin = arena.allocate(text.size() + copied_at_once);  // no escape is shorter than what it stands for
  char* out = std::copy_n(text.data(), at, begin);
  while (at < text.size()) {
    if (text[at] != '\\') {
      const std::size_t next = find_soon(text, '\\', at);
      copy_soon(out, text, at, next - at);
      out += next - at;
      at = next;
      continue;
    }
    if (at + 1 >= text.size()) return std::nullopt;
    const char kind = text[at + 1];
    at += 2;
    switch (kind) {
      case '"': case '\\': case '/': *out++ = kind; break;
      case 'b': *out++ = '\b'; break;
      case 'f': *out++ = '\f'; break;
      case 'n': *out++ = '\n'; break;
      case 'r': *out++ = '\r'; break;
      case 't': *out++ = '\t'; break;
      case 'u': {
        const auto code = unicode_escape(text, at);
        if (!code) return std::nullopt;
        out = put_utf8(out, *code);
        break;
      }
      default: return std::nullopt;
    }
  }
  arena.shrink(out);
  return std::string_view(begin, static_cast<std::size_t>(out - begin));
}

bool is_json_literal(std::string_view token) {
  if (token == "true" || token == "false" || token == "null") return true;
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < token.size() && token[at] >= '0' && token[at] <= '9') ++at;
    return at - begin;
  };
  const auto accept = [&](char c) { return at < token.size() && token[at] == c ? (++at, true) : false; };
  accept('-');
  const bool leading_zero = at < token.size() && token[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (accept('.') && digits() == 0) return false;
  if (accept('e') || accept('E')) {
    if (!accept('+')) accept('-');
    if (digits() == 0) return false;
  }
  return at == token.size();
}

bool equals_folded(std::string_view a, std::string_view b) {
  const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  if (a.size() != b.size()) return false;
  return a == b || std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return fold(x) == fold(y); });
}

}  // namespace imdswatch
