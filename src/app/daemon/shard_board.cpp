#include "shard_board.hpp"

#include <memory>
#include <utility>

namespace imdswatch {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t records_per_turn = 2000;

}  // namespace

/// One shard's runner with the clocks that it does not have itself. Used by the shard's own thread.
class ShardBoard::Seat {
 public:
  Seat(ShardBoard& board, Shard shard, StateReader& state, LogSource& log, CommitOutlet& outlet)
      : board_(board), shard_(shard), runner_(board.config_, shard, state, log, outlet) {}

  Result<bool> turn(bool leaving) {
    const auto began = Clock::now();
    auto turn = runner_.step(leaving ? 0 : records_per_turn);
    if (!turn) {
      durations_.clear();
      board_.tell(shard_, nullptr);
      return std::move(turn).error();
    }
    const auto stepping = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
    durations_.insert(durations_.end(), turn->new_runs, turn->new_runs > 0 ? stepping / static_cast<std::int64_t>(turn->new_runs) : stepping);
    if (leaving || runner_.commit_is_due() || Clock::now() - committed_ >= board_.commit_every_) {
      committed_ = Clock::now();
      auto done = runner_.commit(*turn);
      report(*turn);
      if (!done) return std::move(done).error();
      if (turn->commit && turn->commit != CommitOutcome::committed) {  // the group waits longer each time before the next turn
        board_.tell(shard_, nullptr);
        return Error{turn->commit == CommitOutcome::aborted ? Errc::commit_aborted : Errc::commit_unknown,
                     "the transaction did not come through: the shard is rebuilt from its state topic"};
      }
    }
    board_.tell(shard_, runner_.detector());
    return turn->stepped > 0 || turn->restored;
  }

 private:
  void report(const ShardRunner::Turn& turn) {
    if (!turn.commit) return;
    if (turn.commit != CommitOutcome::committed) {
      board_.telemetry_.emit(fact::ShardRebuilt{shard_, *turn.commit});
    } else {
      for (std::size_t i = 0; i < turn.runs.size(); ++i) board_.telemetry_.emit(fact::RunCompleted{shard_, turn.runs[i], durations_[i]});
    }
    durations_.clear();
  }

  ShardBoard& board_;
  Shard shard_;
  ShardRunner runner_;
  Clock::time_point committed_ = Clock::now();
  std::vector<std::chrono::microseconds> durations_;  ///< of the uncommitted runs
};

kafka::ShardTurn ShardBoard::make_turn(Shard shard, StateReader& state, LogSource& log, CommitOutlet& outlet) {
  auto seat = std::make_shared<Seat>(*this, shard, state, log, outlet);
  return [seat](bool leaving) { return seat->turn(leaving); };
}

void ShardBoard::tell(Shard shard, const Detector* detector) {
  const std::lock_guard lock(mutex_);
  if (detector) {
    shards_[shard] = detector->figures();
  } else {
    shards_.erase(shard);
  }
}

void ShardBoard::left(Shard shard) { tell(shard, nullptr); }

std::vector<ShardBoard::Seen> ShardBoard::restored() const {
  const std::lock_guard lock(mutex_);
  std::vector<Seen> out;
  for (const auto& [shard, figures] : shards_) out.push_back({shard, figures});
  return out;
}

}  // namespace imdswatch
