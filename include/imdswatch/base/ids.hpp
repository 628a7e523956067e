#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace imdswatch {

/// A number or a string with a meaning of its own: no implicit way in or out, and none to another one.
template <class Tag, class Rep>
class Strong {
 public:
  using rep = Rep;
  constexpr Strong() = default;
  constexpr explicit Strong(Rep value) : value_(std::move(value)) {}
  [[nodiscard]] constexpr const Rep& value() const { return value_; }
  friend constexpr bool operator==(const Strong&, const Strong&) = default;
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

 private:
  Rep value_{};
};

using Partition = Strong<struct PartitionTag, std::int32_t>;
using Offset = Strong<struct OffsetTag, std::int64_t>;
using LeaderEpoch = Strong<struct LeaderEpochTag, std::int32_t>;
using Generation = Strong<struct GenerationTag, std::int32_t>;  ///< of a consumer group
using Shard = Strong<struct ShardTag, std::int32_t>;            ///< a partition of the call log

/// The host's key: lower-case first label of its name, with the namespace before it if one is configured ("prod/web-1").
using HostId = Strong<struct HostIdTag, std::string>;

/// Kafka's topic id, which a topic made anew under the same name does not share.
struct TopicId {
  std::array<std::uint8_t, 16> bytes{};
  friend bool operator==(const TopicId&, const TopicId&) = default;
  friend auto operator<=>(const TopicId&, const TopicId&) = default;
};
/// 32 lower-case hexadecimal digits, and back; false if `text` is not that.
std::string to_string(const TopicId& id);
bool parse_topic_id(std::string_view text, TopicId& out);

struct TopicPartition {
  TopicId topic;
  Partition partition;
  friend bool operator==(const TopicPartition&, const TopicPartition&) = default;
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

}  // namespace imdswatch

template <class Tag, class Rep>
struct std::hash<imdswatch::Strong<Tag, Rep>> {
  std::size_t operator()(const imdswatch::Strong<Tag, Rep>& id) const { return std::hash<Rep>{}(id.value()); }
};
