#include "pacer.hpp"

namespace imdswatch::kafka {

std::vector<bool> pace(const std::vector<PacedSource>& sources, std::optional<EventTime> detector_time, const PacerLimits& limits) {
  auto reference = detector_time;
  if (!reference) {
    for (const auto& source : sources) {
      if (source.has_more && source.watermark && (!reference || *source.watermark < *reference)) reference = source.watermark;
    }
  }
  std::vector<bool> out;
  out.reserve(sources.size());
  for (const auto& source : sources) {
    const auto limit = source.paused ? limits.resume_ahead : limits.pause_ahead;
    out.push_back(reference && source.watermark && *source.watermark - *reference > limit);
  }
  return out;
}

}  // namespace imdswatch::kafka
