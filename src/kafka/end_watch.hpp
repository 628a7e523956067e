#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace imdswatch::kafka {

using SteadyTime = std::chrono::steady_clock::time_point;  // handed in: this class reads no clock

/// Whether a partition stands at its end, by the broker's word alone: every answer to an offsets request over `confirm_for`
/// has said that there is nothing after what was read, and nothing was read meanwhile.
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
  void answered(std::int64_t end, std::int64_t position, std::uint64_t moves, SteadyTime asked_at) {
    end_ = end;
    if (moves != moves_) return;  // read since: the answer is about another place
    if (end > position) return moved();
    if (!confirmed_) first_ = asked_at;
    confirmed_ = true;
    last_ = asked_at;
  }
  [[nodiscard]] bool at_end(SteadyTime now) const {
    return confirmed_ && last_ - first_ >= confirm_for_ && now - last_ <= fresh_for_;
  }
  [[nodiscard]] std::optional<std::int64_t> end() const { return end_; }  ///< last told

 private:
  std::chrono::milliseconds confirm_for_{60'000}, fresh_for_{30'000};
  std::uint64_t moves_ = 0;
  bool confirmed_ = false;
  SteadyTime first_{}, last_{};  ///< questions that were answered so
  std::optional<std::int64_t> end_;
};

}  // namespace imdswatch::kafka
