#pragma once

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "handles.hpp"

namespace imdswatch::kafka {

/// Messages taken from a queue together, and given back in a row: each takes the lock of the memory that librdkafka's thread is taking from,
/// and given back between other work that moves from core to core.
class MessageBatch {
 public:
  explicit MessageBatch(std::size_t most) : taken_(most) { messages_.reserve(most); }

  /// Gives back those before, and waits for `wait_ms` at most until the batch is full; callbacks are served meanwhile. What came, until the
  /// next call or `give_back`.
  std::span<const MessageHandle> take(rd_kafka_queue_t* queue, int wait_ms) {
    give_back();
    const auto count = std::max<std::ptrdiff_t>(rd_kafka_consume_batch_queue(queue, wait_ms, taken_.data(), taken_.size()), 0);
    for (rd_kafka_message_t* const message : std::span{taken_}.first(static_cast<std::size_t>(count))) messages_.emplace_back(message);
    return messages_;
  }
  void give_back() { messages_.clear(); }

 private:
  std::vector<rd_kafka_message_t*> taken_;
  std::vector<MessageHandle> messages_;
};

}  // namespace imdswatch::kafka
