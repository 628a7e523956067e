#include "imdswatch/decode/event_time.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "json_text.hpp"

namespace imdswatch {
namespace {

using std::chrono::microseconds;
using std::chrono::sys_days;

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t earliest_us = microseconds{sys_days{std::chrono::year{1980} / 1 / 1}.time_since_epoch()}.count();
constexpr std::int64_t latest_us = microseconds{sys_days{std::chrono::year{2200} / 1 / 1}.time_since_epoch()}.count();
constexpr std::int64_t filetime_epoch_us = microseconds{sys_days{std::chrono::year{1601} / 1 / 1}.time_since_epoch()}.count();

/// 0 for what is out of range: "nothing", as in all that is read here.
constexpr std::int64_t in_range(std::int64_t us) { return us >= earliest_us && us < latest_us ? us : 0; }

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes characters off the front; a step that does not fit makes all further ones fail.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool accept(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view any_of) { ok_ = accept(any_of) && ok_; }
  bool accept_word(std::string_view word) {
    if (!equals_folded(rest_.substr(0, word.size()), word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  int digits(int count) {
    int value = 0;
    for (int i = 0; i < count; ++i) {
      if (!is_digit(peek())) return ok_ = false, 0;
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  /// Fraction digits, as billionths.
  std::int64_t billionths() {
    std::int64_t value = 0;
    int count = 0;
    for (; is_digit(peek()); ++count) {
      if (count < 9) value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    if (count == 0 || count > 9) ok_ = false;
    for (; count < 9; ++count) value *= 10;
    return value;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

/// "+01:00", "-0530", "+01", "Z", "UTC", "GMT", or nothing; in minutes.
int offset_minutes(Scanner& in) {
  if (in.accept("Zz") || in.accept_word("UTC") || in.accept_word("GMT")) return 0;
  const char sign = in.peek();
  if (!in.accept("+-")) return 0;
  const int hours = in.digits(2);
  in.accept(":");
  const int minutes = is_digit(in.peek()) ? in.digits(2) : 0;
  if (hours > 18 || minutes > 59) in.expect("");  // no such offset
  return (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
}

/// Days since 1970 at the beginning of each year that may hold a time in range, and at the end of the last; an offset may move one into the next year.
constexpr int first_year = 1979, last_year = 2200;
constexpr auto days_at_year = [] {
  std::array<std::int32_t, last_year - first_year + 2> out{};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<std::int32_t>(sys_days{std::chrono::year{first_year + static_cast<int>(i)} / 1 / 1}.time_since_epoch().count());
  return out;
}();
/// Days of the year at the beginning of each month and at the end of the last: of a usual year, and of a leap year.
constexpr auto days_at_month = [] {
  std::array<std::array<std::int32_t, 13>, 2> out{};
  for (std::size_t leap = 0; leap < out.size(); ++leap) {
    const std::chrono::year year{leap == 0 ? 1970 : 1972};
    for (unsigned month = 0; month < 12; ++month)
      out[leap][month] = static_cast<std::int32_t>((sys_days{year / static_cast<int>(month + 1) / 1} - sys_days{year / 1 / 1}).count());
    out[leap][12] = leap == 0 ? 365 : 366;
  }
  return out;
}();

/// Days since 1970; nothing where there is no such day, or an event's time cannot be on it.
std::optional<std::int32_t> days_of(int year, int month, int day) {
  if (year < first_year || year > last_year || month < 1 || month > 12) return std::nullopt;
  const auto of_year = static_cast<std::size_t>(year - first_year), of_month = static_cast<std::size_t>(month - 1);
  const bool is_leap = days_at_year[of_year + 1] - days_at_year[of_year] == 366;
  const auto& at_month = days_at_month[is_leap ? 1 : 0];
  const std::int32_t before = at_month[of_month] + day - 1;
  if (day < 1 || before >= at_month[of_month + 1]) return std::nullopt;
  return days_at_year[of_year] + before;
}

// Eight characters as one number, the first in its lowest byte.
using Eight = std::uint64_t;

Eight eight(const char* from) {
  Eight out = 0;
  std::memcpy(&out, from, sizeof out);
  return std::endian::native == std::endian::little ? out : __builtin_bswap64(out);
}
constexpr Eight eight_of(const char (&text)[9]) {
  Eight out = 0;
  for (unsigned i = 0; i < 8; ++i) out |= Eight{static_cast<unsigned char>(text[i])} << 8 * i;
  return out;
}
bool all_digits(Eight values) { return ((values | (values + 0x0606060606060606)) & 0xf0f0f0f0f0f0f0f0) == 0; }
/// Where `Form` has a zero, the value of the digit there; elsewhere 0. Nothing for what is of another form.
template <Eight Form>
std::optional<Eight> digits_of(Eight text) {
  constexpr Eight digits = [] {
    Eight out = 0;
    for (unsigned i = 0; i < 8; ++i) out |= (Form >> 8 * i & 0xff) == '0' ? Eight{0xff} << 8 * i : 0;
    return out;
  }();
  const Eight out = text ^ Form;
  if ((out & ~digits) != 0 || !all_digits(out)) return std::nullopt;
  return out;
}
/// Of digits' values: in each byte, that digit and the next as one number.
Eight pairs(Eight values) { return values * 10 + (values >> 8); }
int byte(Eight bytes, unsigned i) { return static_cast<int>(bytes >> 8 * i & 0xff); }

/// The `count` digits before `end`, 1–9 behind a point, as millionths. Eight more characters stand before them.
std::optional<std::int64_t> millionths(const char* end, std::size_t count) {
  if (count == 9) {
    --end;  // counts for nothing, but must be a digit
    --count;
    if (!is_digit(*end)) return std::nullopt;
  }
  const Eight digits = (eight(end - 8) ^ eight_of("00000000")) >> 8 * (8 - count);
  if (!all_digits(digits)) return std::nullopt;
  const Eight twos = pairs(digits) & 0x00ff00ff00ff00ff;
  const Eight fours = (twos * 100 + (twos >> 16)) & 0x0000ffff0000ffff;
  return static_cast<std::int64_t>(((fours * 10'000 + (fours >> 32)) & 0xffffffff) / 100);
}

/// The minute that a thread has read last: mostly that of the next time, too.
class LatestMinute {
 public:
  /// Seconds since 1970 of "2020-05-01?22:55", whatever stands between day and hour: several shippers' events take turns.
  std::optional<std::int64_t> of(const char* text) {
    constexpr Eight all_but_that = ~(Eight{0xff} << 8 * 2);
    const Eight month = eight(text), minute = eight(text + 8) & all_but_that;
    if (month == month_ && minute == minute_) return seconds_;
    const auto date = digits_of<eight_of("0000-00-")>(month);
    const auto clock = digits_of<eight_of("00 00:00") & all_but_that>(minute);
    if (!date || !clock) return std::nullopt;
    const Eight of_date = pairs(*date), of_clock = pairs(*clock);
    const auto days = days_of(byte(of_date, 0) * 100 + byte(of_date, 2), byte(of_date, 5), byte(of_clock, 0));
    const int hour = byte(of_clock, 3), minutes = byte(of_clock, 6);
    if (!days || hour > 23 || minutes > 59) return std::nullopt;
    month_ = month;
    minute_ = minute;
    seconds_ = std::int64_t{*days} * 86'400 + std::int64_t{hour} * 3600 + std::int64_t{minutes} * 60;
    return seconds_;
  }

 private:
  Eight month_ = 0, minute_ = 0;  ///< their characters; 0 for none
  std::int64_t seconds_ = 0;
};

/// "2020-05-01T22:55:29.123Z" or "2020-05-01 22:55:29.123", with 0–9 fractional digits: nearly all there are, and many times as quick as the general way.
/// Nothing for any other form.
std::int64_t parse_usual(std::string_view text) {
  thread_local LatestMinute latest;
  text.remove_suffix(text.ends_with('Z') ? 1 : 0);
  if (text.size() < 19 || text.size() == 20 || text.size() > 29) return 0;
  const char* const at = text.data();
  const auto minute = latest.of(at);
  const int second = (at[17] - '0') * 10 + (at[18] - '0');
  if (!minute || !(at[10] == 'T' || at[10] == ' ') || at[16] != ':' || !is_digit(at[17]) || !is_digit(at[18]) || second > 60) return 0;
  std::int64_t us = 0;
  if (text.size() > 19) {
    const auto fraction = millionths(at + text.size(), text.size() - 20);
    if (at[19] != '.' || !fraction) return 0;
    us = *fraction;
  }
  return in_range((*minute + second) * second_us + us);
}

std::int64_t parse_iso(std::string_view text) {
  Scanner in(text);
  const int year = in.digits(4);
  in.expect("-");
  const int month = in.digits(2);
  in.expect("-");
  const int day = in.digits(2);
  in.expect("Tt ");
  const int hour = in.digits(2);
  in.expect(":");
  const int minute = in.digits(2);
  const bool to_the_minute = !in.accept(":");
  const int second = to_the_minute ? 0 : in.digits(2);
  const std::int64_t fraction = !to_the_minute && in.accept(".,") ? in.billionths() : 0;
  while (in.accept(" ")) {}
  const int offset = offset_minutes(in);
  if (!in.done() || hour > 23 || minute > 59 || second > 60) return 0;  // 60: a leap second
  const auto days = days_of(year, month, day);
  if (!days) return 0;
  const std::int64_t seconds = std::int64_t{*days} * 86'400 + std::int64_t{hour} * 3600 + (std::int64_t{minute} - offset) * 60 + second;
  return in_range(seconds * second_us + fraction / 1000);
}

/// Which unit a number of this size is in, by its whole part; 1980–2200 in each leaves gaps between them.
std::int64_t from_number(std::uint64_t whole, std::int64_t billionths) {
  constexpr auto earliest_s = static_cast<std::uint64_t>(earliest_us / second_us);
  constexpr auto latest_s = static_cast<std::uint64_t>(latest_us / second_us);
  const auto within = [&](std::uint64_t per_second) { return whole >= earliest_s * per_second && whole < latest_s * per_second; };
  const auto value = static_cast<std::int64_t>(whole);
  if (within(1)) return in_range(value * second_us + billionths / 1000);
  if (within(1'000)) return in_range(value * 1000 + billionths / 1'000'000);
  if (within(1'000'000)) return in_range(value);
  if (within(1'000'000'000)) return in_range(value / 1000);
  if (whole < static_cast<std::uint64_t>(INT64_MAX)) return in_range(value / 10 + filetime_epoch_us);
  return 0;
}

/// "/Date(1588373729123)/", of Microsoft's older JSON: milliseconds since 1970 in UTC. An offset behind them says where it was written.
std::int64_t parse_date_call(std::string_view text) {
  constexpr std::string_view begin = "/Date(", end = ")/";
  if (!text.starts_with(begin) || !text.ends_with(end) || text.size() < begin.size() + end.size()) return 0;
  text = text.substr(begin.size(), text.size() - begin.size() - end.size());
  std::int64_t ms = 0;
  const auto [after, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  Scanner rest(text.substr(static_cast<std::size_t>(after - text.data())));
  if (rest.accept("+-")) rest.digits(4);
  constexpr std::int64_t latest_ms = latest_us / 1000;
  if (error != std::errc{} || !rest.done() || ms < 0 || ms >= latest_ms) return 0;
  return in_range(ms * 1000);
}

std::int64_t parse_number(std::string_view text) {
  std::uint64_t whole = 0;
  const char* const end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, whole);
  if (error != std::errc{} || text.back() == '.') return 0;
  if (after == end) return from_number(whole, 0);
  if (*after == '.') {
    Scanner fraction(std::string_view(after + 1, static_cast<std::size_t>(end - after - 1)));
    const std::int64_t billionths = fraction.billionths();
    if (fraction.done()) return from_number(whole, billionths);
  }
  double value = 0;  // an exponent, or more fraction digits than count
  const auto [double_end, double_error] = std::from_chars(text.data(), end, value);
  if (double_error != std::errc{} || double_end != end || !(value >= 0 && value < 9e18)) return 0;
  const double floor = std::floor(value);
  return from_number(static_cast<std::uint64_t>(floor), static_cast<std::int64_t>((value - floor) * 1e9));
}

}  // namespace

std::int64_t parse_event_time_us(std::string_view text) {
  if (const std::int64_t usual = parse_usual(text); usual != 0) return usual;
  text = trimmed(text);
  if (text.size() > 5 && text[4] == '-') return parse_iso(text);
  if (text.starts_with('/')) return parse_date_call(text);
  return parse_number(text);
}

}  // namespace imdswatch
