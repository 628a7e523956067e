#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "imdswatch/sieve/call.hpp"

namespace imdswatch {

/// How far detection has come, as anyone can know it who reads the progress records of one shard's call log, from any place in it: a
/// sieve holds back by it what runs ahead, wherever the shards are.
class LogClock {
 public:
  explicit LogClock(std::chrono::milliseconds stall_timeout);
  ~LogClock();
  LogClock(LogClock&&) noexcept;
  LogClock& operator=(LogClock&&) noexcept;

  /// In the log's order; `append_time` is the log's.
  void add(const Progress& progress, WallTime append_time);
  /// The detector's time. While it has none, because not every partition has told of one: the lowest watermark that was told of a
  /// partition not at its end, so that what runs ahead waits for those that have not. None before any.
  [[nodiscard]] std::optional<EventTime> time() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch
