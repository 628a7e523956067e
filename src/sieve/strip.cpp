#include "strip.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "text.hpp"

/// What is recognised, in this order, again and again until nothing is found. `^` is the part's start or one of - _ . ( [ { or
/// a blank; `$` its end or one of - _ . ) ] } + or a blank. The separator before what is taken goes with it.
///
///   guid     ^ {8-4-4-4-12 hexadecimal digits} $, with or without braces
///   time     ^ YYYY-MM-DD or YYYYMMDD, and after - _ t or nothing HHMMSS or HHMM or HH-MM-SS, $
///   version  ^ v? digits(.digits)+ tail? $;  behind a letter (`jdk1.8.0_201`) only with two dots or more
///   tail     [-_+]digits of at most five, or -alpha -beta -rc -preview -dev -snapshot with digits
///   hex      [-_] six or more hexadecimal digits $
namespace imdswatch {
namespace {

constexpr std::size_t none = std::string_view::npos;

bool digit(char c) { return c >= '0' && c <= '9'; }
bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f'); }
bool in(std::string_view set, char c) { return set.find(c) != none; }
bool begins(std::string_view s, std::size_t i) { return i == 0 || in("-_.([{ ", s[i - 1]); }
bool ends(std::string_view s, std::size_t i) { return i >= s.size() || in("-_.)]}+ ", s[i]); }

template <class Test>
std::size_t run(std::string_view s, std::size_t i, Test test) {
  const std::size_t from = std::min(i, s.size());
  std::size_t end = from;
  while (end < s.size() && test(s[end])) ++end;
  return end - from;
}
std::size_t digits(std::string_view s, std::size_t i) { return run(s, i, digit); }

/// Each matcher gives the end of what begins at i, or none.
std::size_t guid(std::string_view s, std::size_t i) {
  if (!begins(s, i) && s[i] != '{') return none;
  const bool braced = s[i] == '{';
  std::size_t at = i + (braced ? 1 : 0);
  constexpr std::array<std::size_t, 5> lengths{8, 4, 4, 4, 12};
  for (std::size_t group = 0; group < lengths.size(); ++group) {
    if (group > 0 && (at >= s.size() || s[at++] != '-')) return none;
    if (run(s, at, hex) != lengths[group]) return none;
    at += lengths[group];
  }
  if (braced) return at < s.size() && s[at] == '}' ? at + 1 : none;
  return ends(s, at) ? at : none;
}

int number(std::string_view s, std::size_t i, std::size_t count) {
  int value = 0;
  for (std::size_t k = 0; k < count; ++k) value = value * 10 + (s[i + k] - '0');
  return value;
}

/// The end of a date at i: YYYY-MM-DD, YYYYMMDD.
std::size_t date(std::string_view s, std::size_t i) {
  const std::size_t leading = digits(s, i);
  const bool dashed = leading == 4 && i + 10 <= s.size() && s[i + 4] == '-' && s[i + 7] == '-' && digits(s, i + 5) == 2 &&
                      digits(s, i + 8) >= 2;
  if (!dashed && leading != 8 && leading != 12 && leading != 14) return none;
  const std::size_t gap = dashed ? 1 : 0;
  const int year = number(s, i, 4);
  const int month = number(s, i + 4 + gap, 2);
  const int day = number(s, i + 6 + 2 * gap, 2);
  const bool real = year >= 1980 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return real ? i + 8 + 2 * gap : none;
}

std::size_t install_time(std::string_view s, std::size_t i) {
  if (!begins(s, i)) return none;
  const std::size_t day_end = date(s, i);
  if (day_end == none) return none;
  std::size_t at = day_end;
  if (at < s.size() && (in("-_t", s[at]) || (s[at] == ' ' && digits(s, at + 1) > 0))) ++at;
  const std::size_t clock = digits(s, at);
  if ((clock == 6 || clock == 4) && ends(s, at + clock)) return at + clock;
  const bool dashed = clock == 2 && at + 8 <= s.size() && s[at + 2] == '-' && s[at + 5] == '-' && digits(s, at + 3) == 2 &&
                      digits(s, at + 6) == 2;
  if (dashed && ends(s, at + 8)) return at + 8;
  return ends(s, day_end) ? day_end : none;
}

/// The end of a version's tail at i, or i.
std::size_t version_tail(std::string_view s, std::size_t i) {
  if (i >= s.size() || !in("-_+", s[i])) return i;
  const std::size_t count = digits(s, i + 1);
  const std::size_t end = i + 1 + count;
  const bool next_version = end + 1 < s.size() && s[end] == '.' && digit(s[end + 1]);
  if (count > 0 && count <= 5 && ends(s, end) && !next_version) return end;
  for (const std::string_view word : {"alpha", "beta", "rc", "preview", "dev", "snapshot"}) {
    if (s.substr(i + 1, word.size()) != word) continue;
    std::size_t at = i + 1 + word.size();
    if (at < s.size() && in(".-", s[at]) && digits(s, at + 1) > 0) ++at;
    at += digits(s, at);
    if (ends(s, at)) return at;
  }
  return i;
}

std::size_t version(std::string_view s, std::size_t i) {
  const bool lettered = s[i] == 'v' && begins(s, i);
  std::size_t at = i + (lettered ? 1 : 0);
  if (at > 0 && !lettered && digit(s[at - 1])) return none;  // within a number
  std::size_t dots = 0;
  std::size_t count = digits(s, at);
  if (count == 0) return none;
  at += count;
  while (at < s.size() && s[at] == '.' && (count = digits(s, at + 1)) > 0) {
    at += 1 + count;
    ++dots;
  }
  if (dots == 0 || (dots == 1 && !lettered && !begins(s, i))) return none;
  at = version_tail(s, at);
  return ends(s, at) ? at : none;
}

std::size_t hex_suffix(std::string_view s, std::size_t i) {
  if (i == 0 || !in("-_", s[i - 1])) return none;
  const std::size_t count = run(s, i, hex);
  return count >= 6 && ends(s, i + count) ? i + count : none;
}

/// Takes [from, to) out with the separator before it, or after it at the part's start; then empty brackets.
void take_out(std::string& s, std::size_t from, std::size_t to) {
  if (from > 0 && in("-_. ", s[from - 1])) {
    --from;
  } else if (from == 0 && to < s.size() && in("-_. ", s[to])) {
    ++to;
  }
  s.erase(from, to - from);
  for (const std::string_view empty : {"()", "[]", "{}"}) {
    for (std::size_t at = s.find(empty); at != none; at = s.find(empty)) s.erase(at, 2);
  }
  while (!s.empty() && in("-_. ", s.back())) s.pop_back();
}

bool strip_once(std::string& s) {
  for (const auto matcher : {guid, install_time, version, hex_suffix}) {
    for (std::size_t i = 0; i < s.size(); ++i) {
      const std::size_t end = matcher(s, i);
      if (end == none) continue;
      take_out(s, i, end);
      return true;
    }
  }
  return false;
}

}  // namespace

std::string strip_changing(std::string_view folded) {
  std::string out{folded};
  while (strip_once(out)) {}
  return out.size() < folded.size() ? fold_case(out) : out;  // of bytes that are no UTF-8, halves of a capital may have met
}

}  // namespace imdswatch
