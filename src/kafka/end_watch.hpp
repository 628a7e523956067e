#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "instant.hpp"

namespace imdswatch::kafka {

/// Whether a partition stands at its end, by the broker's word alone: every answer to an offsets request over `confirm_for`
/// has said that there is nothing after what was read, and nothing was read meanwhile. Where answers stood out for half of that time, or `fresh_for` if longer,
/// because the brokers were away or this machine was suspended, events may have waited too: it begins anew.
/// Moments are handed in: it reads no clock.
class EndWatch {
 public:
  EndWatch() = default;
  /// `fresh_for`: an answer older than this says nothing of now.
  EndWatch(std::chrono::milliseconds confirm_for, std::chrono::milliseconds fresh_for)
      : confirm_for_(confirm_for), fresh_for_(fresh_for) {}

  /// A message was read, or reading starts elsewhere: what was confirmed is over.
  void moved() { confirmed_ = false, ++moves_; }
  /// To be noted with a question, and given with its answer.
  [[nodiscard]] std::uint64_t moves() const { return moves_; }
  /// The broker said `end` to a question of `asked_at`, when `moves` were counted; `position` is the next offset to read.
  void answered(std::int64_t end, std::int64_t position, std::uint64_t moves, const Instant& asked_at) {
    end_ = end;
    told_ = asked_at;
    if (moves != moves_) return;  // read since: the answer is about another place
    if (end > position) return moved();
    if (!confirmed_ || asked_at.since(last_) > std::max(confirm_for_ / 2, fresh_for_)) first_ = asked_at;
    confirmed_ = true;
    last_ = asked_at;
  }
  [[nodiscard]] bool at_end(const Instant& now) const {
    return confirmed_ && last_.since_boot - first_.since_boot >= confirm_for_ && now.since(last_) <= fresh_for_;
  }
  [[nodiscard]] std::optional<std::int64_t> end() const { return end_; }  ///< last told
  /// Whether that was told of late.
  [[nodiscard]] bool end_is_fresh(const Instant& now) const { return end_ && now.since(told_) <= fresh_for_; }

 private:
  std::chrono::milliseconds confirm_for_{60'000}, fresh_for_{30'000};
  std::uint64_t moves_ = 0;
  bool confirmed_ = false;
  Instant first_{}, last_{}, told_{};  ///< questions that were answered so: the first, the last; and the last whatever the answer
  std::optional<std::int64_t> end_;
};

}  // namespace imdswatch::kafka
