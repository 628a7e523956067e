#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <thread>

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
  Tormentor(Instances& instances, std::uint64_t seed);
  void turn();
  [[nodiscard]] int kills() const { return kills_; }
  [[nodiscard]] int zombies() const { return zombies_; }
  [[nodiscard]] int clean_restarts() const { return clean_restarts_; }

 private:
  [[nodiscard]] std::chrono::milliseconds pause();

  Instances& instances_;
  fleet::Random random_;
  Instances::Clock::time_point next_;
  int kills_ = 0;
  int zombies_ = 0;
  int clean_restarts_ = 0;
};

}  // namespace imdswatch::testing
