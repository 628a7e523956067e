#include "ack_watch.hpp"

#include <utility>

namespace imdswatch::kafka {

AckWatch::Stall AckWatch::stall_of(std::size_t shard, Time now) const {
  const One& one = shards_[shard];
  return {Shard{static_cast<std::int32_t>(shard)}, one.waiting, std::chrono::duration_cast<std::chrono::milliseconds>(now - one.since), false};
}

void AckWatch::sent(Shard shard, Time now) {
  One& one = shards_[static_cast<std::size_t>(shard.value())];
  if (one.waiting++ == 0 && !one.told) one.since = now;
}

void AckWatch::acknowledged(Shard shard, Time now) {
  const auto index = static_cast<std::size_t>(shard.value());
  One& one = shards_[index];
  if (one.waiting > 0) --one.waiting;
  if (std::exchange(one.told, std::nullopt)) {
    over_.push_back(stall_of(index, now));
    over_.back().over = true;
  }
  one.since = now;
}

void AckWatch::thrown_away() {
  for (One& one : shards_) one.waiting = 0;
}

std::vector<AckWatch::Stall> AckWatch::look(Time now) {
  auto out = std::exchange(over_, {});
  for (std::size_t shard = 0; shard < shards_.size(); ++shard) {
    One& one = shards_[shard];
    if (one.waiting == 0 || now - one.since < patience_ || (one.told && now - *one.told < again_after)) continue;
    one.told = now;
    out.push_back(stall_of(shard, now));
  }
  return out;
}

std::optional<AckWatch::Stall> AckWatch::longest(Time now) const {
  std::optional<Stall> out;
  for (std::size_t shard = 0; shard < shards_.size(); ++shard) {
    if (!shards_[shard].told || shards_[shard].waiting == 0) continue;
    if (const Stall one = stall_of(shard, now); !out || one.silent > out->silent) out = one;
  }
  return out;
}

}  // namespace imdswatch::kafka
