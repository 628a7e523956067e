#include "time_text.hpp"

#include <chrono>

namespace imdswatch {
namespace {

/// Takes `count` digits off the front; false if they are not there.
bool digits(std::string_view& text, std::size_t count, int& out) {
  if (text.size() < count) return false;
  out = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    out = out * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool literal(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

bool fraction_us(std::string_view& text, int& out) {
  out = 0;
  if (!literal(text, '.')) return true;
  int scale = 1'000'000;
  int digit = 0;
  while (scale > 1 && digits(text, 1, digit)) {
    scale /= 10;
    out += digit * scale;
  }
  return scale < 1'000'000;
}

}  // namespace

std::optional<std::int64_t> parse_iso8601_us(std::string_view text) {
  using namespace std::chrono;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, us = 0;
  const bool read = digits(text, 4, y) && literal(text, '-') && digits(text, 2, mo) && literal(text, '-') && digits(text, 2, d) &&
                    literal(text, 'T') && digits(text, 2, h) && literal(text, ':') && digits(text, 2, mi) && literal(text, ':') &&
                    digits(text, 2, s) && fraction_us(text, us) && literal(text, 'Z') && text.empty();
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  if (!read || !date.ok() || h > 23 || mi > 59 || s > 59) return std::nullopt;
  const auto time = sys_days{date}.time_since_epoch() + hours{h} + minutes{mi} + seconds{s} + microseconds{us};
  return duration_cast<microseconds>(time).count();
}

}  // namespace imdswatch
