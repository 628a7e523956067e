#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "imdswatch/config/config.hpp"
#include "imdswatch/http/server.hpp"
#include "imdswatch/kafka/call_log_group.hpp"
#include "imdswatch/kafka/sieve_runner.hpp"
#include "imdswatch/telemetry/telemetry.hpp"
#include "shard_board.hpp"

namespace imdswatch {

/// Both stages of one process, as its roles say. Members stand in the order of their start; they end in reverse.
class Daemon {
 public:
  Daemon(const Config& config, std::string config_file, Telemetry& telemetry);

  /// Checks or makes the internal topics, opens all clients, and starts the threads.
  Result<void> start();
  /// Takes figures into telemetry; to be called about once a second.
  void observe();
  /// Whether every stage has joined its group, and every shard that was given to it is restored.
  [[nodiscard]] bool ready() const;
  /// Set when a stage has ended by itself.
  [[nodiscard]] std::optional<Error> failure() const;
  /// Drains and commits; gives up what is not done by the deadline.
  void stop(std::chrono::milliseconds deadline);

 private:
  Result<void> check_topics();
  Result<void> start_http();
  void observe_sieve(int index, const kafka::SieveFigures& figures, std::set<kafka::NamedPartition>& owned);
  [[nodiscard]] std::vector<Check> readiness() const;
  [[nodiscard]] std::vector<Check> health() const;
  [[nodiscard]] kafka::Reporting reporting();

  const Config config_;
  std::string config_file_;
  Telemetry& telemetry_;
  ShardBoard board_;
  std::vector<std::unique_ptr<kafka::SieveRunner>> sieves_;
  std::unique_ptr<kafka::CallLogGroup> group_;
  std::unique_ptr<HttpServer> http_;
  std::set<kafka::NamedPartition> owned_;  ///< by the sieves here, when last observed
};

}  // namespace imdswatch
