#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "imdswatch/base/time.hpp"
#include "imdswatch/kafka/facts.hpp"
#include "imdswatch/kafka/settings.hpp"

namespace imdswatch::kafka {

/// Follows the progress records at the end of the first shard's call log, on a thread of its own: every shard is told of every input
/// partition, so an instance knows by it how far detection has come though it holds no shard.
class LogWatch {
 public:
  /// `silent_after`: without a progress record for so long the log is taken as not to be read; several times as long as they are apart.
  LogWatch(KafkaSettings settings, Reporting reporting, std::chrono::milliseconds stall_timeout,
           std::chrono::milliseconds silent_after);
  ~LogWatch();  ///< stops; within a second
  LogWatch(const LogWatch&) = delete;
  LogWatch& operator=(const LogWatch&) = delete;

  /// Opens the client and starts the thread. Errc::config_invalid if librdkafka refuses a setting. Where the log
  /// cannot be read, or is silent, there is no time; a fact says so, and another when there is one again.
  Result<void> start();
  /// LogClock's, while the log can be read. From any thread; does not block.
  [[nodiscard]] std::optional<EventTime> time() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch::kafka
