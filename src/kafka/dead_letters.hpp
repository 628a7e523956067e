#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "imdswatch/sieve/sieve.hpp"
#include "client.hpp"
#include "rate_limit.hpp"

namespace imdswatch::kafka {

/// Rejected messages, as they were, with the reason in headers. Best effort: over the rate or not delivered is counted and told.
class DeadLetters {
 public:
  DeadLetters(const KafkaSettings& settings, Reporting reporting, double per_second)
      : settings_(settings), reporting_(std::move(reporting)), limit_(per_second) {}
  Result<void> open();
  void send(const RejectedRecord& why, const rd_kafka_message_t& message, std::chrono::steady_clock::time_point now);
  /// Serves deliveries, and once a second tells what was dropped.
  void poll(std::chrono::steady_clock::time_point now);
  void flush(std::chrono::milliseconds timeout);
  [[nodiscard]] std::uint64_t written() const { return written_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  void failed(std::string detail);
  const KafkaSettings& settings_;
  Reporting reporting_;
  RateLimit limit_;
  std::uint64_t written_ = 0, dropped_ = 0;
  DeadLettersDropped untold_;
  std::optional<std::chrono::steady_clock::time_point> told_at_;
  std::optional<Client> client_;  // last: its callbacks use what stands above
};

}  // namespace imdswatch::kafka
