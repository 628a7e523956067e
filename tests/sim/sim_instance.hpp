#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>

#include "fleet/random.hpp"
#include "imdswatch/detector/shard_runner.hpp"
#include "sim_broker.hpp"

namespace imdswatch::sim {

/// A crash in mid-step: nothing after it happens.
struct Crash {};

struct Setting {
  Broker& broker;
  fleet::Random& random;
  const Faults& faults;  ///< emptied when faults stop
  Canary canary;
};

/// A shard as one instance holds it: the doors over the simulated broker, and the real runner between them.
class Seat final : public StateReader, public LogSource, public CommitOutlet {
 public:
  Seat(Setting setting, const DetectorConfig& config, std::size_t shard);

  /// One turn of the runner; throws Crash, or gives Errc::fenced when another instance has taken the shard.
  Result<ShardRunner::Turn> turn(std::size_t max_records);
  [[nodiscard]] bool caught_up() const;

  Result<void> read(const std::function<Result<void>(const StateRow&)>& row) override;
  Result<void> seek(std::optional<Offset> next) override;
  Result<std::vector<LogRecord>> poll(std::size_t max_records) override;
  Result<void> open() override;
  CommitOutcome commit(const ShardCommit& commit) override;

 private:
  void apply(const ShardCommit& commit);
  Setting setting_;
  std::size_t shard_;
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
  /// The call log producer failed: what is queued is thrown away, and its partitions start again from their commits.
  void produce_failed();
  void suspend() { suspended_ = true; }
  void resume();
  [[nodiscard]] bool suspended() const { return suspended_; }
  [[nodiscard]] bool drained() const;

 private:
  struct Reading {
    std::int64_t next = 0;
    std::optional<WallTime> at_end_since;
  };
  void restart_partitions();
  void read_some(std::size_t partition);
  void produce_some();
  void commit_raw();
  void tell_progress();
  void let_seats_turn();

  Setting setting_;
  SieveConfig sieve_config_;
  DetectorConfig detector_config_;
  std::unique_ptr<Sieve> sieve_;
  std::map<std::size_t, Reading> reading_;
  std::map<std::size_t, std::unique_ptr<Seat>> seats_;
  std::deque<LogBody> queued_;
  Generation generation_{0};
  bool suspended_ = false;
  std::uint32_t unchecked_place_ = 0;  ///< canary origins_not_checked
};

}  // namespace imdswatch::sim
