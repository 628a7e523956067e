#pragma once

#include <chrono>
#include <optional>

#include "imdswatch/base/ids.hpp"
#include "imdswatch/kafka/settings.hpp"
#include "imdswatch/state/row.hpp"
#include "admin.hpp"

/// Which topics a shard's state was made from and written to. Every commit writes their ids into the state: a topic that was deleted and made anew has
/// its old name, and offsets like any other. (Not into the committed offset's metadata: with a topic the brokers delete its groups' offsets.)
namespace imdswatch::kafka {

struct ShardTopics {
  TopicId call_log, state;
  friend bool operator==(const ShardTopics&, const ShardTopics&) = default;
};

StateRow encode(const ShardTopics& topics);
[[nodiscard]] bool is_shard_topics(const StateRow& row);
/// None for a tombstone. Errc::record_malformed, Errc::format_too_new.
Result<std::optional<ShardTopics>> decode_shard_topics(const StateRow& row);

/// As they are now. Errc::kafka_unavailable where one is missing: it may come back.
Result<ShardTopics> ask_shard_topics(rd_kafka_t* client, const TopicNames& names, std::chrono::milliseconds timeout);

}  // namespace imdswatch::kafka
