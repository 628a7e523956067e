#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace imdswatch::kafka {

/// At most `per_second` on the long run, and a burst of ten seconds' worth. Reads no clock.
class RateLimit {
 public:
  explicit RateLimit(double per_second) : per_second_(per_second), burst_(per_second * 10), left_(burst_) {}
  /// Whether one more may pass at `now`, which does not go back.
  bool pass(std::chrono::steady_clock::time_point now) {
    if (last_) left_ = std::min(burst_, left_ + per_second_ * std::chrono::duration<double>(now - *last_).count());
    last_ = now;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

 private:
  double per_second_, burst_, left_;
  std::optional<std::chrono::steady_clock::time_point> last_;
};

}  // namespace imdswatch::kafka
