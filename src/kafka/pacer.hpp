#pragma once

#include <optional>
#include <vector>

#include "imdswatch/base/time.hpp"

namespace imdswatch::kafka {

struct PacedSource {
  std::optional<EventTime> watermark;
  bool has_more = false;  ///< not known to have been read to its end
  bool paused = false;
};

struct PacerLimits {
  EventClock::duration pause_ahead = std::chrono::hours{1};
  EventClock::duration resume_ahead = std::chrono::minutes{45};
};

/// Whether each source is to be paused: one that runs more than `pause_ahead` ahead of the detector's time is, until it is no
/// more than `resume_ahead` ahead. While the detector has no time, the lowest watermark of those that have more to read counts.
std::vector<bool> pace(const std::vector<PacedSource>& sources, std::optional<EventTime> detector_time, const PacerLimits& limits);

}  // namespace imdswatch::kafka
