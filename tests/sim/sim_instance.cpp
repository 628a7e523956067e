#include "sim_instance.hpp"

#include <algorithm>
#include <utility>

namespace imdswatch::sim {
namespace {

constexpr std::chrono::seconds confirmed_after{60};

}  // namespace

Instance::Instance(Setting setting, SieveConfig sieve, DetectorConfig detector)
    : setting_(setting), sieve_config_(std::move(sieve)), detector_config_(std::move(detector)) {
  sieve_ = std::make_unique<Sieve>(sieve_config_);
}

void Instance::own(const std::set<std::size_t>& partitions, const std::set<std::size_t>& shards) {
  // Revoked partitions hand over at a commit where that can be had: a clean rebalance flushes first.
  if (!suspended_) {
    produce_some();
    commit_raw();
  }
  for (auto it = reading_.begin(); it != reading_.end();) {
    if (partitions.contains(it->first)) {
      ++it;
      continue;
    }
    sieve_->revoke(Broker::source(it->first));
    it = reading_.erase(it);
  }
  generation_ = setting_.broker.generation;
  for (const std::size_t partition : partitions) {
    if (reading_.contains(partition)) continue;
    const auto& committed = setting_.broker.raw_committed[partition];
    sieve_->assign(Broker::source(partition), committed.metadata);
    reading_[partition] = {committed.next.value(), std::nullopt};
  }
  std::erase_if(seats_, [&](const auto& seat) { return !shards.contains(seat.first); });
  for (const std::size_t shard : shards) {
    if (!seats_.contains(shard)) seats_.emplace(shard, std::make_unique<Seat>(setting_, detector_config_, shard));
  }
}

void Instance::restart_partitions() {
  queued_.clear();
  sieve_ = std::make_unique<Sieve>(sieve_config_);
  for (auto& [partition, reading] : reading_) {
    const auto& committed = setting_.broker.raw_committed[partition];
    sieve_->assign(Broker::source(partition), committed.metadata);
    reading = {committed.next.value(), std::nullopt};
  }
}

void Instance::crash() {
  restart_partitions();
  for (auto& [shard, seat] : seats_) seat = std::make_unique<Seat>(setting_, detector_config_, shard);
}

void Instance::produce_failed() { restart_partitions(); }

void Instance::resume() {
  // A zombie does not know yet that its partitions and shards belong to others: it goes on for a while.
  suspended_ = false;
}

void Instance::read_some(std::size_t partition) {
  Reading& reading = reading_.at(partition);
  const auto& messages = setting_.broker.raw[partition];
  SieveOutput out;
  for (std::uint64_t n = setting_.random.below(60); n > 0 && reading.next < static_cast<std::int64_t>(messages.size()); --n) {
    sieve_->read({Broker::source(partition), LeaderEpoch{0}, Offset{reading.next}, messages[static_cast<std::size_t>(reading.next)]}, out);
    ++reading.next;
    reading.at_end_since.reset();
  }
  const bool at_end = reading.next == static_cast<std::int64_t>(messages.size());
  if (at_end && !reading.at_end_since) reading.at_end_since = setting_.broker.now;
  for (auto& record : out.records) {
    if (setting_.canary == Canary::gap_in_produced_series && setting_.random.chance(0.02)) continue;
    if (setting_.canary == Canary::origins_not_checked && std::holds_alternative<Call>(record)) {
      std::get<Call>(record).origin = {Broker::source(partition).topic, Broker::source(partition).partition,
                                       LeaderEpoch{static_cast<std::int32_t>(setting_.broker.shards[0].log.size() + queued_.size())}, Offset{0},
                                       unchecked_place_++};
    }
    std::visit([&](auto& body) { queued_.emplace_back(std::move(body)); }, record);
  }
}

void Instance::produce_some() {
  for (std::uint64_t n = 1 + setting_.random.below(400); n > 0 && !queued_.empty(); --n) {
    setting_.broker.append(queued_.front());
    queued_.pop_front();
  }
}

void Instance::commit_raw() {
  // Only what is acknowledged may be committed, and not by a member of an old generation.
  const bool first = setting_.canary == Canary::raw_offsets_committed_first;
  if ((!queued_.empty() && !first) || generation_ != setting_.broker.generation) return;
  for (const auto& [partition, reading] : reading_) {
    if (reading.next == setting_.broker.raw_committed[partition].next.value()) continue;
    const SourcePosition position = sieve_->position(Broker::source(partition));
    setting_.broker.raw_committed[partition] = {position.next, position.metadata};
  }
}

void Instance::tell_progress() {
  if (!queued_.empty()) return;
  for (auto& [partition, reading] : reading_) {
    const bool at_end = reading.at_end_since && setting_.broker.now - *reading.at_end_since >= confirmed_after;
    if (at_end && !sieve_->watermark(Broker::source(partition))) {
      SieveOutput out;
      sieve_->finish(Broker::source(partition), out);
      for (auto& record : out.records) std::visit([&](auto& body) { queued_.emplace_back(std::move(body)); }, record);
    }
    Progress progress;
    progress.roster = {{Broker::source(0).topic, static_cast<std::int32_t>(setting_.broker.raw.size())}};
    progress.source = Broker::source(partition);
    progress.watermark = sieve_->watermark(progress.source);
    progress.at_end = at_end;
    progress.generation = generation_;
    progress.wall = setting_.broker.now;
    queued_.emplace_back(std::move(progress));
  }
}

void Instance::let_seats_turn() {
  for (auto it = seats_.begin(); it != seats_.end();) {
    auto turned = it->second->turn(1 + setting_.random.below(2000));
    if (turned) {
      ++it;
    } else if (turned.error().code == Errc::fenced) {
      // It leaves the group and joins anew: a member gets the shard again, a zombie does not.
      if (generation_ == setting_.broker.generation) {
        it->second = std::make_unique<Seat>(setting_, detector_config_, it->first);
        ++it;
      } else {
        it = seats_.erase(it);
      }
    } else {
      setting_.broker.violations.push_back(turned.error().message);
      it = seats_.erase(it);
    }
  }
}

void Instance::step() {
  if (suspended_) return;
  try {
    for (const auto& [partition, reading] : reading_) {
      if (setting_.random.chance(0.7)) read_some(partition);
    }
    if (setting_.canary == Canary::raw_offsets_committed_first) commit_raw();
    if (setting_.random.chance(0.8)) produce_some();
    if (setting_.random.chance(0.5)) commit_raw();
    if (setting_.random.chance(0.5)) tell_progress();
    if (setting_.random.chance(0.7)) let_seats_turn();
  } catch (const Crash&) {
    crash();
  }
}

bool Instance::drained() const {
  const bool read = std::ranges::all_of(reading_, [&](const auto& reading) {
    return reading.second.next == static_cast<std::int64_t>(setting_.broker.raw[reading.first].size()) && reading.second.at_end_since;
  });
  const bool written = std::ranges::all_of(queued_, [](const LogBody& body) { return std::holds_alternative<Progress>(body); });
  return read && written && std::ranges::all_of(seats_, [](const auto& seat) { return seat.second->caught_up(); });
}

}  // namespace imdswatch::sim
