#include "pattern.hpp"

namespace imdswatch::triage {
namespace {

constexpr bool within(char32_t c, char32_t low, char32_t high) { return c >= low && c <= high; }

char32_t fold(char32_t c) {
  if (within(c, U'A', U'Z') || (within(c, 0xC0, 0xDE) && c != 0xD7)) return c + 32;        // Latin, Latin-1
  if (within(c, 0x100, 0x137) || within(c, 0x14A, 0x177)) return c == 0x130 ? U'i' : c | 1;  // Latin Extended-A: pairs, even first
  if (within(c, 0x139, 0x148) || within(c, 0x179, 0x17E)) return c % 2 == 1 ? c + 1 : c;     // … odd first
  if (c == 0x178) return 0xFF;
  if (within(c, 0x391, 0x3A9) && c != 0x3A2) return c + 32;                                  // Greek
  if (c == 0x3C2) return 0x3C3;
  if (within(c, 0x410, 0x42F)) return c + 32;                                                // Cyrillic
  if (within(c, 0x400, 0x40F)) return c + 80;
  return c;
}

/// Takes one code point off the front; an invalid byte becomes a value of its own beyond Unicode.
char32_t take(std::string_view& rest) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  const unsigned char lead = byte(0);
  const std::size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  char32_t c = size == 1 ? lead : lead & (0xFFu >> (size + 1));
  bool valid = size != 0 && size <= rest.size();
  for (std::size_t i = 1; valid && i < size; ++i) {
    valid = (byte(i) & 0xC0) == 0x80;
    c = (c << 6) | (byte(i) & 0x3Fu);
  }
  if (!valid) c = 0x110000u + lead;
  rest.remove_prefix(valid ? size : 1);
  return c;
}

}  // namespace

std::u32string fold(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  while (!utf8.empty()) out.push_back(fold(take(utf8)));
  return out;
}

Pattern::Pattern(std::string_view text, bool path) {
  const std::u32string chars = fold(text);
  const auto literal = [&](char32_t c) { tokens_.push_back({Token::Kind::literal, c}); };
  for (std::size_t i = 0; i < chars.size();) {
    std::size_t backslashes = 0;
    while (i + backslashes < chars.size() && chars[i + backslashes] == U'\\') ++backslashes;
    i += backslashes;
    const bool wildcard = i < chars.size() && (chars[i] == U'*' || chars[i] == U'?');
    bool escaped = false;
    if (wildcard && backslashes > 0) {
      escaped = backslashes % 2 == 1 && !path;
      backslashes = path ? (backslashes + 1) / 2 : backslashes / 2;
    }
    for (; backslashes > 0; --backslashes) literal(U'\\');
    if (i == chars.size()) break;
    if (!wildcard || escaped) {
      literal(chars[i]);
    } else if (chars[i] == U'?') {
      tokens_.push_back({Token::Kind::any_one});
    } else if (tokens_.empty() || tokens_.back().kind != Token::Kind::any_run) {
      tokens_.push_back({Token::Kind::any_run});
    }
    ++i;
  }
}

bool Pattern::matches(std::u32string_view text) const {
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t t = 0, p = 0, run = none, run_from = 0;  // only the last `*` ever has to be tried again
  while (t < text.size()) {
    if (p < tokens_.size() && tokens_[p].kind == Token::Kind::any_run) {
      run = p++;
      run_from = t;
    } else if (p < tokens_.size() && (tokens_[p].kind == Token::Kind::any_one || tokens_[p].value == text[t])) {
      ++p;
      ++t;
    } else if (run != none) {
      p = run + 1;
      t = ++run_from;
    } else {
      return false;
    }
  }
  while (p < tokens_.size() && tokens_[p].kind == Token::Kind::any_run) ++p;
  return p == tokens_.size();
}

}  // namespace imdswatch::triage
