#include <utility>

#include "sim_instance.hpp"

namespace imdswatch::sim {
namespace {

/// Of the commits after which no rebuilding is foreseen: taking it costs as much as all else in a turn.
constexpr double checksummed_commits = 0.1;

}  // namespace

Seat::Seat(Setting setting, const DetectorConfig& config, std::size_t shard)
    : setting_(setting),
      shard_(shard),
      every_(config.schedule.every),
      runner_(config, Shard{static_cast<std::int32_t>(shard)}, *this, *this, *this) {
  if (setting_.canary == Canary::state_read_before_fencing) early_read_ = setting_.broker.shards[shard_].state;
}

Result<ShardRunner::Turn> Seat::turn() {
  const bool commit_now = !setting_.happens(Fault::commit_put_off);
  return checked(runner_.turn(1 + setting_.random.below(2000), commit_now));
}

Result<ShardRunner::Turn> Seat::last_turn() { return checked(runner_.turn(0, true)); }

Result<ShardRunner::Turn> Seat::checked(Result<ShardRunner::Turn> turn) {
  if (turn) check_runs(turn->runs);
  return turn;
}

/// No run is left out, whoever did the one before.
void Seat::check_runs(const std::vector<RunSummary>& runs) {
  for (const RunSummary& run : runs) {
    if (run_before_ && run.run.time != *run_before_ + every_) {
      violated("the run at " + to_iso8601(run.run.time) + " follows the one at " + to_iso8601(*run_before_));
    }
    run_before_ = run.run.time;
  }
}

void Seat::violated(const std::string& what) const {
  setting_.broker.violated("shard " + std::to_string(shard_) + ": " + what);
}

bool Seat::caught_up() const {
  return runner_.taken() && next_ >= setting_.broker.shards[shard_].calls_end &&
         runner_.detector()->figures().carried == 0;
}

Result<void> Seat::open() {
  if (setting_.broker.away) return Error{Errc::kafka_unavailable, "the broker is away"};
  epoch_ = ++setting_.broker.shards[shard_].producer_epoch;
  return {};
}

Result<void> Seat::read(const std::function<Result<void>(const StateRow&)>& row) {
  const std::vector<StateRow>& rows = early_read_ ? *early_read_ : setting_.broker.shards[shard_].state;
  for (const StateRow& one : rows) {
    if (auto applied = row(one); !applied) return applied;
  }
  early_read_.reset();
  just_read_ = true;
  return {};
}

Result<void> Seat::seek(std::optional<Offset> next) {
  next_ = next ? static_cast<std::size_t>(next->value()) : 0;
  return {};
}

Result<std::vector<LogRecord>> Seat::poll(std::size_t max_records) {
  const auto& topics = setting_.broker.shards[shard_];
  if (std::exchange(just_read_, false) && topics.checksum && runner_.detector()->checksum() != *topics.checksum) {
    violated("restored state differs from the committed one");
  }
  std::vector<LogRecord> out;
  for (std::size_t n = 0; !setting_.broker.away && n < max_records && next_ < topics.log.size(); ++n, ++next_) {
    const auto& stored = topics.log[next_];
    auto body = decode_log_body(stored.bytes);
    if (body.ok() == stored.garbage) violated("offset " + std::to_string(next_) + " is taken for what it is not: " + stored.bytes);
    if (body) {
      out.push_back({Offset{static_cast<std::int64_t>(next_)}, stored.append_time, *std::move(body)});
    } else if (body.error().code == Errc::format_too_new) {
      return std::move(body).error();
    }
  }
  return out;
}

/// `to_be_rebuilt`: the shard's memory is about to go, so that what is restored can be compared.
void Seat::apply(const ShardCommit& commit, bool to_be_rebuilt) {
  auto& topics = setting_.broker.shards[shard_];
  for (const Alert& alert : commit.alerts) {
    if (topics.last_alert_run && alert.order->run < *topics.last_alert_run)
      violated("an alert of an earlier run comes after one of a later run");
    topics.last_alert_run = alert.order->run;
    setting_.broker.alerts.push_back(alert);
  }
  for (const StateRow& row : commit.rows) {
    if (setting_.canary == Canary::window_not_in_state && row.key[0] == static_cast<char>(Table::sighting)) continue;
    setting_.broker.add_state(shard_, row);
  }
  run_before_ = std::exchange(topics.last_run, runner_.detector()->figures().last_run);
  topics.checksum.reset();
  if (to_be_rebuilt || setting_.random.chance(checksummed_commits)) topics.checksum = runner_.detector()->checksum();
}

CommitOutcome Seat::commit(const ShardCommit& commit) {
  if (setting_.broker.away) return CommitOutcome::aborted;
  if (epoch_ != setting_.broker.shards[shard_].producer_epoch) return CommitOutcome::fenced;
  if (setting_.happens(Fault::crash_before_commit)) throw Crash{};
  if (setting_.happens(Fault::abort)) {
    return setting_.canary == Canary::state_kept_after_abort ? CommitOutcome::committed : CommitOutcome::aborted;
  }
  if (setting_.happens(Fault::unknown)) {
    if (setting_.random.chance(0.5)) apply(commit, true);
    return setting_.canary == Canary::unknown_taken_as_committed ? CommitOutcome::committed : CommitOutcome::unknown;
  }
  const bool crash = setting_.happens(Fault::crash_after_commit);
  apply(commit, crash);
  if (crash) throw Crash{};
  return CommitOutcome::committed;
}

}  // namespace imdswatch::sim
