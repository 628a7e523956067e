#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <signal.h>

#include <string>

#include "kafka_broker.hpp"

namespace imdswatch::testing {
namespace {

/// Partitions of `topic`, asked of the broker anew; 0 if it doesn't know the topic, -1 if it does not answer within `timeout_ms`.
int partitions_of(const std::string& bootstrap, const std::string& topic, int timeout_ms) {
  char why[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap.c_str(), why, sizeof why);
  rd_kafka_conf_set(conf, "log_level", "0", why, sizeof why);
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
  rd_kafka_topic_t* handle = rd_kafka_topic_new(client, topic.c_str(), nullptr);
  const rd_kafka_metadata_t* metadata = nullptr;
  const bool answered = rd_kafka_metadata(client, 0, handle, &metadata, timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR;
  const int count = answered ? metadata->topics[0].partition_cnt : -1;
  if (answered) rd_kafka_metadata_destroy(metadata);
  rd_kafka_topic_destroy(handle);
  rd_kafka_destroy(client);
  return count;
}

TEST(TestBroker, KeepsItsTopicsOverAKillAndIsGoneAfterwards) {
  std::string bootstrap;
  {
    TestBroker broker;
    bootstrap = broker.bootstrap();
    broker.create_topic("compacted", 3, {{"cleanup.policy", "compact"}});
    EXPECT_EQ(partitions_of(bootstrap, "compacted", 20'000), 3);
    EXPECT_THROW(broker.create_topic("compacted", 3), std::runtime_error);
    broker.kill9(1);
    EXPECT_EQ(partitions_of(bootstrap, "compacted", 1'000), -1);
    broker.start_node(1);
    EXPECT_EQ(partitions_of(bootstrap, "compacted", 20'000), 3);
  }
  EXPECT_EQ(partitions_of(bootstrap, "compacted", 1'000), -1);
}

TEST(ChildProcess, TellsItsOutputAndHowItEnded) {
  const TemporaryDirectory home;
  const auto out = home.path() / "out";
  ChildProcess child({.binary = "/bin/sh", .arguments = {"-c", "echo $WORD; exit 7"}, .environment = {{"WORD", "hello"}}, .out = out, .err = {}, .in = {}});
  EXPECT_EQ(child.wait(std::chrono::seconds(20)), 7);
  EXPECT_EQ(read_file(out), "hello\n");

  ChildProcess sleeper({.binary = "/bin/sleep", .arguments = {"600"}, .environment = {}, .out = {}, .err = {}, .in = {}});
  EXPECT_EQ(sleeper.wait(std::chrono::milliseconds(10)), std::nullopt);
  sleeper.kill(SIGTERM);
  EXPECT_EQ(sleeper.wait(std::chrono::seconds(20)), 128 + SIGTERM);
}

}  // namespace
}  // namespace imdswatch::testing
