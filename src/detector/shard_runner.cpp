#include "imdswatch/detector/shard_runner.hpp"

#include "imdswatch/base/limits.hpp"

namespace imdswatch {

ShardRunner::ShardRunner(const DetectorConfig& config, Shard shard, StateReader& state, LogSource& log, CommitOutlet& outlet)
    : config_(config), shard_(shard), state_(state), log_(log), outlet_(outlet) {}

void ShardRunner::drop() {
  detector_.reset();
  uncommitted_.clear();
  uncommitted_records_ = 0;
}

void ShardRunner::drain() {
  if (detector_) detector_->drain_runs(uncommitted_);
}

Result<void> ShardRunner::take(Turn& turn) {
  // The predecessor's transaction must be over before its state is read, or what it still commits would be missed.
  if (auto opened = outlet_.open(); !opened) return opened;
  Detector restored(config_, shard_);
  auto read = state_.read([&](const StateRow& row) {
    ++turn.restored_rows;
    return restored.apply(row);
  });
  if (!read) return read;
  if (auto sought = log_.seek(restored.next_offset()); !sought) return sought;
  detector_ = std::move(restored);
  turn.restored = true;
  return {};
}

Result<ShardRunner::Turn> ShardRunner::step(std::size_t max_records) {
  Turn turn;
  if (!detector_) {
    if (auto taken = take(turn); !taken) {
      drop();
      return std::move(taken).error();
    }
  }
  auto records = log_.poll(max_records);
  if (!records) {
    drop();
    return std::move(records).error();
  }
  const std::size_t runs_before = uncommitted_.runs.size();
  detector_->step(*records, uncommitted_);
  turn.stepped = records->size();
  turn.new_runs = uncommitted_.runs.size() - runs_before;
  uncommitted_records_ += records->size();
  return turn;
}

bool ShardRunner::commit_is_due() const {
  return !uncommitted_.alerts.empty() || uncommitted_records_ >= limits::max_records_per_commit;
}

Result<ShardRunner::Turn> ShardRunner::turn(std::size_t max_records, bool commit_now) {
  auto turn = step(max_records);
  if (!turn || !(commit_now || commit_is_due())) return turn;
  if (auto done = commit(*turn); !done) return std::move(done).error();
  return turn;
}

Result<void> ShardRunner::commit(Turn& turn) {
  if (!detector_ || !detector_->next_offset()) return {};
  if (uncommitted_records_ == 0 && uncommitted_.alerts.empty() && uncommitted_.runs.empty()) return {};
  const std::vector<StateRow> rows = detector_->take_rows();
  turn.commit = outlet_.commit({uncommitted_.alerts, rows, *detector_->next_offset()});
  if (turn.commit != CommitOutcome::committed) {
    drop();
    if (turn.commit == CommitOutcome::fenced) {
      return Error{Errc::fenced, "shard " + std::to_string(shard_.value()) + " was taken over by another instance: leaving the group"};
    }
    return {};
  }
  turn.alerts = uncommitted_.alerts.size();
  turn.rows = rows.size();
  turn.runs = std::move(uncommitted_.runs);
  uncommitted_.clear();
  uncommitted_records_ = 0;
  return {};
}

}  // namespace imdswatch
