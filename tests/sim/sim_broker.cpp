#include "sim_broker.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace imdswatch::sim {
namespace {

constexpr std::chrono::hours far_ahead{2};  ///< a source is held back where it is an hour ahead

}  // namespace

Broker::Broker(RawPartitions messages, int shard_count, EventTime live_from)
    : raw(std::move(messages)),
      raw_committed(raw.size()),
      shards(static_cast<std::size_t>(shard_count)),
      arrived_(raw.size()),
      newest_call_(raw.size()),
      live_from_(live_from),
      clock_(std::chrono::hours{1}) {}

TopicPartition Broker::source(std::size_t partition) {
  TopicPartition out;
  out.topic.bytes.back() = 1;
  out.partition = Partition{static_cast<std::int32_t>(partition)};
  return out;
}

std::int64_t Broker::raw_end(std::size_t partition) {
  const EventTime reached = live_from_ + (now - began_);
  std::size_t& arrived = arrived_[partition];
  while (arrived < raw[partition].size() && raw[partition][arrived].arrives <= reached) ++arrived;
  return static_cast<std::int64_t>(arrived);
}

bool Broker::all_arrived() const { return raw.front().back().arrives <= live_from_ + (now - began_); }

void Broker::append(const LogBody& body) {
  const std::string bytes = encode(body);
  const auto* progress = std::get_if<Progress>(&body);
  const auto to = [&](std::size_t shard) { shards[shard].log.push_back({now, bytes, progress == nullptr}); };
  if (progress) {
    for (std::size_t shard = 0; shard < shards.size(); ++shard) to(shard);
    clock_.add(*progress, now);
    return;
  }
  const auto* call = std::get_if<Call>(&body);
  const HostId& host = call ? call->host : std::get<Lineage>(body).host;
  const auto shard = static_cast<std::size_t>(shard_of(host, static_cast<int>(shards.size())).value());
  to(shard);
  shards[shard].calls_end = shards[shard].log.size();
  if (call) count_far_ahead(*call);
}

void Broker::count_far_ahead(const Call& call) {
  auto& newest = newest_call_[static_cast<std::size_t>(call.origin.partition.value())];
  if (newest && call.origin <= *newest) return;  // told again: no window takes it
  newest = call.origin;
  if (clock_.time() && call.time > *clock_.time() + far_ahead) ++calls_far_ahead;
}

void Broker::compact(std::size_t shard) {
  auto& rows = shards[shard].state;
  std::vector<bool> newest(rows.size());
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = rows.size(); i-- > 0;) newest[i] = seen.insert(rows[i].key).second;
  std::vector<StateRow> kept;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (newest[i]) kept.push_back(std::move(rows[i]));
  }
  rows = std::move(kept);
}

void Broker::add_state(std::size_t shard, const StateRow& row) {
  ShardTopics& topics = shards[shard];
  topics.state.push_back(row);
  if (topics.state.size() < topics.compact_at) return;
  compact(shard);
  topics.compact_at = 2 * topics.state.size() + 2000;
}

}  // namespace imdswatch::sim
