#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "fleet/random.hpp"

namespace imdswatch::sim {

/// What goes wrong in a world.
enum class Fault : std::uint8_t {
  // by turn of the whole
  crash,            ///< an instance, as by kill -9
  stopped,          ///< an instance for longer than its session: a zombie once it goes on
  nap,              ///< an instance for less than that: its partitions fall silent
  rebalance,        ///< partitions and shards change hands; what is read and not yet written stays with the old owner
  produce_failure,  ///< of the call log's producer, in the middle of a series
  compaction,       ///< of a state topic
  call_log_garbage, ///< a record of a shard's call log that does not decode
  broker_away,      ///< nothing can be read, written or committed for a while
  outage,           ///< all instances at once, for hours
  wall_clock_jump,  ///< of an instance
  commit_put_off,   ///< of a shard that has not to commit at once: its steps gather, as between two commits by the clock
  // by commit of a shard
  abort,
  unknown,  ///< whether it happened; it did or did not
  crash_before_commit,
  crash_after_commit,
  fenced,  ///< a zombie's commit; follows from the others
  // in what is read
  garbage,
  redelivery,        ///< an event told twice by its shipper
  event_clock_jump,  ///< of a host
};
inline constexpr std::size_t fault_count = 19;
inline constexpr std::array<const char*, fault_count> fault_names{"crash",
                                                                  "stopped",
                                                                  "nap",
                                                                  "rebalance",
                                                                  "produce failure",
                                                                  "compaction",
                                                                  "call log garbage",
                                                                  "broker away",
                                                                  "outage",
                                                                  "wall clock jump",
                                                                  "commit put off",
                                                                  "abort",
                                                                  "unknown",
                                                                  "crash before commit",
                                                                  "crash after commit",
                                                                  "fenced",
                                                                  "garbage",
                                                                  "redelivery",
                                                                  "event clock jump"};

using FaultCounts = std::array<std::uint64_t, fault_count>;

/// How often each happens in a seed's world, and how often it did.
class Faults {
 public:
  /// Each is on in three of five worlds.
  static Faults drawn(fleet::Random& random);

  bool happens(Fault fault, fleet::Random& random) {
    if (!random.chance(rates_[static_cast<std::size_t>(fault)])) return false;
    met(fault);
    return true;
  }
  void met(Fault fault) { ++counts_[static_cast<std::size_t>(fault)]; }
  void stop() { rates_ = {}; }
  [[nodiscard]] const FaultCounts& counts() const { return counts_; }

 private:
  std::array<double, fault_count> rates_{};
  FaultCounts counts_{};
};

/// Defects planted to see whether the simulation catches them.
enum class Canary : std::uint8_t {
  none,
  state_kept_after_abort,
  unknown_taken_as_committed,
  raw_offsets_committed_first,
  origins_not_checked,
  gap_in_produced_series,
  window_not_in_state,
  state_read_before_fencing,
  silent_partition_left_out_early,
  sources_not_paced,
};
inline constexpr int canaries = 10;

}  // namespace imdswatch::sim
