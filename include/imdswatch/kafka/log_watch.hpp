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
  LogWatch(KafkaSettings settings, Reporting reporting, std::chrono::milliseconds stall_timeout);
  ~LogWatch();  ///< stops; within a second
  LogWatch(const LogWatch&) = delete;
  LogWatch& operator=(const LogWatch&) = delete;

  /// Opens the client and starts the thread. Errc::config_invalid if librdkafka refuses a setting. A broker that is away, or one that
  /// lets this instance not read the call log, is told of as a fact, and there is no time meanwhile, or the last one.
  Result<void> start();
  /// LogClock's. From any thread; does not block.
  [[nodiscard]] std::optional<EventTime> time() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch::kafka
