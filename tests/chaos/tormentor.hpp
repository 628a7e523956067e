#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <thread>
#include <vector>

#include "commit_watch.hpp"
#include "fleet/random.hpp"
#include "instances.hpp"
#include "kafka_broker.hpp"
#include "options.hpp"

namespace imdswatch::testing {

/// Kills brokers and starts them again, in a thread of its own: instances are killed meanwhile too.
class BrokerTormentor {
 public:
  BrokerTormentor(TestBroker& broker, const ChaosOptions& options);
  /// Returns when all nodes are up.
  void finish();
  [[nodiscard]] int restarts() const { return restarts_; }

 private:
  void run(const std::stop_token& stop);

  TestBroker& broker_;
  const int brokers_;
  const std::chrono::duration<double> torment_;
  fleet::Random random_;
  std::exception_ptr failed_;
  std::atomic<int> restarts_ = 0;
  std::jthread thread_;
};

/// What happens to the instances; to be driven every few milliseconds.
class Tormentor {
 public:
  Tormentor(Instances& instances, CommitWatch& commits, std::uint64_t seed);
  void turn();
  [[nodiscard]] int kills() const { return static_cast<int>(killed_.size()); }
  /// Those after which work went on.
  [[nodiscard]] int survived() const;
  /// Those that left a transaction open.
  [[nodiscard]] int within_commits() const { return within_commits_; }

 private:
  [[nodiscard]] std::chrono::milliseconds pause();
  void kill(std::size_t index);
  void kill_within_a_commit(std::size_t index);

  Instances& instances_;
  CommitWatch& commits_;
  fleet::Random random_;
  Instances::Clock::time_point next_;
  std::vector<Instances::Clock::time_point> killed_;
  int within_commits_ = 0;
};

}  // namespace imdswatch::testing
