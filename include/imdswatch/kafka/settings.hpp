#pragma once

#include <map>
#include <string>
#include <vector>

#include "imdswatch/base/result.hpp"

namespace imdswatch::kafka {

/// librdkafka's, by name: the user's `kafka.properties`.
using Properties = std::map<std::string, std::string>;

struct TopicNames {
  std::string call_log = "imdswatch.calls";
  std::string state = "imdswatch.state";
  std::string alerts = "imdswatch.alerts";
  std::string dead_letters = "imdswatch.dead-letters";
};

struct KafkaSettings {
  Properties properties;                ///< at least bootstrap.servers
  std::vector<std::string> raw_topics;  ///< names, or regular expressions that begin with ^ (librdkafka's: POSIX extended)
  TopicNames topics;
  int shards = 1;                       ///< partitions of call log and state
  std::string prefix = "imdswatch";     ///< of group ids and transactional ids
  std::string instance_id;              ///< static membership (group.instance.id) if not empty; unique to the process
  bool start_at_latest = false;         ///< where nothing is committed; else at the earliest

  [[nodiscard]] std::string raw_group() const { return prefix + "-raw"; }
  [[nodiscard]] std::string detector_group() const { return prefix + "-detector"; }
};

/// Refuses what librdkafka does not know and what would break exactly-once, by name and with the reason, each on a line. Needs no broker.
Result<void> check_properties(const Properties& properties);

/// "2.14.2"
std::string library_version();

}  // namespace imdswatch::kafka
