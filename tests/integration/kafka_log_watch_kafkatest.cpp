#include "imdswatch/kafka/log_watch.hpp"
#include "kafka/instant.hpp"
#include "kafka_room_fixture.hpp"

/// What an instance knows of the call log without a shard: how far detection has come, and whether it takes what is written.
namespace imdswatch::kafka::test {
namespace {

EventTime minute(int n) { return event_time_us(1'772'366'400'000'000) + std::chrono::minutes{n}; }

Progress progress_of(int partition, EventTime watermark) {
  Progress out;
  out.source.topic.bytes.back() = 1;
  out.source.partition = Partition{partition};
  out.roster = {{out.source.topic, 2}};
  out.watermark = watermark;
  out.generation = Generation{1};
  out.wall = wall_time_ms(1);
  return out;
}

class LogWatchOfKafkaRoom : public KafkaRoom {
 protected:
  void write(std::string_view key, const std::string& bytes) {
    auto producer = Client::open(settings, Role::call_log_producer, {});
    ASSERT_TRUE(producer.ok());
    ASSERT_EQ(produce(producer->get(), {.topic = settings.topics.call_log, .partition = 0, .key = key, .value = bytes}),
              RD_KAFKA_RESP_ERR_NO_ERROR);
    ASSERT_EQ(rd_kafka_flush(producer->get(), 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  }
  void write(const Progress& progress) { write({}, encode(LogBody{progress})); }
};

TEST_F(LogWatchOfKafkaRoom, TheLogIsWatchedFromBeforeItsEndAndOn) {
  write(progress_of(0, minute(30)));
  write("web-1", "no record that decodes");
  write(progress_of(1, minute(20)));
  LogWatch watch{settings, reporting, std::chrono::hours{1}, 60s};
  ASSERT_TRUE(watch.start().ok());
  EXPECT_TRUE(eventually([&] { return watch.time() == minute(20); }));
  write(progress_of(1, minute(45)));
  EXPECT_TRUE(eventually([&] { return watch.time() == minute(30); }));
  EXPECT_TRUE(facts<PacingChanged>().empty());
}

TEST_F(LogWatchOfKafkaRoom, WhereTheLogIsSilentThereIsNoTimeUntilItIsHeardAgain) {
  write(progress_of(0, minute(30)));
  write(progress_of(1, minute(20)));
  LogWatch watch{settings, reporting, std::chrono::hours{1}, 3s};
  ASSERT_TRUE(watch.start().ok());
  EXPECT_TRUE(eventually([&] { return watch.time() == minute(20); }));
  EXPECT_TRUE(eventually([&] { return !watch.time(); }));
  write(progress_of(1, minute(25)));
  EXPECT_TRUE(eventually([&] { return watch.time() == minute(25); }));
  const auto told = facts<PacingChanged>();
  ASSERT_GE(told.size(), 2U);
  EXPECT_FALSE(told[0].by_call_log);
  EXPECT_EQ(told[0].why, "no progress record was read for 3 s");
  EXPECT_TRUE(told[1].by_call_log);
}

TEST_F(KafkaRoom, ACallLogThatAcknowledgesNothingIsToldAndThatItDoesAgain) {
  config.call_log_stalled_after = 1500ms;
  produce_raw({call_event(0)}, 0);
  SieveRunner runner{settings, config, reporting, {}};
  ASSERT_TRUE(runner.start().ok());
  ASSERT_TRUE(eventually([&] { return runner.figures().call_log_records > 4; }));
  EXPECT_TRUE(facts<CallLogStalled>().empty());
  const auto before = wall_now();
  broker().kill9(1);
  ASSERT_TRUE(eventually([&] { return !facts<CallLogStalled>().empty(); }, 20s));
  ASSERT_TRUE(eventually([&] { return runner.figures().call_log_stalled.has_value(); }, 5s));
  broker().start_node(1);
  ASSERT_TRUE(eventually([&] { return facts<CallLogStalled>().size() == 2; }, 30s));
  const auto told = facts<CallLogStalled>();
  EXPECT_EQ(told[0].partition, (NamedPartition{settings.topics.call_log, Partition{0}}));
  EXPECT_GT(told[0].records, 0U);
  EXPECT_GE(told[0].silent, 1500ms);
  EXPECT_GE(told[0].since, before - 1s);
  EXPECT_FALSE(told[0].over);
  EXPECT_TRUE(told[1].over);
  EXPECT_TRUE(eventually([&] { return !runner.figures().call_log_stalled; }));
}

}  // namespace
}  // namespace imdswatch::kafka::test
