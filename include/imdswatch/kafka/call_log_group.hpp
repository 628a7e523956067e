#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "imdswatch/detector/doors.hpp"
#include "imdswatch/kafka/facts.hpp"
#include "imdswatch/kafka/settings.hpp"

namespace imdswatch::kafka {

/// One turn of a shard: poll, step, commit. True if it did something. `leaving`: the last turn before the shard is given away
/// or the program stops: commit what is stepped, read no more. Called by one thread of the shard's own.
/// Errc::fenced: the instance leaves the group and joins anew. Errc::kafka_unavailable, commit_aborted, commit_unknown: tried
/// again after a wait. Anything else ends the group with `failure()`.
using ShardTurn = std::function<Result<bool>(bool leaving)>;
/// Makes a shard's turn over its doors, which outlive it. Called by the group's thread.
using ShardFactory = std::function<ShardTurn(Shard, StateReader&, LogSource&, CommitOutlet&)>;

struct ShardFigures {
  Shard shard;
  std::optional<Offset> next, end;  ///< of the call log: next to read, and the end last seen; their difference is the lag
};

struct CallLogGroupFigures {
  bool joined = false;  ///< the group has given this instance its shards, be it none
  std::vector<ShardFigures> shards;
};

/// Stage two's life with the group: each shard that the group gives to this instance gets doors and a thread; one that is
/// taken away is stopped before the group hears of it.
class CallLogGroup {
 public:
  CallLogGroup(KafkaSettings settings, Reporting reporting, ShardFactory factory);
  ~CallLogGroup();  ///< stops, if `stop` was not called
  CallLogGroup(const CallLogGroup&) = delete;
  CallLogGroup& operator=(const CallLogGroup&) = delete;

  Result<void> start();
  /// Lets each shard take its last turn, and leaves the group; not later than the deadline, but for a commit under way. Blocks.
  /// An error says what was stepped and not committed; who has the shard next does it again.
  Result<void> stop(std::chrono::milliseconds deadline);
  [[nodiscard]] CallLogGroupFigures figures() const;
  /// Set when the group's thread has ended by itself.
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// All of a shard's call log up to the end that it has now, outside of any group: for `replay --call-log`.
/// Errc::kafka_unavailable where the brokers stop giving before that.
Result<void> read_call_log(const KafkaSettings& settings, const Reporting& reporting, Shard shard,
                           const std::function<void(const std::vector<LogRecord>&)>& take);

}  // namespace imdswatch::kafka
