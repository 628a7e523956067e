#include "custom_time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>

#include "imdswatch/decode/custom.hpp"
#include "imdswatch/decode/event_time.hpp"
#include "json_text.hpp"

namespace imdswatch {
namespace {

using std::chrono::microseconds;
using std::chrono::sys_days;

constexpr std::int64_t us_of(int year) {
  return microseconds{sys_days{std::chrono::year{year} / 1 / 1}.time_since_epoch()}.count();
}

struct Unit {
  std::string_view name;
  std::int64_t per_second;
  std::int64_t epoch_us;
};
constexpr std::array<Unit, 5> units{{{"unix_s", 1, 0},
                                     {"unix_ms", 1'000, 0},
                                     {"unix_us", 1'000'000, 0},
                                     {"unix_ns", 1'000'000'000, 0},
                                     {"filetime", 10'000'000, us_of(1601)}}};
constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view directives = "YmdbHMSfz%";

std::optional<EventTime> in_range(std::int64_t us) {
  if (us < us_of(1980) || us >= us_of(2200)) return std::nullopt;
  return event_time_us(us);
}

/// At least `least` and at most `most` digits off the front of `text`.
bool take_digits(std::string_view& text, std::size_t least, std::size_t most, int& out) {
  std::size_t count = 0;
  out = 0;
  for (; count < most && count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count) out = out * 10 + (text[count] - '0');
  text.remove_prefix(count);
  return count >= least;
}

bool take_billionths(std::string_view& text, std::int64_t& out) {
  const std::size_t before = text.size();
  int digits = 0;
  if (!take_digits(text, 1, 9, digits)) return false;
  out = digits;
  for (std::size_t count = before - text.size(); count < 9; ++count) out *= 10;
  return true;
}

/// As double, not as long double: that the library reads by strtold, beyond the end of the text and by the process's locale.
bool take_with_exponent(std::string_view text, std::uint64_t& whole, std::int64_t& billionths) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || after != end || !(value >= 0 && value < 9e18)) return false;
  whole = static_cast<std::uint64_t>(value);
  billionths = static_cast<std::int64_t>((value - static_cast<double>(whole)) * 1e9);
  return true;
}

std::optional<EventTime> parse_unit(std::string_view text, const Unit& unit) {
  std::uint64_t whole = 0;
  std::int64_t billionths = 0;
  const char* const end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, whole);
  if (error != std::errc{}) return std::nullopt;
  std::string_view rest(after, static_cast<std::size_t>(end - after));
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    if (!take_billionths(rest, billionths)) return std::nullopt;
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789"), rest.size()));  // finer than counts
  }
  if (!rest.empty() && !take_with_exponent(text, whole, billionths)) return std::nullopt;
  const auto beyond = static_cast<std::uint64_t>((us_of(2200) - unit.epoch_us) / 1'000'000 * unit.per_second);
  if (whole >= beyond) return std::nullopt;
  const auto value = static_cast<std::int64_t>(whole);
  if (unit.per_second > 1'000'000) return in_range(value / (unit.per_second / 1'000'000) + unit.epoch_us);
  const std::int64_t us_of_one = 1'000'000 / unit.per_second;
  return in_range(value * us_of_one + billionths * us_of_one / 1'000'000'000 + unit.epoch_us);
}

/// What a pattern has read so far; what it does not name stays at these.
struct Parts {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::int64_t fraction_us = 0, offset_minutes = 0;

  [[nodiscard]] std::optional<EventTime> time() const {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    const std::int64_t minutes = std::int64_t{hour} * 60 + minute - offset_minutes;
    return in_range(microseconds{sys_days{date}.time_since_epoch()}.count() + (minutes * 60 + second) * 1'000'000 + fraction_us);
  }
};

bool take_fraction(std::string_view& text, std::int64_t& us) {
  std::int64_t billionths = 0;
  if (!take_billionths(text, billionths)) return false;
  us = billionths / 1000;
  return true;
}

/// "Z", "+0100", "+01:00" or "+01".
bool take_offset(std::string_view& text, std::int64_t& out) {
  if (text.empty()) return false;
  const char sign = text.front();
  text.remove_prefix(1);
  if (sign == 'Z' || sign == 'z') return true;
  int hours = 0, minutes = 0;
  if ((sign != '+' && sign != '-') || !take_digits(text, 2, 2, hours)) return false;
  if (text.starts_with(':')) text.remove_prefix(1);
  if (!text.empty() && text.front() >= '0' && text.front() <= '9' && !take_digits(text, 2, 2, minutes)) return false;
  out = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
  return hours <= 18 && minutes <= 59;
}

bool take_month_name(std::string_view& text, int& month) {
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (!equals_folded(text.substr(0, 3), months[i])) continue;
    text.remove_prefix(3);
    month = static_cast<int>(i) + 1;
    return true;
  }
  return false;
}

bool take(char directive, std::string_view& text, Parts& parts) {
  switch (directive) {
    case 'Y': return take_digits(text, 4, 4, parts.year);
    case 'm': return take_digits(text, 1, 2, parts.month);
    case 'd': return take_digits(text, 1, 2, parts.day);
    case 'b': return take_month_name(text, parts.month);
    case 'H': return take_digits(text, 1, 2, parts.hour);
    case 'M': return take_digits(text, 1, 2, parts.minute);
    case 'S': return take_digits(text, 1, 2, parts.second);
    case 'f': return take_fraction(text, parts.fraction_us);
    case 'z': return take_offset(text, parts.offset_minutes);
    default: break;
  }
  if (!text.starts_with('%')) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<EventTime> parse_pattern(std::string_view text, std::string_view pattern) {
  Parts parts;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%') {
      if (!take(pattern[++i], text, parts)) return std::nullopt;
    } else if (text.starts_with(pattern[i])) {
      text.remove_prefix(1);
    } else {
      return std::nullopt;
    }
  }
  return text.empty() ? parts.time() : std::nullopt;
}

}  // namespace

std::optional<EventTime> CustomTime::parse(std::string_view text) const {
  if (format_ == "auto") return parse_event_time(text);
  for (const Unit& unit : units)
    if (unit.name == format_) return parse_unit(text, unit);
  return parse_pattern(text, format_);
}

std::optional<std::string> time_format_problem(std::string_view format) {
  if (format == "auto" || std::any_of(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == format; })) return std::nullopt;
  if (format.find('%') == std::string_view::npos) {
    return "allowed is auto, unix_s, unix_ms, unix_us, unix_ns, filetime, or a pattern such as \"%d/%m/%Y %H:%M:%S\"";
  }
  std::string seen;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    if (++i == format.size() || directives.find(format[i]) == std::string_view::npos) {
      return "a pattern may hold %Y, %m, %d, %b (Jan), %H, %M, %S, %f (fraction), %z (offset) and %%";
    }
    seen += format[i];
  }
  const bool month = seen.find('m') != std::string::npos || seen.find('b') != std::string::npos;
  if (month && seen.find('Y') != std::string::npos && seen.find('d') != std::string::npos && seen.find('H') != std::string::npos &&
      seen.find('M') != std::string::npos && seen.find('S') != std::string::npos) {
    return std::nullopt;
  }
  return "a pattern needs year, month, day, hour, minute and second: %Y, %m or %b, %d, %H, %M, %S";
}

}  // namespace imdswatch
