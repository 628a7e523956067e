#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "imdswatch/base/ids.hpp"
#include "imdswatch/sieve/sieve.hpp"

namespace imdswatch::kafka {

/// Where a raw partition can be taken up again, with the epoch of the last message before it.
struct Checkpoint {
  SourcePosition position;
  LeaderEpoch epoch{-1};
};

/// Which raw offsets may be committed: those before which every record that was sent to the call log is acknowledged.
/// Pure bookkeeping of one producer and its partitions. A failed delivery makes a gap that no later acknowledgement fills,
/// so `failed` throws away all that was not committable before it.
class CommitLedger {
 public:
  /// A record goes to the producer. Its number, from 1, growing.
  std::uint64_t sent();
  /// Once for each number, in any order. Numbers from before `failed` are ignored.
  void acknowledged(std::uint64_t number);

  /// The partition stands at `checkpoint` once all that was sent so far is acknowledged. One waits at a time: while one does,
  /// a newer one is not taken, so that a steady stream cannot put it off for ever. False if it was not taken.
  bool checkpoint(const TopicPartition& source, Checkpoint checkpoint);
  /// What may be committed now, each once.
  std::map<TopicPartition, Checkpoint> take_committable();
  /// What may be committed of one partition now.
  std::optional<Checkpoint> take_committable(const TopicPartition& source);

  void forget(const TopicPartition& source) { waiting_.erase(source); }
  /// The producer is gone with all it held.
  void failed();
  [[nodiscard]] std::uint64_t outstanding() const { return outstanding_; }

 private:
  struct Waiting {
    std::uint64_t after = 0;  ///< committable when all numbers up to this one are acknowledged
    Checkpoint checkpoint;
  };
  std::uint64_t last_ = 0;          ///< highest number given
  std::uint64_t acknowledged_ = 0;  ///< all up to this one are acknowledged
  std::uint64_t outstanding_ = 0;
  std::deque<bool> beyond_;         ///< whether acknowledged_ + 1, + 2, … are
  std::map<TopicPartition, Waiting> waiting_;
};

}  // namespace imdswatch::kafka
