#pragma once

#include <chrono>
#include <cstdint>

#include "imdswatch/base/ids.hpp"
#include "imdswatch/base/time.hpp"

namespace imdswatch {

/// The n-th interval of `Schedule::every` since 1970; where a sighting is counted.
using Bucket = Strong<struct BucketTag, std::int64_t>;

struct Schedule {
  enum class Mode : std::uint8_t { interval, continuous };
  Mode mode = Mode::interval;
  EventClock::duration every = std::chrono::minutes{15};
  EventClock::duration lookback = std::chrono::minutes{45};  ///< a whole multiple of `every`, at least two
  EventClock::duration delay{0};                             ///< run T is due when time reaches T + delay
  std::chrono::milliseconds stall_timeout = std::chrono::hours{1};  ///< by progress records' wall times

  [[nodiscard]] Bucket bucket_of(EventTime time) const;
  [[nodiscard]] EventTime start(Bucket bucket) const;
};

/// A run at T: judges what is new before T in the look-back, then learns the bucket that the next run no longer sees.
struct Run {
  EventTime time;   ///< T, a multiple of `every`
  Bucket closing;   ///< [T − every, T): the newest bucket it judges
  Bucket leaving;   ///< [T − lookback, T − lookback + every): learned at its end
  friend bool operator==(const Run&, const Run&) = default;
};

}  // namespace imdswatch
