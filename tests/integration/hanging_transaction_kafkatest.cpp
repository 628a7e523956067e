#include "kafka_client.hpp"
#include "kafka_room_fixture.hpp"

/// A transaction of which the brokers have lost track (decision 0016), and what ends it (docs/operations.md).
namespace imdswatch::testing {
namespace {

using kafka::test::eventually;

constexpr const char* id = "loses-track";
constexpr const char* topic = "left-open";

class HangingTransaction : public ::testing::Test {
 protected:
  /// The node that leads a partition; -1 for none.
  int leader(const std::string& name, int partition) {
    const rd_kafka_metadata_t* told = nullptr;
    const std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)> asked(rd_kafka_topic_new(asker_.get(), name.c_str(), nullptr), &rd_kafka_topic_destroy);
    if (rd_kafka_metadata(asker_.get(), 0, asked.get(), &told, 10'000) != RD_KAFKA_RESP_ERR_NO_ERROR) return -1;
    const std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)> metadata(told, &rd_kafka_metadata_destroy);
    if (metadata->topic_cnt != 1 || partition >= metadata->topics[0].partition_cnt) return -1;
    return metadata->topics[0].partitions[partition].leader;
  }
  std::int64_t end(const char* isolation) {
    const Client client = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", broker_.bootstrap()}, {"isolation.level", isolation}});
    std::int64_t low = 0, high = 0;
    EXPECT_EQ(rd_kafka_query_watermark_offsets(client.get(), topic, 0, &low, &high, 20'000), RD_KAFKA_RESP_ERR_NO_ERROR);
    return high;
  }
  /// The partition of the transactions' log that `id` belongs to: Java's String.hashCode, without its sign.
  static int partition_of_id(int partitions) {
    std::uint32_t hash = 0;
    for (const char c : std::string_view(id)) hash = hash * 31 + static_cast<unsigned char>(c);
    return static_cast<int>(hash & 0x7fffffffU) % partitions;
  }

  TestBroker broker_{{.brokers = 3, .sasl = false}};
  Client asker_ = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", broker_.bootstrap()}});
};

bool succeeds(rd_kafka_error_t* error) {
  if (error == nullptr) return true;
  ADD_FAILURE() << rd_kafka_error_string(error);
  rd_kafka_error_destroy(error);
  return false;
}

TEST_F(HangingTransaction, OfAPartitionWithoutALeaderAtItsCommitIsAbortedAsOperatorsAreTold) {
  const Client producer = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", broker_.bootstrap()}, {"transactional.id", id}});
  ASSERT_TRUE(succeeds(rd_kafka_init_transactions(producer.get(), 60'000)));
  const int coordinator = leader("__transaction_state", partition_of_id(4));
  ASSERT_GT(coordinator, 0);
  const int alone = coordinator % 3 + 1;
  broker_.create_topic(topic, 1, {{"min.insync.replicas", "1"}}, alone);
  ASSERT_TRUE(succeeds(rd_kafka_begin_transaction(producer.get())));
  ASSERT_EQ(rd_kafka_producev(producer.get(), RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_VALUE(const_cast<char*>("1"), 1), RD_KAFKA_V_END),
            RD_KAFKA_RESP_ERR_NO_ERROR);
  ASSERT_EQ(rd_kafka_flush(producer.get(), 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);

  broker_.kill9(alone);
  ASSERT_TRUE(eventually([&] { return leader(topic, 0) == -1; }));
  ASSERT_TRUE(succeeds(rd_kafka_commit_transaction(producer.get(), 60'000)));
  broker_.start_node(alone);
  ASSERT_EQ(end("read_uncommitted"), 1);
  ASSERT_EQ(end("read_committed"), 0) << "these brokers lose no transaction so: what decision 0016 and docs/operations.md say of them no longer holds";

  EXPECT_EQ(broker_.abort_hanging(), std::string(topic) + " [0] from offset 0");
  EXPECT_EQ(end("read_committed"), 2) << "with the marker";
  EXPECT_EQ(broker_.abort_hanging(), "");
}

}  // namespace
}  // namespace imdswatch::testing
