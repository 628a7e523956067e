#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "imdswatch/kafka/call_log_group.hpp"
#include "shard_doors.hpp"

namespace imdswatch::kafka {

/// The shards held here, each with its doors and a thread of its own. One thread, the group's, takes and leaves.
class ShardWorkers {
 public:
  /// A worker has ended by itself: fenced, or beyond help. Called by the worker's thread; must not wait for the one that takes and leaves.
  using Ended = std::function<void(const Error&)>;
  ShardWorkers(const KafkaSettings& settings, Reporting reporting, ShardFactory factory, Ended ended);
  ~ShardWorkers();  ///< as by leave_all(true)
  ShardWorkers(const ShardWorkers&) = delete;
  ShardWorkers& operator=(const ShardWorkers&) = delete;

  /// A worker that has the shard already is ended first.
  void take(Shard shard, const KafkaCommitOutlet::Membership& membership);
  /// Ends the workers of these shards, side by side, and waits for them; `lost`: someone else has the shards: no last turn.
  /// What was stepped and could not be committed by a last turn, in a sentence each.
  std::vector<std::string> leave(const std::vector<Shard>& shards, bool lost);
  std::vector<std::string> leave_all(bool lost);
  [[nodiscard]] std::vector<ShardFigures> figures() const;  ///< from any thread

 private:
  class Worker;
  const KafkaSettings& settings_;
  Reporting reporting_;
  ShardFactory factory_;
  Ended ended_;
  mutable std::mutex mutex_;  // of workers_; never held while a worker is waited for
  std::map<Shard, std::unique_ptr<Worker>> workers_;
};

}  // namespace imdswatch::kafka
