#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "fleet/random.hpp"
#include "imdswatch/detector/shard_runner.hpp"
#include "kafka/end_watch.hpp"
#include "sim_broker.hpp"
#include "sim_faults.hpp"

namespace imdswatch::sim {

/// A crash in mid-step: nothing after it happens.
struct Crash {};

struct Setting {
  Broker& broker;
  fleet::Random& random;
  Faults& faults;
  Canary canary;
  [[nodiscard]] bool happens(Fault fault) const { return faults.happens(fault, random); }
};

/// A shard as one instance holds it: the doors over the simulated broker, and the real runner between them.
class Seat final : public StateReader, public LogSource, public CommitOutlet {
 public:
  Seat(Setting setting, const DetectorConfig& config, std::size_t shard);

  /// One turn of the runner; throws Crash, or gives Errc::fenced when another instance has taken the shard.
  Result<ShardRunner::Turn> turn();
  /// The same as the last one: nothing more is read, and what was stepped is committed.
  Result<ShardRunner::Turn> last_turn();
  [[nodiscard]] bool taken() const { return runner_.taken(); }
  [[nodiscard]] bool caught_up() const;

  Result<void> read(const std::function<Result<void>(const StateRow&)>& row) override;
  Result<void> seek(std::optional<Offset> next) override;
  Result<std::vector<LogRecord>> poll(std::size_t max_records) override;
  Result<void> open() override;
  CommitOutcome commit(const ShardCommit& commit) override;

 private:
  void apply(const ShardCommit& commit, bool to_be_rebuilt);
  Result<ShardRunner::Turn> checked(Result<ShardRunner::Turn> turn);
  void check_runs(const std::vector<RunSummary>& runs);
  void violated(const std::string& what) const;
  Setting setting_;
  std::size_t shard_;
  EventClock::duration every_;
  std::optional<EventTime> run_before_;  ///< of what the last commit had done
  ShardRunner runner_;
  std::int64_t epoch_ = 0;
  std::size_t next_ = 0;
  bool just_read_ = false;
  std::optional<std::vector<StateRow>> early_read_;  ///< canary state_read_before_fencing
};

/// One process: a sieve over its raw partitions, and seats on its shards.
class Instance {
 public:
  Instance(Setting setting, SieveConfig sieve, DetectorConfig detector);

  void own(const std::set<std::size_t>& partitions, const std::set<std::size_t>& shards);
  void step();
  /// As after kill -9: memory is gone, assignments are taken up again from what was committed.
  void crash();
  /// Does nothing until it is woken, and the group takes its part away.
  void suspend() { suspended_ = removed_ = true; }
  void resume() { suspended_ = false; }
  /// Does nothing for so many steps, and the group does not notice.
  void nap(std::uint64_t steps) { napping_ = steps; }
  void jump_clock();
  [[nodiscard]] bool suspended() const { return suspended_; }
  [[nodiscard]] bool drained() const;

 private:
  struct Reading {
    std::int64_t next = 0;
    kafka::EndWatch end;
    bool ahead = false;  ///< held back by pacing
  };
  void take_up(std::size_t partition);
  void restart_partitions();
  void watch_log();
  void pace_sources();
  void read_some(std::size_t partition);
  void read_one(std::size_t partition, Offset offset, SieveOutput& out);
  void queue(SieveOutput& out);
  void produce_some();
  /// Of the call log, in the middle of what is queued: the rest is thrown away, and the partitions start again from their commits.
  void produce_failed();
  void commit_raw();
  void ask_ends();
  void tell_progress();
  void let_seats_turn();
  void leave_seats(const std::set<std::size_t>& kept, bool lost);
  bool held(const Result<ShardRunner::Turn>& turned);

  Setting setting_;
  SieveConfig sieve_config_;
  DetectorConfig detector_config_;
  double reading_pace_;  ///< some are slow
  std::unique_ptr<Sieve> sieve_;
  std::map<std::size_t, Reading> reading_;
  std::map<std::size_t, std::unique_ptr<Seat>> seats_;
  std::deque<LogBody> queued_;
  Generation generation_{0};
  LogClock clock_;
  std::size_t clock_next_ = 0;  ///< in the first shard's log
  std::chrono::milliseconds clock_offset_{0};
  std::uint64_t napping_ = 0;
  bool suspended_ = false;
  bool removed_ = false;  ///< from the group: what it held is lost at the next assignment
};

}  // namespace imdswatch::sim
