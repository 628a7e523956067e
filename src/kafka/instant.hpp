#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>

#include "imdswatch/base/time.hpp"

namespace imdswatch::kafka {

/// A moment by two clocks. std::chrono::steady_clock stands still while a machine is suspended. The boot clock does not, but one that
/// its hypervisor stopped knows it only by the wall clock, once that is set right; which can be set back, too.
struct Instant {
  std::chrono::nanoseconds since_boot{0}, wall{0};

  static Instant now() {
    timespec boot{};
    static_cast<void>(clock_gettime(CLOCK_BOOTTIME, &boot));
    return {std::chrono::seconds{boot.tv_sec} + std::chrono::nanoseconds{boot.tv_nsec}, std::chrono::system_clock::now().time_since_epoch()};
  }
  /// How long ago `earlier` is at most.
  [[nodiscard]] std::chrono::nanoseconds since(const Instant& earlier) const {
    return std::max(since_boot - earlier.since_boot, wall - earlier.wall);
  }
};

inline WallTime wall_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return wall_time_ms(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

}  // namespace imdswatch::kafka
