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

  /// What a turn did; a fact for log and metrics.
  struct Turn {
    std::size_t stepped = 0;                ///< records of the call log
    bool restored = false;                  ///< the shard was taken in this turn
    std::size_t restored_rows = 0;
    std::optional<CommitOutcome> commit;    ///< none: nothing was to be committed yet
    std::vector<RunSummary> runs;           ///< of what was committed
    std::size_t alerts = 0, rows = 0;       ///< committed
  };
  /// Takes the shard if it is not held, steps what the log has (at most `max_records`), and commits if `commit_now`, if there
  /// are alerts, or if much is uncommitted. A fenced commit is Errc::fenced: leave the group before another turn.
  Result<Turn> turn(std::size_t max_records, bool commit_now);

  [[nodiscard]] bool taken() const { return detector_.has_value(); }
  [[nodiscard]] const Detector* detector() const { return detector_ ? &*detector_ : nullptr; }
  /// Replay's end: every run until all is judged and nothing is carried; the next turn commits it.
  void drain();
  /// Throws the shard's memory away, as a crash would.
  void drop();

 private:
  Result<void> take(Turn& turn);
  Result<void> commit(Turn& turn);

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
