#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imdswatch/detector/doors.hpp"
#include "imdswatch/sieve/sieve.hpp"
#include "imdswatch/window/log_clock.hpp"

namespace imdswatch::sim {

struct RawRecord {
  EventTime arrives;  ///< no earlier than what stands before it in its partition
  std::string bytes;
  std::uint64_t events = 1;  ///< in it, and what stands where one is expected
};
using RawPartitions = std::vector<std::vector<RawRecord>>;

/// Kafka in vectors: raw partitions, the call log, and per shard a state topic, alerts and the fencing of transactional ids.
/// What an aborted transaction wrote is never seen, as with isolation.level=read_committed.
class Broker {
 public:
  /// `live_from`: what arrives before stands in the raw partitions at the beginning, the rest comes at the wall clock's pace.
  Broker(RawPartitions raw, int shards, EventTime live_from);

  struct Committed {
    Offset next{0};
    std::string metadata;
  };
  struct Stored {
    WallTime append_time;
    std::string bytes;
    bool keyed;  ///< by its host: no progress record
    bool garbage = false;
  };
  struct ShardTopics {
    std::vector<Stored> log;
    std::size_t calls_end = 0;  ///< of the log, after its last call
    std::vector<StateRow> state;
    std::size_t compact_at = 2000;  ///< records of the state topic
    std::int64_t producer_epoch = 0;
    std::optional<std::uint64_t> checksum;  ///< of the detector whose commit was the last to happen, if it was taken
    std::optional<EventTime> last_run, last_alert_run;  ///< committed
  };

  /// Of an input partition; the same as the replay's, so that origins compare equal.
  static TopicPartition source(std::size_t partition);

  /// How many of the partition's records have arrived.
  [[nodiscard]] std::int64_t raw_end(std::size_t partition);
  [[nodiscard]] bool all_arrived() const;
  void append(const LogBody& body);
  /// What no reader may take for a record.
  void append_garbage(std::size_t shard, std::string bytes) { shards[shard].log.push_back({now, std::move(bytes), false, true}); }
  /// Keeps only the newest row of each key, as compaction does in time.
  void compact(std::size_t shard);
  void add_state(std::size_t shard, const StateRow& row);
  void violated(std::string what) { violations.push_back(std::move(what)); }

  RawPartitions raw;
  std::vector<Committed> raw_committed;
  std::vector<ShardTopics> shards;
  std::vector<Alert> alerts;
  std::vector<std::string> violations;  ///< of what must always hold, for the failing seed's message
  WallTime now = wall_time_ms(1'800'000'000'000);
  Generation generation{1};
  bool away = false;
  std::int64_t unchecked_origins = 0;  ///< canary origins_not_checked
  std::size_t calls_far_ahead = 0;     ///< of the detector's time when they were first written: they fill its window

 private:
  void count_far_ahead(const Call& call);

  std::vector<std::size_t> arrived_;  ///< by partition
  std::vector<std::optional<Origin>> newest_call_;  ///< by partition
  EventTime live_from_;
  WallTime began_ = now;
  LogClock clock_;
};

}  // namespace imdswatch::sim
