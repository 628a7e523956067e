#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "imdswatch/detector/shard_runner.hpp"
#include "imdswatch/kafka/call_log_group.hpp"
#include "imdswatch/telemetry/telemetry.hpp"

namespace imdswatch {

/// The shards that this process holds, as their threads last told of them. For any threads at once.
class ShardBoard {
 public:
  ShardBoard(DetectorConfig config, std::chrono::milliseconds commit_every, Telemetry& telemetry)
      : config_(std::move(config)), commit_every_(commit_every), telemetry_(telemetry) {}

  /// A shard's turn over the group's doors: steps, and commits every `commit_every` or when it is due.
  kafka::ShardTurn make_turn(Shard shard, StateReader& state, LogSource& log, CommitOutlet& outlet);

  struct Seen {
    Shard shard;
    Detector::Figures figures;
  };
  [[nodiscard]] std::vector<Seen> restored() const;
  void left(Shard shard);

 private:
  class Seat;
  void tell(Shard shard, const Detector* detector);

  DetectorConfig config_;
  std::chrono::milliseconds commit_every_;
  Telemetry& telemetry_;
  mutable std::mutex mutex_;
  std::map<Shard, Detector::Figures> shards_;
};

}  // namespace imdswatch
