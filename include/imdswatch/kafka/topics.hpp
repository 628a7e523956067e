#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "imdswatch/kafka/facts.hpp"
#include "imdswatch/kafka/settings.hpp"

namespace imdswatch::kafka {

struct TopicSpec {
  std::string name;
  int partitions = 1;
  bool partitions_fixed = false;               ///< their number may not differ (call log and state: one for each shard)
  int replication = -1;                        ///< below 1: the broker's default
  std::map<std::string, std::string> config;   ///< topic configs, as they must be
};

struct TopicPlan {
  int replication = -1;                        ///< below 1: the broker's default
  int alert_partitions = 1, dead_letter_partitions = 1;
  std::chrono::hours call_log_retention{24 * 30};
  std::chrono::hours alert_retention{24 * 90};
  std::chrono::hours dead_letter_retention{24 * 7};
};

/// Call log, state, alerts and dead letters as this program wants them.
std::vector<TopicSpec> internal_topics(const KafkaSettings& settings, const TopicPlan& plan = {});

struct TopicDifference {
  std::string topic;
  std::string sentence;   ///< what is, what should be, and what to do
  bool essential = false; ///< the program must not run like this
};

struct TopicReport {
  std::vector<std::string> created;
  std::vector<TopicDifference> differences;
  [[nodiscard]] bool usable() const {
    for (const auto& one : differences) {
      if (one.essential) return false;
    }
    return true;
  }
};

/// Compares the topics with `specs`; with `create`, missing ones are made. Existing ones are never changed. Blocks, for
/// `timeout` at most for each question to the brokers, until `stopping` (if given) is set by another thread.
Result<TopicReport> ensure_topics(const KafkaSettings& settings, const std::vector<TopicSpec>& specs, bool create,
                                  const Reporting& reporting, std::chrono::milliseconds timeout = std::chrono::seconds{30},
                                  const std::atomic<bool>* stopping = nullptr);

}  // namespace imdswatch::kafka
