#include "broker_admin_fixture.hpp"

/// What the program does where the brokers answer, but not as they should: docs/operations.md, "When the brokers fail".
namespace imdswatch::testing {
namespace {

TEST_F(BrokerRefuses, WhatIsWrongWithTheConfigurationAndShowsOnlyAtTheBrokersEndsItThoughAStageIsStarted) {
  TestBroker broker;
  broker.create_topic("endpoint-events", 1);
  broker.create_topic("imdswatch.calls", 3, {{"message.timestamp.type", "LogAppendTime"}});
  Daemon daemon(folder_.path(), "run", {.bootstrap = broker.bootstrap(), .properties = {}, .kafka = {"shards: 2"}});
  EXPECT_EQ(daemon.process().wait(60s), 78) << daemon.log();
  EXPECT_TRUE(daemon.says("imdswatch.calls has 3 partitions, but the configuration says 2 shards")) << daemon.log();
  EXPECT_FALSE(daemon.says("stopping: draining")) << "nothing was started";
  // Only an idempotent producer refuses this, and the detector's group stands before the sieve opens its own.
  Daemon half(folder_.path(), "half",
              {.bootstrap = broker.bootstrap(),
               .properties = {"max.in.flight.requests.per.connection: 6"},
               .kafka = {"shards: 2", "call_log: {topic: other.calls}"}});
  EXPECT_EQ(half.process().wait(50s), 78) << half.log();
  const std::string log = half.log();
  const auto stopping = log.find("stopping: draining and committing"), stopped = log.find("stopped: it cannot go on");
  ASSERT_NE(stopping, std::string::npos) << "what was started is stopped in good order:\n" << log;
  EXPECT_GT(stopped, stopping) << log;
  EXPECT_NE(log.find("max.in.flight", stopped), std::string::npos) << log;
}

TEST_F(BrokerRefuses, OfTwoProcessesWithOneInstanceIdTheOlderIsFencedAndEndsAndTheOtherWorks) {
  TestBroker broker;
  broker.create_topic("endpoint-events", 2);
  const Daemon::Options options{.bootstrap = broker.bootstrap(), .properties = {}, .kafka = {"instance_id: one"}};
  Daemon older(folder_.path(), "older", options);
  ASSERT_TRUE(older.becomes_ready()) << older.log();
  Daemon younger(folder_.path(), "younger", options);
  EXPECT_EQ(older.process().wait(60s), 1) << older.log();
  EXPECT_TRUE(older.says("FENCED_INSTANCE_ID")) << older.log();
  EXPECT_TRUE(older.says("give each process a kafka.instance_id of its own")) << older.log();
  EXPECT_TRUE(older.says("joining the group anew, once")) << "it might have been fenced by itself:\n" << older.log();
  EXPECT_TRUE(eventually([&] { return younger.has_committed(); }, 60s)) << younger.log();
  EXPECT_TRUE(younger.becomes_ready()) << younger.log();
  younger.process().kill(SIGTERM);
  EXPECT_EQ(younger.process().wait(60s), 0) << younger.log();
}

TEST_F(BrokerRefuses, AStateTopicThatWasDeletedIsToldAndNoAlertIsToldAgain) {
  TestBroker broker;
  broker.create_topic("endpoint-events", 2);
  const Daemon::Options options{.bootstrap = broker.bootstrap(), .properties = {}, .kafka = {}};
  ASSERT_NO_FATAL_FAILURE(runs_until_it_has_committed(options));
  delete_topic(broker.bootstrap(), "imdswatch.state");
  Daemon again(folder_.path(), "again", options);  // makes the topic anew, and finds it empty
  EXPECT_EQ(again.process().wait(60s), 1) << again.log();
  EXPECT_TRUE(again.says("the state topic imdswatch.state is empty, but the group imdswatch-detector has committed offset")) << again.log();
}

TEST_F(BrokerRefuses, ACallLogThatWasMadeAnewIsToldThoughItHasTheOffsetToGoOnFrom) {
  TestBroker broker;
  broker.create_topic("endpoint-events", 2);
  const Daemon::Options options{.bootstrap = broker.bootstrap(), .properties = {}, .kafka = {}};
  ASSERT_NO_FATAL_FAILURE(runs_until_it_has_committed(options));
  {
    Daemon unharmed(folder_.path(), "unharmed", options);
    EXPECT_TRUE(unharmed.becomes_ready()) << unharmed.log();
    unharmed.process().kill(SIGTERM);
    EXPECT_EQ(unharmed.process().wait(60s), 0) << unharmed.log();
  }
  delete_topic(broker.bootstrap(), "imdswatch.calls");
  const auto client = admin(broker.bootstrap());
  ASSERT_TRUE(eventually([&] {
    const auto left = kafka::describe_topics(client.get(), {"imdswatch.calls"}, 10s);
    return left.ok() && left->empty();
  }, 30s));
  broker.create_topic("imdswatch.calls", 1, {{"message.timestamp.type", "LogAppendTime"}});
  produce(broker.bootstrap(), "imdswatch.calls", 0, std::vector<std::string>(10'000, "another one's record"));
  Daemon again(folder_.path(), "again", options);
  EXPECT_EQ(again.process().wait(60s), 1) << again.log();
  EXPECT_TRUE(again.says("imdswatch.calls was deleted and made anew: its id is ")) << again.log();
  EXPECT_TRUE(again.says("Begin anew with a kafka.prefix and topics of its own")) << again.log();
}

TEST_F(BrokerRefuses, AStateTopicThatIsDeletedUnderItIsMissedAndDoesNotComeBackByItself) {
  TestBroker broker({.brokers = 1, .sasl = false, .properties = {"auto.create.topics.enable=true"}});
  broker.create_topic("endpoint-events", 1);
  const Daemon::Options options{.bootstrap = broker.bootstrap(), .properties = {"transaction.timeout.ms: 10000"}, .kafka = {}};
  Daemon daemon(folder_.path(), "run", options);
  ASSERT_TRUE(eventually([&] { return daemon.has_committed(); }, 90s)) << daemon.log();
  delete_topic(broker.bootstrap(), "imdswatch.state");
  produce(broker.bootstrap(), "endpoint-events", 0, {kafka::test::call_event(0), kafka::test::call_event(1)});
  EXPECT_TRUE(eventually([&] { return daemon.says("the shard's turn failed"); }, 120s)) << daemon.log();
  std::this_thread::sleep_for(5s);  // it tries again
  const auto client = admin(broker.bootstrap());
  const auto there = kafka::describe_topics(client.get(), {"imdswatch.state"}, 10s);
  ASSERT_TRUE(there.ok());
  EXPECT_TRUE(there->empty()) << daemon.log();
  EXPECT_TRUE(daemon.process().running()) << daemon.log();
  daemon.process().kill(SIGTERM);
  EXPECT_EQ(daemon.process().wait(60s), 0) << daemon.log();
  Daemon again(folder_.path(), "again", options);
  EXPECT_EQ(again.process().wait(60s), 1) << again.log();
  EXPECT_TRUE(again.says("the state topic imdswatch.state is empty, but the group")) << again.log();
}

TEST_F(BrokerRefuses, ARawTopicThatWasDeletedIsWaitedForAndReadAgainOnceItIsMadeAnew) {
  TestBroker broker;
  broker.create_topic("endpoint-events", 2);
  Daemon daemon(folder_.path(), "run", {.bootstrap = broker.bootstrap(), .properties = {"topic.metadata.refresh.interval.ms: 1000"}, .kafka = {}});
  const auto starts = [&] {
    int count = 0;
    const std::string log = daemon.log(), words = "reading begins";
    for (auto at = log.find(words); at != std::string::npos; at = log.find(words, at + 1)) ++count;
    return count;
  };
  ASSERT_TRUE(eventually([&] { return daemon.has_committed() && starts() == 2; }, 90s)) << daemon.log();
  delete_topic(broker.bootstrap(), "endpoint-events");
  EXPECT_TRUE(eventually([&] { return daemon.says("UNKNOWN_TOPIC_OR_PART"); }, 60s)) << daemon.log();
  broker.create_topic("endpoint-events", 2);
  EXPECT_TRUE(eventually([&] { return starts() == 4; }, 60s)) << "two partitions, twice:\n" << daemon.log();
  EXPECT_TRUE(daemon.becomes_ready()) << daemon.log();
  daemon.process().kill(SIGTERM);
  EXPECT_EQ(daemon.process().wait(60s), 0) << daemon.log();
}

}  // namespace
}  // namespace imdswatch::testing
