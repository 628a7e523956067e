#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "kafka_client.hpp"

namespace imdswatch::testing {

/// Watches the ends of the state topic's partitions, so every shard's commits: a transaction's rows are there before it is committed.
/// What is committed ends earlier than what is written while a transaction is open.
class CommitWatch {
 public:
  using Clock = std::chrono::steady_clock;
  CommitWatch(std::string bootstrap, int shards);
  /// Whether a shard's transaction is open at this moment. Asks the brokers.
  [[nodiscard]] bool within_a_commit() const;
  /// The longest time in which no shard wrote, from the first commit on.
  [[nodiscard]] std::chrono::milliseconds longest_gap() const { return std::chrono::milliseconds{longest_ms_}; }
  /// When that one ended, to be looked up in the logs.
  [[nodiscard]] std::chrono::system_clock::time_point longest_gap_ended() const {
    return std::chrono::system_clock::time_point{std::chrono::system_clock::duration{longest_ended_}};
  }
  /// When a shard wrote last.
  [[nodiscard]] Clock::time_point last_write() const { return Clock::time_point{Clock::duration{last_}}; }
  void finish();

 private:
  void run(const std::stop_token& stop);

  const std::string bootstrap_;
  const int shards_;
  const Client written_, committed_;
  std::atomic<std::int64_t> longest_ms_ = 0;
  std::atomic<std::chrono::system_clock::rep> longest_ended_ = 0;
  std::atomic<Clock::rep> last_ = 0;
  std::jthread thread_;
};

}  // namespace imdswatch::testing
