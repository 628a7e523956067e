#include "daemon/settings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace imdswatch {
namespace {

using namespace std::chrono_literals;

Config config_of(const std::string& yaml) {
  auto config = parse_config(yaml, "test.yaml");
  EXPECT_TRUE(config.ok()) << config.error().message;
  return *config;
}

TEST(Settings, EverythingTheFileSaysOfKafkaReachesTheKafkaRoom) {
  const kafka::KafkaSettings settings = kafka_settings(config_of(R"(
kafka:
  properties: {bootstrap.servers: "a:1", linger.ms: 7}
  raw_topics: [one, "^two-.*"]
  prefix: other
  instance_id: me
  start_at: latest
  shards: 3
  call_log: {topic: c}
  state: {topic: s}
  alerts: {topic: a}
  dead_letters: {topic: d}
)"));
  EXPECT_EQ(settings.properties, (kafka::Properties{{"bootstrap.servers", "a:1"}, {"linger.ms", "7"}}));
  EXPECT_EQ(settings.raw_topics, (std::vector<std::string>{"one", "^two-.*"}));
  EXPECT_EQ(settings.prefix, "other");
  EXPECT_EQ(settings.instance_id, "me");
  EXPECT_TRUE(settings.start_at_latest);
  EXPECT_EQ(settings.shards, 3);
  EXPECT_EQ(settings.topics.call_log, "c");
  EXPECT_EQ(settings.topics.state, "s");
  EXPECT_EQ(settings.topics.alerts, "a");
  EXPECT_EQ(settings.topics.dead_letters, "d");
}

TEST(Settings, EachSieveOfAProcessIsAMemberOfItsOwn) {
  const Config named = config_of("kafka: {instance_id: me}");
  EXPECT_EQ(sieve_settings(named, 0).instance_id, "me-0");
  EXPECT_EQ(sieve_settings(named, 1).instance_id, "me-1");
  EXPECT_EQ(sieve_settings(config_of(""), 1).instance_id, "") << "no static membership unless it is asked for";
}

TEST(Settings, WhatTheFileSaysOfTopicsIsWhatIsMade) {
  const Config config = config_of(R"(
kafka:
  replication_factor: 2
  shards: 3
  call_log: {retention: 11d}
  alerts: {partitions: 4, retention: 12d}
  dead_letters: {partitions: 5, retention: 13d}
)");
  const kafka::TopicPlan plan = topic_plan(config);
  EXPECT_EQ(plan.replication, 2);
  EXPECT_EQ(plan.alert_partitions, 4);
  EXPECT_EQ(plan.dead_letter_partitions, 5);
  EXPECT_EQ(plan.call_log_retention, std::chrono::days{11});
  EXPECT_EQ(plan.alert_retention, std::chrono::days{12});
  EXPECT_EQ(plan.dead_letter_retention, std::chrono::days{13});
  std::vector<std::pair<std::string, int>> made;
  for (const kafka::TopicSpec& topic : kafka::internal_topics(kafka_settings(config), plan)) made.emplace_back(topic.name, topic.partitions);
  std::ranges::sort(made);
  EXPECT_EQ(made, (std::vector<std::pair<std::string, int>>{
                      {"imdswatch.alerts", 4}, {"imdswatch.calls", 3}, {"imdswatch.dead-letters", 5}, {"imdswatch.state", 3}}));
  EXPECT_LT(topic_plan(config_of("")).replication, 1) << "else the broker's default holds";
}

TEST(Settings, TheSievesOfAProcessShareTheProcessTable) {
  const Config config = config_of("sieve: {threads: 4, process_table: 64MiB, progress_every: 2s}\nkafka: {dead_letters: {max_per_second: 3}}\n");
  EXPECT_EQ(sieve_threads(config), 4U);
  const kafka::SieveRunnerConfig sieve = sieve_runner_config(config, sieve_threads(config));
  EXPECT_EQ(sieve.sieve.process_table_bytes, std::size_t{16} << 20);
  EXPECT_EQ(sieve.progress_every, 2s);
  EXPECT_EQ(sieve.dead_letters_per_second, 3);
  EXPECT_GE(sieve_threads(config_of("")), 1U);
}

}  // namespace
}  // namespace imdswatch
