#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace imdswatch {

/// Time as events tell it. It has no now(): what the detector knows of time stands in the log.
struct EventClock {
  using duration = std::chrono::microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<EventClock>;
};
using EventTime = EventClock::time_point;  ///< microseconds since 1970-01-01T00:00:00Z

/// Time as the machine's clock or the broker tells it. No now() here either: an edge reads the clock and hands it in.
struct WallClock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<WallClock>;
};
using WallTime = WallClock::time_point;  ///< milliseconds since 1970-01-01T00:00:00Z

/// "2026-03-01T12:00:00.123456Z"; whole milliseconds as three digits, else six.
std::string to_iso8601(EventTime time);
std::string to_iso8601(WallTime time);

constexpr EventTime event_time_us(std::int64_t microseconds) { return EventTime{EventClock::duration{microseconds}}; }
constexpr std::int64_t to_us(EventTime time) { return time.time_since_epoch().count(); }
constexpr WallTime wall_time_ms(std::int64_t milliseconds) { return WallTime{WallClock::duration{milliseconds}}; }
constexpr std::int64_t to_ms(WallTime time) { return time.time_since_epoch().count(); }

}  // namespace imdswatch
