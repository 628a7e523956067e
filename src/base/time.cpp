#include "imdswatch/base/time.hpp"

#include <cstdio>

namespace imdswatch {
namespace {

std::string iso8601(std::int64_t us) {
  using namespace std::chrono;
  const sys_time<microseconds> time{microseconds{us}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  char out[64];
  const auto fraction = clock.subseconds().count();
  const bool whole_ms = fraction % 1000 == 0;
  std::snprintf(out, sizeof out, whole_ms ? "%04d-%02u-%02uT%02d:%02d:%02d.%03lldZ" : "%04d-%02u-%02uT%02d:%02d:%02d.%06lldZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<long long>(whole_ms ? fraction / 1000 : fraction));
  return out;
}

}  // namespace

std::string to_iso8601(EventTime time) { return iso8601(to_us(time)); }
std::string to_iso8601(WallTime time) { return iso8601(to_ms(time) * 1000); }

}  // namespace imdswatch
