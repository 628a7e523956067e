#include "sim_broker.hpp"

#include <algorithm>
#include <set>

namespace imdswatch::sim {

Broker::Broker(std::vector<std::vector<std::string>> messages, int shard_count)
    : raw(std::move(messages)), raw_committed(raw.size()), shards(static_cast<std::size_t>(shard_count)) {}

TopicPartition Broker::source(std::size_t partition) {
  TopicPartition out;
  out.topic.bytes.back() = 1;
  out.partition = Partition{static_cast<std::int32_t>(partition)};
  return out;
}

void Broker::append(const LogBody& body) {
  const std::string bytes = encode(body);
  const auto to = [&](std::size_t shard) { shards[shard].log.push_back({now, bytes}); };
  if (std::holds_alternative<Progress>(body)) {
    for (std::size_t shard = 0; shard < shards.size(); ++shard) to(shard);
    return;
  }
  const HostId& host = std::holds_alternative<Call>(body) ? std::get<Call>(body).host : std::get<Lineage>(body).host;
  const auto shard = static_cast<std::size_t>(shard_of(host, static_cast<int>(shards.size())).value());
  to(shard);
  shards[shard].calls_end = shards[shard].log.size();
}

void Broker::compact(std::size_t shard) {
  std::vector<StateRow> kept;
  std::set<std::string> seen;
  auto& rows = shards[shard].state;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    if (seen.insert(row->key).second) kept.push_back(*row);
  }
  std::ranges::reverse(kept);
  rows = std::move(kept);
}

}  // namespace imdswatch::sim
