#include "settings.hpp"

#include <algorithm>
#include <string>
#include <random>
#include <thread>

#include "huge_pages.hpp"

namespace imdswatch {

kafka::KafkaSettings kafka_settings(const Config& config) {
  kafka::KafkaSettings out;
  out.properties = config.kafka.properties;
  out.raw_topics = config.kafka.raw_topics;
  out.topics = {config.kafka.call_log.name, config.kafka.state.name, config.kafka.alerts.name, config.kafka.dead_letters.name};
  out.shards = config.kafka.shards;
  out.prefix = config.kafka.prefix;
  out.instance_id = config.kafka.instance_id;
  out.start_at_latest = config.kafka.start_at_latest;
  return out;
}

kafka::KafkaSettings sieve_settings(const Config& config, std::size_t index) {
  kafka::KafkaSettings out = kafka_settings(config);
  if (!out.instance_id.empty()) out.instance_id += "-" + std::to_string(index);
  return out;
}

kafka::SieveRunnerConfig sieve_runner_config(const Config& config, std::size_t threads) {
  kafka::SieveRunnerConfig out;
  out.sieve = config.sieve;
  out.sieve.process_table_bytes /= threads;
  out.sieve.table_memory = huge_pages();
  std::random_device random;
  out.sieve.hash_seed = std::uint64_t{random()} << 32 | random();
  out.progress_every = config.progress_every;
  out.commit_every = config.commit_every;
  out.dead_letters_per_second = config.kafka.dead_letters_per_second;
  return out;
}

std::size_t sieve_threads(const Config& config) {
  if (config.sieve_threads > 0) return static_cast<std::size_t>(config.sieve_threads);
  return std::max(1U, std::thread::hardware_concurrency());
}

kafka::TopicPlan topic_plan(const Config& config) {
  kafka::TopicPlan out;
  if (config.kafka.replication_factor > 0) out.replication = config.kafka.replication_factor;
  out.alert_partitions = config.kafka.alerts.partitions;
  out.dead_letter_partitions = config.kafka.dead_letters.partitions;
  out.call_log_retention = config.kafka.call_log.retention;
  out.alert_retention = config.kafka.alerts.retention;
  out.dead_letter_retention = config.kafka.dead_letters.retention;
  return out;
}

}  // namespace imdswatch
