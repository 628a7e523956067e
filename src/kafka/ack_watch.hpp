#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "imdswatch/base/ids.hpp"

namespace imdswatch::kafka {

/// Which partitions of the call log acknowledge nothing of what was written to them. Where there are too few in-sync replicas, or no room,
/// librdkafka tries again without a word: nothing else tells. Reads no clock.
class AckWatch {
 public:
  using Time = std::chrono::steady_clock::time_point;  // handed in; does not go back
  static constexpr std::chrono::minutes again_after{1};
  struct Stall {
    Shard shard;
    std::uint64_t records = 0;             ///< that wait
    std::chrono::milliseconds silent{};    ///< since the last acknowledgement, or since the first record that waits
    bool over = false;
  };

  AckWatch(int shards, std::chrono::milliseconds patience) : patience_(patience), shards_(static_cast<std::size_t>(shards)) {}

  void sent(Shard shard, Time now);
  void acknowledged(Shard shard, Time now);
  /// The producer is gone with what waited. What was told is over only with the next acknowledgement.
  void thrown_away();
  /// What is to be told now: of a partition once its silence is longer than the patience, again each minute, and once that it is over.
  std::vector<Stall> look(Time now);
  /// The one that is silent for longest, if it was told of and something waits.
  [[nodiscard]] std::optional<Stall> longest(Time now) const;

 private:
  struct One {
    std::uint64_t waiting = 0;
    Time since{};
    std::optional<Time> told;
  };
  [[nodiscard]] Stall stall_of(std::size_t shard, Time now) const;

  std::chrono::milliseconds patience_;
  std::vector<One> shards_;
  std::vector<Stall> over_;
};

}  // namespace imdswatch::kafka
