#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "imdswatch/base/time.hpp"

namespace imdswatch {

/// A shipper's written time, in any of these forms, else nothing:
///  - ISO 8601 with `T` or a space, with or without seconds, 0–9 fractional digits of them, and `Z`, `UTC`, `GMT`, an offset (+01:00, +0100,
///    +01), or none, which means UTC;
///  - `/Date(1588373729123)/`, milliseconds since 1970, perhaps with an offset behind them that changes nothing;
///  - a number, as such or as text: seconds, milliseconds, microseconds or nanoseconds since 1970, or a Windows FILETIME
///    (100 ns since 1601). Which one follows from its size: for 1980–2200 the five ranges don't overlap.
/// What lies outside 1980–2200 is no time. What is finer than a microsecond is cut off.
/// In microseconds since 1970; 0 for nothing, as an optional would be returned through memory, which costs each event.
std::int64_t parse_event_time_us(std::string_view text);

inline std::optional<EventTime> parse_event_time(std::string_view text) {
  const std::int64_t us = parse_event_time_us(text);
  return us != 0 ? std::optional{event_time_us(us)} : std::nullopt;
}

}  // namespace imdswatch
