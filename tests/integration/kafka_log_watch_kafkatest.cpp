#include "imdswatch/kafka/log_watch.hpp"
#include "kafka_room_fixture.hpp"

/// An instance without a shard knows how far detection has come.
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

TEST_F(KafkaRoom, TheLogIsWatchedFromBeforeItsEndAndOn) {
  auto producer = Client::open(settings, Role::call_log_producer, {});
  ASSERT_TRUE(producer.ok());
  const auto write = [&](std::string_view key, const std::string& bytes) {
    ASSERT_EQ(produce(producer->get(), {.topic = settings.topics.call_log, .partition = 0, .key = key, .value = bytes}),
              RD_KAFKA_RESP_ERR_NO_ERROR);
    ASSERT_EQ(rd_kafka_flush(producer->get(), 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  };
  write({}, encode(LogBody{progress_of(0, minute(30))}));
  write("web-1", "no record that decodes");
  write({}, encode(LogBody{progress_of(1, minute(20))}));
  LogWatch watch{settings, reporting, std::chrono::hours{1}};
  ASSERT_TRUE(watch.start().ok());
  EXPECT_TRUE(eventually([&] { return watch.time() == minute(20); }));
  write({}, encode(LogBody{progress_of(1, minute(45))}));
  EXPECT_TRUE(eventually([&] { return watch.time() == minute(30); }));
}

}  // namespace
}  // namespace imdswatch::kafka::test
