#pragma once

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

}  // namespace imdswatch::kafka
