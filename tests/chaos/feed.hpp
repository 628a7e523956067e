#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <string>
#include <thread>
#include <vector>

#include "recorded_world.hpp"

namespace imdswatch::testing {

/// Writes messages in order of arrival, at a steady pace, in small batches: the next is begun when the brokers have the one before, so
/// that no partition runs ahead of another however long a broker is away.
class Feed {
 public:
  Feed(std::string bootstrap, std::string topic, const std::vector<StreamedMessage>& messages, std::chrono::milliseconds over);

  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] std::size_t written() const { return written_; }
  /// Rethrows what ended it early.
  void check() const;

 private:
  void run(const std::stop_token& stop);

  const std::string bootstrap_;
  const std::string topic_;
  const std::vector<StreamedMessage>& messages_;
  const std::chrono::milliseconds over_;
  std::exception_ptr failed_;
  std::atomic<std::size_t> written_ = 0;
  std::atomic<bool> done_ = false;
  std::jthread thread_;
};

}  // namespace imdswatch::testing
