#include "kafka/call_log_writer.hpp"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <memory>

/// Against librdkafka's own mock of a broker, which refuses as it is told to.
namespace imdswatch::kafka {
namespace {

using namespace std::chrono_literals;

struct MockBroker {
  using Cluster = std::unique_ptr<rd_kafka_mock_cluster_t, Destroyer<rd_kafka_mock_cluster_destroy>>;
  KafkaHandle host;
  Cluster cluster;
  MockBroker() {
    std::array<char, 256> why{};
    host.reset(rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why.data(), why.size()));
    cluster.reset(rd_kafka_mock_cluster_new(host.get(), 1));
    static_cast<void>(rd_kafka_mock_topic_create(cluster.get(), "imdswatch.calls", 2, 1));
  }
  void refuse_produce(rd_kafka_resp_err_t code, std::size_t times) const {
    constexpr std::int16_t produce_key = 0;
    const std::vector<rd_kafka_resp_err_t> errors(times, code);
    rd_kafka_mock_push_request_errors_array(cluster.get(), produce_key, errors.size(), errors.data());
  }
};

TEST(CallLogWriter, TooFewInSyncReplicasAreTriedAgainInSilenceSoTheSilenceIsTold) {
  const MockBroker broker;
  std::vector<CallLogStalled> told;
  bool any_other = false;
  const Reporting reporting{{}, [&](const KafkaFact& fact) {
                              if (const auto* one = std::get_if<CallLogStalled>(&fact)) told.push_back(*one);
                              else any_other = true;
                            }};
  KafkaSettings settings;
  settings.properties = {{"bootstrap.servers", rd_kafka_mock_cluster_bootstraps(broker.cluster.get())}, {"retry.backoff.ms", "20"}, {"retry.backoff.max.ms", "20"}};
  settings.shards = 2;
  CallLogWriter writer{settings, reporting, 300ms};
  ASSERT_TRUE(writer.reopen().ok());
  const auto until = [&](const auto& done) {
    for (const auto end = std::chrono::steady_clock::now() + 20s; !done() && std::chrono::steady_clock::now() < end;) writer.poll(10);
    return done();
  };
  writer.write(Shard{1}, "web-1", "one");
  ASSERT_TRUE(until([&] { return writer.written() == 1; }));
  told.clear();  // the first connection may have taken as long
  broker.refuse_produce(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, 40);
  writer.write(Shard{1}, "web-1", "two");
  ASSERT_TRUE(until([&] { return !told.empty(); }));
  EXPECT_EQ(told[0].partition, (NamedPartition{"imdswatch.calls", Partition{1}}));
  EXPECT_EQ(told[0].records, 1U);
  EXPECT_GE(told[0].silent, 300ms);
  EXPECT_FALSE(told[0].over);
  EXPECT_FALSE(any_other) << "nothing else would have told";
  EXPECT_FALSE(writer.failure()) << *writer.failure();
  ASSERT_TRUE(writer.stalled());
  ASSERT_TRUE(until([&] { return told.size() == 2; }));
  EXPECT_TRUE(told[1].over);
  EXPECT_EQ(writer.written(), 2U);
  EXPECT_FALSE(writer.stalled());
}

}  // namespace
}  // namespace imdswatch::kafka
