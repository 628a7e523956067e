#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "imdswatch/detector/doors.hpp"
#include "imdswatch/sieve/sieve.hpp"

namespace imdswatch::sim {

/// Kafka in vectors: raw partitions, the call log, and per shard a state topic, alerts and the fencing of transactional ids.
/// What an aborted transaction wrote is never seen, as with isolation.level=read_committed.
class Broker {
 public:
  Broker(std::vector<std::vector<std::string>> raw, int shards);

  struct Committed {
    Offset next{0};
    std::string metadata;
  };
  struct Stored {
    WallTime append_time;
    std::string bytes;
  };
  struct ShardTopics {
    std::vector<Stored> log;
    std::size_t calls_end = 0;                ///< of the log, after its last call
    std::vector<StateRow> state;
    std::int64_t producer_epoch = 0;
    std::optional<std::uint64_t> checksum;  ///< of the detector whose commit was the last to happen
  };

  /// Of an input partition; the same as the replay's, so that origins compare equal.
  static TopicPartition source(std::size_t partition);

  std::vector<std::vector<std::string>> raw;        ///< by partition
  std::vector<Committed> raw_committed;
  std::vector<ShardTopics> shards;
  std::vector<Alert> alerts;
  std::vector<std::string> violations;              ///< of what must always hold, for the failing seed's message
  WallTime now = wall_time_ms(1'800'000'000'000);
  Generation generation{1};

  void append(const LogBody& body);
  /// Keeps only the newest row of each key, as compaction does in time.
  void compact(std::size_t shard);
};

/// Which faults a seed's world has.
struct Faults {
  double crash = 0, zombie = 0, rebalance = 0, produce_failure = 0;             ///< per step
  double abort = 0, unknown = 0, crash_before_commit = 0, crash_after_commit = 0;  ///< per commit
  double compaction = 0;                                                       ///< per step
};

/// Defects planted to see whether the simulation catches them.
enum class Canary : std::uint8_t {
  none,
  abort_taken_as_committed,
  unknown_taken_as_committed,
  raw_offsets_committed_first,
  origins_not_checked,
  gap_in_produced_series,
  window_not_in_state,
  state_read_before_fencing,
  silent_partition_left_out_early,
};
inline constexpr int canaries = 9;

}  // namespace imdswatch::sim
