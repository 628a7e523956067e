#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace imdswatch::kafka {

/// A static member that the brokers fence. It can be by itself: after brokers were away for longer than its session it joins anew, and a
/// heartbeat from before is answered after that. So it may join once more; fenced again soon, another process has its name.
class Fencing {
 public:
  using Time = std::chrono::steady_clock::time_point;  // handed in: this class reads no clock
  static constexpr std::chrono::minutes soon{5};
  /// It was fenced; whether to join again.
  bool may_join_again(Time now) {
    const bool again = !last_ || now - *last_ > soon;
    last_ = now;
    return again;
  }

 private:
  std::optional<Time> last_;
};

/// How long to stay out of the group after a shard's producer was fenced. Once is a rebalance; again and again it is two deployments with one
/// `kafka.prefix`, which would take turns as fast as they can restore.
class FencedPause {
 public:
  using Time = std::chrono::steady_clock::time_point;  // handed in: this class reads no clock
  static constexpr std::chrono::minutes soon{5};
  static constexpr std::chrono::seconds shortest{1}, longest{30};
  std::chrono::seconds next(Time now) {
    if (!last_ || now - *last_ > soon) pause_ = std::chrono::seconds{0};
    else pause_ = std::clamp(2 * pause_, shortest, longest);
    last_ = now;
    return pause_;
  }

 private:
  std::optional<Time> last_;
  std::chrono::seconds pause_{0};
};

}  // namespace imdswatch::kafka
