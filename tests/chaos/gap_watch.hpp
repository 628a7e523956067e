#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace imdswatch::testing {

/// Watches the ends of the state topic's partitions: the longest time in which none of them grew, so in which no shard committed.
class GapWatch {
 public:
  GapWatch(std::string bootstrap, int shards);
  [[nodiscard]] std::chrono::milliseconds longest() const { return std::chrono::milliseconds{longest_ms_}; }
  void finish();

 private:
  void run(const std::stop_token& stop);

  const std::string bootstrap_;
  const int shards_;
  std::atomic<std::int64_t> longest_ms_ = 0;
  std::jthread thread_;
};

}  // namespace imdswatch::testing
