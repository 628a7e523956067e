#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "imdswatch/detector/detector.hpp"
#include "imdswatch/detector/doors.hpp"

namespace imdswatch {

/// The life of one shard over its three doors: taken, stepped, committed, and rebuilt after anything but `committed`.
/// Restart, rebalance, fencing and failed commit share this one path. Runs on one thread.
class ShardRunner {
 public:
  ShardRunner(const DetectorConfig& config, Shard shard, StateReader& state, LogSource& log, CommitOutlet& outlet);

  /// What was done; a fact for log and metrics.
  struct Turn {
    std::size_t stepped = 0;                ///< records of the call log
    std::size_t new_runs = 0;               ///< runs among the steps
    bool restored = false;                  ///< the shard was taken in this turn
    std::size_t restored_rows = 0;
    std::optional<CommitOutcome> commit;    ///< none: nothing was committed
    std::vector<RunSummary> runs;           ///< of what was committed
    std::size_t alerts = 0, rows = 0;       ///< committed
  };
  /// Takes the shard if it is not held, and steps what the log has, at most `max_records`.
  Result<Turn> step(std::size_t max_records);
  /// Whether a commit should not wait: there are alerts, or much is uncommitted.
  [[nodiscard]] bool commit_is_due() const;
  /// Commits what was stepped, if anything was; adds to `turn`. After anything but `committed` the shard's memory is gone, and the
  /// next step rebuilds it; a fenced commit is Errc::fenced too: leave the group before another step.
  Result<void> commit(Turn& turn);
  /// step, and commit if `commit_now` or due.
  Result<Turn> turn(std::size_t max_records, bool commit_now);

  /// Replay's end: every run until all is judged and nothing is carried; the next commit covers it.
  void drain();
  /// Throws the shard's memory away, as a crash would.
  void drop();

  [[nodiscard]] bool taken() const { return detector_.has_value(); }
  [[nodiscard]] const Detector* detector() const { return detector_ ? &*detector_ : nullptr; }

 private:
  Result<void> take(Turn& turn);

  DetectorConfig config_;
  Shard shard_;
  StateReader& state_;
  LogSource& log_;
  CommitOutlet& outlet_;
  std::optional<Detector> detector_;
  Effects uncommitted_;
  std::size_t uncommitted_records_ = 0;
};

}  // namespace imdswatch
