#include "sim_instance.hpp"

#include <algorithm>
#include <utility>

#include "kafka/pacer.hpp"

namespace imdswatch::sim {
namespace {

constexpr std::size_t watched_back = 200;  ///< records of the log's tail that a started instance reads for its clock

kafka::Instant instant(WallTime now) { return {now.time_since_epoch(), now.time_since_epoch()}; }

std::uint64_t accounted(const SieveCounters& counters) {
  std::uint64_t out = 0;
  for (const SieveCounters::ByFormat& of : counters.formats) {
    out += of.calls + of.starts + of.connections_elsewhere;
    for (const std::uint64_t ignored : of.ignored) out += ignored;
    for (const std::uint64_t rejected : of.rejected) out += rejected;
  }
  return out;
}

}  // namespace

Instance::Instance(Setting setting, SieveConfig sieve, DetectorConfig detector)
    : setting_(setting),
      sieve_config_(std::move(sieve)),
      detector_config_(std::move(detector)),
      reading_pace_(setting.random.chance(0.3) ? 0.1 : 0.7),
      sieve_(std::make_unique<Sieve>(sieve_config_)),
      clock_(detector_config_.schedule.stall_timeout) {}

void Instance::take_up(std::size_t partition) {
  const auto& committed = setting_.broker.raw_committed[partition];
  sieve_->assign(Broker::source(partition), committed.metadata);
  reading_[partition] = {committed.next.value(), {}, false};
}

void Instance::own(const std::set<std::size_t>& partitions, const std::set<std::size_t>& shards) {
  // What is acknowledged is committed before partitions are given back, if there is time for it. What is not stays under way, and is
  // written after the new owner has begun.
  if (!removed_ && setting_.random.chance(0.5)) {
    produce_some();
    commit_raw();
  }
  const bool lost = std::exchange(removed_, false);
  for (auto it = reading_.begin(); it != reading_.end();) {
    if (partitions.contains(it->first) && !lost) {
      ++it;
      continue;
    }
    sieve_->revoke(Broker::source(it->first));
    it = reading_.erase(it);
  }
  generation_ = setting_.broker.generation;
  for (const std::size_t partition : partitions) {
    if (!reading_.contains(partition)) take_up(partition);
  }
  leave_seats(shards, lost);
  for (const std::size_t shard : shards) {
    if (!seats_.contains(shard)) seats_.emplace(shard, std::make_unique<Seat>(setting_, detector_config_, shard));
  }
}

/// A held shard that is given back has a last turn, if there is time for it; the next owner may have been told already. One that is lost
/// has none.
void Instance::leave_seats(const std::set<std::size_t>& kept, bool lost) {
  bool crashed = false;
  for (auto it = seats_.begin(); it != seats_.end();) {
    if (kept.contains(it->first) && !lost) {
      ++it;
      continue;
    }
    try {
      const bool has_last = !lost && napping_ == 0 && it->second->taken();
      if (has_last && setting_.random.chance(0.5)) static_cast<void>(held(it->second->last_turn()));
    } catch (const Crash&) {
      crashed = true;
    }
    it = seats_.erase(it);
  }
  if (crashed) crash();
}

/// False if the seat has lost its shard.
bool Instance::held(const Result<ShardRunner::Turn>& turned) {
  if (turned || turned.error().code == Errc::kafka_unavailable) return true;
  if (turned.error().code == Errc::fenced) {
    setting_.faults.met(Fault::fenced);
  } else {
    setting_.broker.violated(turned.error().message);
  }
  return false;
}

void Instance::restart_partitions() {
  queued_.clear();
  sieve_ = std::make_unique<Sieve>(sieve_config_);
  for (auto& [partition, reading] : reading_) take_up(partition);
}

void Instance::crash() {
  restart_partitions();
  napping_ = 0;
  clock_ = LogClock(detector_config_.schedule.stall_timeout);
  const std::size_t end = setting_.broker.shards[0].log.size();
  clock_next_ = end - std::min(end, watched_back);
  for (auto& [shard, seat] : seats_) seat = std::make_unique<Seat>(setting_, detector_config_, shard);
}

void Instance::produce_failed() {
  const std::uint64_t written = queued_.empty() ? 0 : setting_.random.below(queued_.size());
  for (std::uint64_t n = 0; n < written && !setting_.broker.away; ++n) {
    setting_.broker.append(queued_.front());
    queued_.pop_front();
  }
  if (setting_.canary == Canary::gap_in_produced_series) {  // what stands behind the loss is written nevertheless
    for (std::size_t i = queued_.size() / 2; i < queued_.size(); ++i) setting_.broker.append(queued_[i]);
  }
  restart_partitions();
}

void Instance::jump_clock() {
  clock_offset_ += std::chrono::seconds{static_cast<std::int64_t>(setting_.random.below(20'000)) - 10'000};
}

/// Any shard's log tells of every partition.
void Instance::watch_log() {
  const auto& log = setting_.broker.shards[0].log;
  for (; clock_next_ < log.size(); ++clock_next_) {
    if (log[clock_next_].keyed) continue;
    const auto body = decode_log_body(log[clock_next_].bytes);
    if (!body) continue;  // a seat tells of it
    if (const auto* progress = std::get_if<Progress>(&*body)) clock_.add(*progress, log[clock_next_].append_time);
  }
}

void Instance::pace_sources() {
  if (setting_.canary == Canary::sources_not_paced) return;
  std::vector<kafka::PacedSource> paced;
  for (const auto& [partition, reading] : reading_) {
    paced.push_back({sieve_->watermark(Broker::source(partition)), reading.next < setting_.broker.raw_end(partition),
                     reading.ahead});
  }
  const std::vector<bool> ahead = kafka::pace(paced, clock_.time(), {});
  std::size_t i = 0;
  for (auto& [partition, reading] : reading_) reading.ahead = ahead[i++];
}

/// Every event is in exactly one account.
void Instance::read_one(std::size_t partition, Offset offset, SieveOutput& out) {
  const RawRecord& message = setting_.broker.raw[partition][static_cast<std::size_t>(offset.value())];
  const std::uint64_t before = accounted(sieve_->counters());
  sieve_->read({Broker::source(partition), LeaderEpoch{0}, offset, message.bytes}, out);
  const std::uint64_t counted = accounted(sieve_->counters()) - before;
  if (counted == message.events) return;
  setting_.broker.violated("message " + std::to_string(offset.value()) + " of partition " + std::to_string(partition) + " has " +
                           std::to_string(message.events) + " events, and its sieve has counted " + std::to_string(counted));
}

void Instance::read_some(std::size_t partition) {
  Reading& reading = reading_.at(partition);
  const std::int64_t end = setting_.broker.raw_end(partition);
  SieveOutput out;
  // What is read in the moment before the first progress record comes back is little.
  for (std::uint64_t n = setting_.random.below(clock_.time() ? 60 : 4); n > 0 && reading.next < end && !reading.ahead;
       --n) {
    read_one(partition, Offset{reading.next}, out);
    ++reading.next;
    reading.end.moved();
    pace_sources();
  }
  queue(out);
}

void Instance::queue(SieveOutput& out) {
  for (auto& record : out.records) {
    if (setting_.canary == Canary::origins_not_checked && std::holds_alternative<Call>(record)) {
      Origin& origin = std::get<Call>(record).origin;
      origin.epoch = LeaderEpoch{1};
      origin.offset = Offset{setting_.broker.unchecked_origins++};  // ever higher, whatever was told before
    }
    std::visit([&](auto& body) { queued_.emplace_back(std::move(body)); }, record);
  }
}

void Instance::produce_some() {
  if (setting_.broker.away) return;
  for (std::uint64_t n = 1 + setting_.random.below(400); n > 0 && !queued_.empty(); --n) {
    setting_.broker.append(queued_.front());
    queued_.pop_front();
  }
}

void Instance::commit_raw() {
  // Only what is acknowledged may be committed, and not by a member of an old generation.
  const bool first = setting_.canary == Canary::raw_offsets_committed_first;
  if (setting_.broker.away || (!queued_.empty() && !first) || generation_ != setting_.broker.generation) return;
  for (const auto& [partition, reading] : reading_) {
    if (reading.next == setting_.broker.raw_committed[partition].next.value()) continue;
    const SourcePosition position = sieve_->position(Broker::source(partition));
    setting_.broker.raw_committed[partition] = {position.next, position.metadata};
  }
}

void Instance::ask_ends() {
  if (setting_.broker.away) return;
  for (auto& [partition, reading] : reading_) {
    reading.end.answered(setting_.broker.raw_end(partition), reading.next, reading.end.moves(),
                         instant(setting_.broker.now));
  }
}

void Instance::tell_progress() {
  ask_ends();
  if (!queued_.empty()) return;
  for (auto& [partition, reading] : reading_) {
    const bool at_end = reading.end.at_end(instant(setting_.broker.now));
    if (at_end && !sieve_->watermark(Broker::source(partition))) {
      SieveOutput out;
      sieve_->finish(Broker::source(partition), out);
      queue(out);
    }
    Progress progress;
    progress.roster = {{Broker::source(0).topic, static_cast<std::int32_t>(setting_.broker.raw.size())}};
    progress.source = Broker::source(partition);
    progress.watermark = sieve_->watermark(progress.source);
    progress.at_end = at_end;
    progress.generation = generation_;
    progress.wall = setting_.broker.now + clock_offset_;
    queued_.emplace_back(std::move(progress));
  }
}

void Instance::let_seats_turn() {
  for (auto it = seats_.begin(); it != seats_.end();) {
    if (held(it->second->turn())) {
      ++it;
    } else if (generation_ == setting_.broker.generation) {
      // It leaves the group and joins anew: a member gets the shard again, a zombie does not.
      it->second = std::make_unique<Seat>(setting_, detector_config_, it->first);
      ++it;
    } else {
      it = seats_.erase(it);
    }
  }
}

void Instance::step() {
  if (suspended_) return;
  if (napping_ > 0) {
    --napping_;
    return;
  }
  try {
    watch_log();
    pace_sources();
    for (const auto& [partition, reading] : reading_) {
      if (!setting_.broker.away && setting_.random.chance(reading_pace_)) read_some(partition);
    }
    if (setting_.canary == Canary::raw_offsets_committed_first) commit_raw();
    if (!queued_.empty() && setting_.happens(Fault::produce_failure)) {
      produce_failed();
    } else if (setting_.random.chance(0.8)) {
      produce_some();
    }
    if (setting_.random.chance(0.5)) commit_raw();
    if (setting_.random.chance(0.5)) tell_progress();
    if (setting_.random.chance(0.7)) let_seats_turn();
  } catch (const Crash&) {
    crash();
  }
}

bool Instance::drained() const {
  const bool read = std::ranges::all_of(reading_, [&](const auto& entry) {
    const auto& [partition, reading] = entry;
    return reading.next == static_cast<std::int64_t>(setting_.broker.raw[partition].size()) &&
           reading.end.end() == reading.next;
  });
  const bool written =
      std::ranges::all_of(queued_, [](const LogBody& body) { return std::holds_alternative<Progress>(body); });
  return read && written && std::ranges::all_of(seats_, [](const auto& seat) { return seat.second->caught_up(); });
}

}  // namespace imdswatch::sim
