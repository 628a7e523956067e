#include <utility>

#include "sim_instance.hpp"

namespace imdswatch::sim {

Seat::Seat(Setting setting, const DetectorConfig& config, std::size_t shard)
    : setting_(setting), shard_(shard), runner_(config, Shard{static_cast<std::int32_t>(shard)}, *this, *this, *this) {
  if (setting_.canary == Canary::state_read_before_fencing) early_read_ = setting_.broker.shards[shard_].state;
}

Result<ShardRunner::Turn> Seat::turn(std::size_t max_records) { return runner_.turn(max_records, true); }

bool Seat::caught_up() const {
  return runner_.taken() && next_ >= setting_.broker.shards[shard_].calls_end && runner_.detector()->figures().carried == 0;
}

Result<void> Seat::open() {
  epoch_ = ++setting_.broker.shards[shard_].producer_epoch;
  return {};
}

Result<void> Seat::read(const std::function<Result<void>(const StateRow&)>& row) {
  const auto rows = early_read_ ? *early_read_ : setting_.broker.shards[shard_].state;
  early_read_.reset();
  just_read_ = true;
  for (const StateRow& one : rows) {
    if (auto applied = row(one); !applied) return applied;
  }
  return {};
}

Result<void> Seat::seek(std::optional<Offset> next) {
  next_ = next ? static_cast<std::size_t>(next->value()) : 0;
  return {};
}

Result<std::vector<LogRecord>> Seat::poll(std::size_t max_records) {
  const auto& topics = setting_.broker.shards[shard_];
  if (std::exchange(just_read_, false) && topics.checksum && runner_.detector()->checksum() != *topics.checksum) {
    setting_.broker.violations.push_back("shard " + std::to_string(shard_) + ": restored state differs from the committed one");
  }
  std::vector<LogRecord> out;
  while (out.size() < max_records && next_ < topics.log.size()) {
    const auto& stored = topics.log[next_];
    auto body = decode_log_body(stored.bytes);
    if (!body) return std::move(body).error();
    out.push_back({Offset{static_cast<std::int64_t>(next_)}, stored.append_time, *std::move(body)});
    ++next_;
  }
  return out;
}

void Seat::apply(const ShardCommit& commit) {
  auto& topics = setting_.broker.shards[shard_];
  for (const Alert& alert : commit.alerts) setting_.broker.alerts.push_back(alert);
  for (const StateRow& row : commit.rows) {
    if (setting_.canary == Canary::window_not_in_state && row.key[0] == static_cast<char>(Table::sighting)) continue;
    topics.state.push_back(row);
  }
  topics.checksum = runner_.detector()->checksum();
}

CommitOutcome Seat::commit(const ShardCommit& commit) {
  const Faults& faults = setting_.faults;
  if (epoch_ != setting_.broker.shards[shard_].producer_epoch) return CommitOutcome::fenced;
  if (setting_.random.chance(faults.crash_before_commit)) throw Crash{};
  if (setting_.random.chance(faults.abort)) {
    return setting_.canary == Canary::abort_taken_as_committed ? CommitOutcome::committed : CommitOutcome::aborted;
  }
  if (setting_.random.chance(faults.unknown)) {
    if (setting_.random.chance(0.5)) apply(commit);
    return setting_.canary == Canary::unknown_taken_as_committed ? CommitOutcome::committed : CommitOutcome::unknown;
  }
  apply(commit);
  if (setting_.random.chance(faults.crash_after_commit)) throw Crash{};
  return CommitOutcome::committed;
}

}  // namespace imdswatch::sim
