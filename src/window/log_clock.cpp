#include "imdswatch/window/log_clock.hpp"

#include <algorithm>

#include "timekeeper.hpp"

namespace imdswatch {

struct LogClock::Impl {
  explicit Impl(std::chrono::milliseconds stall_timeout) : keeper(stall_timeout) {}
  Timekeeper keeper;
  std::optional<EventTime> earliest;  ///< watermark told of a partition that is not at its end
};

LogClock::LogClock(std::chrono::milliseconds stall_timeout) : impl_(std::make_unique<Impl>(stall_timeout)) {}
LogClock::~LogClock() = default;
LogClock::LogClock(LogClock&&) noexcept = default;
LogClock& LogClock::operator=(LogClock&&) noexcept = default;

void LogClock::add(const Progress& progress, WallTime append_time) {
  if (!impl_->keeper.add(progress, append_time) || progress.at_end || !progress.watermark) return;
  impl_->earliest = std::min(impl_->earliest.value_or(*progress.watermark), *progress.watermark);
}

std::optional<EventTime> LogClock::time() const {
  const auto time = impl_->keeper.time();
  return time ? time : impl_->earliest;
}

}  // namespace imdswatch
