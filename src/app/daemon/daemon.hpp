#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "imdswatch/config/config.hpp"
#include "imdswatch/http/server.hpp"
#include "imdswatch/kafka/call_log_group.hpp"
#include "imdswatch/kafka/log_watch.hpp"
#include "imdswatch/kafka/sieve_runner.hpp"
#include "imdswatch/kafka/topics.hpp"
#include "imdswatch/telemetry/telemetry.hpp"
#include "catch_up.hpp"
#include "shard_board.hpp"

namespace imdswatch {

/// Both stages of one process, as its roles say. Members stand in the order of their start; they end in reverse.
class Daemon {
 public:
  Daemon(const Config& config, std::string config_file, Telemetry& telemetry);

  /// Waits at most so long; whether the process is to stop.
  using StopAsked = std::function<bool(std::chrono::milliseconds)>;
  /// Checks or makes the internal topics, opens all clients, and starts the threads. While the brokers are away it waits for them and
  /// says so. False: it was asked to stop before it began. An error: what was started goes on until `stop`.
  Result<bool> start(const StopAsked& stop_asked);
  /// Takes figures into telemetry; to be called about once a second.
  void observe();
  /// Whether every stage has joined its group, and every shard that was given to it is restored.
  [[nodiscard]] bool ready() const;
  /// Set when a stage has ended by itself.
  [[nodiscard]] std::optional<Error> failure() const;
  /// Whether a stage was started, be it that the next one could not be.
  [[nodiscard]] bool has_stages() const { return group_ || !sieves_.empty(); }
  /// Drains and commits; gives up what is not done by the deadline. An error says what that is. After a start that failed half-way too.
  Result<void> stop(std::chrono::milliseconds deadline);

 private:
  Result<bool> await_topics(const StopAsked& stop_asked);
  Result<kafka::TopicReport> ask_topics(const std::atomic<bool>& stopping);
  [[nodiscard]] Result<void> judge_topics(const kafka::TopicReport& report);
  Result<void> start_stages();
  Result<void> start_http();
  void observe_sieve(int index, const kafka::SieveFigures& figures, std::set<kafka::NamedPartition>& owned);
  [[nodiscard]] bool sieves_joined() const;
  [[nodiscard]] std::vector<ShardSeen> shards_seen() const;
  [[nodiscard]] std::vector<kafka::SourceFigures> sources_seen() const;
  [[nodiscard]] std::vector<Check> readiness() const;
  [[nodiscard]] Check call_log_takes() const;
  [[nodiscard]] std::vector<Check> health() const;
  [[nodiscard]] kafka::Reporting reporting();

  const Config config_;
  std::string config_file_;
  Telemetry& telemetry_;
  ShardBoard board_;
  std::atomic<bool> stages_started_{false};  ///< before it, HTTP's thread must not look at the stages
  std::unique_ptr<kafka::LogWatch> log_watch_;
  std::vector<std::unique_ptr<kafka::SieveRunner>> sieves_;
  std::unique_ptr<kafka::CallLogGroup> group_;
  std::unique_ptr<HttpServer> http_;
  std::set<kafka::NamedPartition> owned_;  ///< by the sieves here, when last observed
};

}  // namespace imdswatch
