#include <algorithm>

#include "daemon_fixture.hpp"
#include "kafka/admin.hpp"
#include "kafka/client.hpp"
#include "kafka_client.hpp"
#include "kafka_room_fixture.hpp"

/// What the program does where the brokers answer, but not as they should: docs/operations.md, "When the brokers fail".
namespace imdswatch::testing {
namespace {

using kafka::AclBindingHandle;

class BrokerRefuses : public ::testing::Test {
 protected:
  static kafka::Client admin(const std::string& bootstrap) {
    kafka::KafkaSettings settings;
    settings.properties = {{"bootstrap.servers", bootstrap}};
    auto client = kafka::Client::open(settings, kafka::Role::admin, {});
    if (!client) throw std::runtime_error(client.error().message);
    return *std::move(client);
  }

  static void delete_topic(const std::string& bootstrap, const char* name) {
    const auto client = admin(bootstrap);
    rd_kafka_DeleteTopic_t* topics[] = {rd_kafka_DeleteTopic_new(name)};
    const auto done = kafka::admin_call(client.get(), RD_KAFKA_ADMIN_OP_DELETETOPICS, 30s, "delete topic", [&](auto* options, auto* queue) {
      rd_kafka_DeleteTopics(client.get(), topics, 1, options, queue);
    });
    rd_kafka_DeleteTopic_destroy(topics[0]);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  /// For the user of the SASL listener. A name that ends with * is a prefix.
  static AclBindingHandle rule(rd_kafka_ResourceType_t type, std::string name, rd_kafka_AclOperation_t operation, rd_kafka_AclPermissionType_t permission) {
    const bool prefix = name.ends_with('*');
    if (prefix) name.pop_back();
    char why[256];
    AclBindingHandle out{rd_kafka_AclBinding_new(type, name.c_str(), prefix ? RD_KAFKA_RESOURCE_PATTERN_PREFIXED : RD_KAFKA_RESOURCE_PATTERN_LITERAL,
                                                 (std::string{"User:"} + TestBroker::user).c_str(), "*", operation, permission, why, sizeof why)};
    if (!out) throw std::runtime_error(why);
    return out;
  }

  static void create(const std::string& bootstrap, const std::vector<AclBindingHandle>& rules) {
    const auto client = admin(bootstrap);
    std::vector<rd_kafka_AclBinding_t*> raw;
    for (const auto& one : rules) raw.push_back(one.get());
    const auto done = kafka::admin_call(client.get(), RD_KAFKA_ADMIN_OP_CREATEACLS, 30s, "create ACLs", [&](auto* options, auto* queue) {
      rd_kafka_CreateAcls(client.get(), raw.data(), raw.size(), options, queue);
    });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  static void grant(const std::string& bootstrap, rd_kafka_ResourceType_t type, const std::string& name, const std::vector<rd_kafka_AclOperation_t>& operations) {
    std::vector<AclBindingHandle> rules;
    for (const auto operation : operations) rules.push_back(rule(type, name, operation, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW));
    create(bootstrap, rules);
  }

  /// Over what is granted.
  static void deny(const std::string& bootstrap, const std::string& topic, rd_kafka_AclOperation_t operation) {
    std::vector<AclBindingHandle> rules;
    rules.push_back(rule(RD_KAFKA_RESOURCE_TOPIC, topic, operation, RD_KAFKA_ACL_PERMISSION_TYPE_DENY));
    create(bootstrap, rules);
  }

  static void deny_no_longer(const std::string& bootstrap, const std::string& topic, rd_kafka_AclOperation_t operation) {
    const auto client = admin(bootstrap);
    char why[256];
    const AclBindingHandle filter{rd_kafka_AclBindingFilter_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str(), RD_KAFKA_RESOURCE_PATTERN_LITERAL, nullptr,
                                                                nullptr, operation, RD_KAFKA_ACL_PERMISSION_TYPE_DENY, why, sizeof why)};
    ASSERT_TRUE(filter) << why;
    rd_kafka_AclBindingFilter_t* raw[] = {filter.get()};
    const auto done = kafka::admin_call(client.get(), RD_KAFKA_ADMIN_OP_DELETEACLS, 30s, "delete ACLs", [&](auto* options, auto* queue) {
      rd_kafka_DeleteAcls(client.get(), raw, 1, options, queue);
    });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  void runs_until_it_has_committed(const Daemon::Options& options) {
    Daemon daemon(folder_.path(), "run", options);
    ASSERT_TRUE(eventually([&] { return daemon.has_committed(); }, 90s)) << daemon.log();
    daemon.process().kill(SIGTERM);
    EXPECT_EQ(daemon.process().wait(60s), 0) << daemon.log();
  }

  /// The sieve's committed offset of the only partition; -1 without.
  static std::int64_t committed_of_events(const std::string& bootstrap) {
    kafka::KafkaSettings settings;
    settings.properties = {{"bootstrap.servers", bootstrap}};
    settings.raw_topics = {"endpoint-events"};
    const auto client = kafka::Client::open(settings, kafka::Role::raw_consumer, {});
    const kafka::NamedPartition events{"endpoint-events", Partition{0}};
    const auto committed = kafka::committed_offsets(client->get(), {events}, 10s);
    return committed.ok() && committed->contains(events) ? committed->at(events).next.value() : -1;
  }

  /// All of docs/operations.md's table but Create.
  static void grant_what_it_needs(const std::string& bootstrap) {
    for (const char* topic : {"imdswatch.calls", "imdswatch.state"}) {
      grant(bootstrap, RD_KAFKA_RESOURCE_TOPIC, topic,
            {RD_KAFKA_ACL_OPERATION_READ, RD_KAFKA_ACL_OPERATION_WRITE, RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS});
    }
    for (const char* topic : {"imdswatch.alerts", "imdswatch.dead-letters"}) {
      grant(bootstrap, RD_KAFKA_RESOURCE_TOPIC, topic, {RD_KAFKA_ACL_OPERATION_WRITE, RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS});
    }
    grant(bootstrap, RD_KAFKA_RESOURCE_GROUP, "imdswatch-*", {RD_KAFKA_ACL_OPERATION_READ});
    grant(bootstrap, RD_KAFKA_RESOURCE_TOPIC, "endpoint-events", {RD_KAFKA_ACL_OPERATION_READ});
    grant(bootstrap, RD_KAFKA_RESOURCE_TRANSACTIONAL_ID, "imdswatch-shard-*", {RD_KAFKA_ACL_OPERATION_WRITE});
  }

  static TestBroker::Options with_acls() {
    return {.brokers = 1,
            .sasl = true,
            .properties = {"authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users=User:ANONYMOUS"}};
  }

  static Daemon::Options as_user(const TestBroker& broker) {
    return {.bootstrap = broker.ssl_bootstrap(),
            .properties = {"security.protocol: SASL_SSL", "sasl.mechanism: SCRAM-SHA-512", std::string("sasl.username: ") + TestBroker::user,
                           std::string("sasl.password: ") + TestBroker::password, "ssl.ca.location: " + broker.ca_file().string()},
            .kafka = {}};
  }

  TemporaryDirectory folder_;
};

TEST_F(BrokerRefuses, APermissionThatIsMissingIsNamedAndEndsIt) {
  TestBroker broker(with_acls());
  broker.create_topic("endpoint-events", 2);
  {
    Daemon superuser(folder_.path(), "superuser", {.bootstrap = broker.bootstrap(), .properties = {}, .kafka = {}});  // makes the topics
    ASSERT_TRUE(superuser.becomes_ready()) << superuser.log();
  }
  const Daemon::Options options = as_user(broker);
  int starts = 0;
  const auto ends_naming = [&](const std::string& what, const std::string& code) {
    Daemon daemon(folder_.path(), "run-" + std::to_string(++starts), options);
    EXPECT_EQ(daemon.process().wait(60s), 1) << daemon.log();
    const std::string log = daemon.log(), last = log.substr(log.find("stopped: it cannot go on"));
    EXPECT_NE(last.find(what), std::string::npos) << log;
    EXPECT_NE(last.find(code), std::string::npos) << log;
    EXPECT_NE(last.find("docs/operations.md lists under Permissions"), std::string::npos) << log;
  };
  ends_naming("imdswatch.calls", "TOPIC_AUTHORIZATION_FAILED");
  for (const char* topic : {"imdswatch.calls", "imdswatch.state"}) {
    grant(broker.bootstrap(), RD_KAFKA_RESOURCE_TOPIC, topic,
          {RD_KAFKA_ACL_OPERATION_READ, RD_KAFKA_ACL_OPERATION_WRITE, RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS});
  }
  for (const char* topic : {"imdswatch.alerts", "imdswatch.dead-letters"}) {
    grant(broker.bootstrap(), RD_KAFKA_RESOURCE_TOPIC, topic, {RD_KAFKA_ACL_OPERATION_WRITE, RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS});
  }
  ends_naming("imdswatch-", "GROUP_AUTHORIZATION_FAILED");
  grant(broker.bootstrap(), RD_KAFKA_RESOURCE_GROUP, "imdswatch-*", {RD_KAFKA_ACL_OPERATION_READ});
  ends_naming("endpoint-events", "TOPIC_AUTHORIZATION_FAILED");
  grant(broker.bootstrap(), RD_KAFKA_RESOURCE_TOPIC, "endpoint-events", {RD_KAFKA_ACL_OPERATION_READ});
  ends_naming("shard 0", "TRANSACTIONAL_ID_AUTHORIZATION_FAILED");
  grant(broker.bootstrap(), RD_KAFKA_RESOURCE_TRANSACTIONAL_ID, "imdswatch-shard-*", {RD_KAFKA_ACL_OPERATION_WRITE});
  Daemon daemon(folder_.path(), "granted", options);
  EXPECT_TRUE(daemon.becomes_ready()) << daemon.log();
  EXPECT_TRUE(eventually([&] { return daemon.has_committed(); }, 60s)) << "what is granted is all that it needs:\n" << daemon.log();
  daemon.process().kill(SIGTERM);
  EXPECT_EQ(daemon.process().wait(60s), 0) << daemon.log();
}

TEST_F(BrokerRefuses, ToMakeItsTopicsItNeedsToBeAllowedTo) {
  TestBroker broker(with_acls());
  broker.create_topic("endpoint-events", 2);
  grant_what_it_needs(broker.bootstrap());
  Daemon refused(folder_.path(), "refused", as_user(broker));
  EXPECT_EQ(refused.process().wait(60s), 1) << refused.log();
  EXPECT_TRUE(refused.says("create topic imdswatch.calls")) << refused.log();
  EXPECT_TRUE(refused.says("docs/operations.md lists under Permissions")) << refused.log();
  grant(broker.bootstrap(), RD_KAFKA_RESOURCE_TOPIC, "imdswatch.*", {RD_KAFKA_ACL_OPERATION_CREATE});
  Daemon granted(folder_.path(), "granted", as_user(broker));
  EXPECT_TRUE(granted.becomes_ready()) << granted.log();
  granted.process().kill(SIGTERM);
  EXPECT_EQ(granted.process().wait(60s), 0) << granted.log();
}

TEST_F(BrokerRefuses, WhereTheCallLogMayNoLongerBeWrittenItWaitsAndThenTellsEachCallOnce) {
  TestBroker broker(with_acls());
  broker.create_topic("endpoint-events", 1);
  grant_what_it_needs(broker.bootstrap());
  grant(broker.bootstrap(), RD_KAFKA_RESOURCE_TOPIC, "imdswatch.*", {RD_KAFKA_ACL_OPERATION_CREATE});
  Daemon daemon(folder_.path(), "run", as_user(broker));
  ASSERT_TRUE(daemon.becomes_ready()) << daemon.log();
  produce(broker.bootstrap(), "endpoint-events", 0, {kafka::test::call_event(0), kafka::test::call_event(1)});
  const auto calls = [&](const std::string& until) {
    const auto of = [](const std::vector<std::string>& records, const std::string& id) {
      return std::ranges::count_if(records, [&](const std::string& one) { return one.find("\"" + id + "\"") != std::string::npos; });
    };
    const auto all = read_committed(broker.bootstrap(), "imdswatch.calls", 30s, [&](const auto& seen) { return of(seen, until) > 0; });
    return std::vector{of(all, "e0"), of(all, "e1"), of(all, "e2")};
  };
  EXPECT_EQ(calls("e1"), (std::vector<std::ptrdiff_t>{1, 1, 0})) << daemon.log();
  // What is written and not yet committed is written again after the trouble, and the detector drops it: that is not asked here.
  ASSERT_TRUE(eventually([&] { return committed_of_events(broker.bootstrap()) == 2; }, 30s)) << daemon.log();
  deny(broker.bootstrap(), "imdswatch.calls", RD_KAFKA_ACL_OPERATION_WRITE);
  produce(broker.bootstrap(), "endpoint-events", 0, {kafka::test::call_event(2)});
  EXPECT_TRUE(eventually([&] { return daemon.says("calls could not be written"); }, 60s)) << daemon.log();
  EXPECT_TRUE(daemon.process().running()) << daemon.log();
  deny_no_longer(broker.bootstrap(), "imdswatch.calls", RD_KAFKA_ACL_OPERATION_WRITE);
  produce(broker.bootstrap(), "endpoint-events", 0, {kafka::test::call_event(3)});
  EXPECT_EQ(calls("e3"), (std::vector<std::ptrdiff_t>{1, 1, 1})) << daemon.log();
  EXPECT_EQ(daemon.readiness(), 200) << daemon.get("/readyz");
  daemon.process().kill(SIGTERM);
  EXPECT_EQ(daemon.process().wait(60s), 0) << daemon.log();
}

TEST_F(BrokerRefuses, ASieveThatMayNotReadTheCallLogSaysThatItsOwnSourcesPaceAndWorks) {
  TestBroker broker(with_acls());
  broker.create_topic("endpoint-events", 1);
  {
    Daemon superuser(folder_.path(), "superuser", {.bootstrap = broker.bootstrap(), .properties = {}, .kafka = {}});  // makes the topics
    ASSERT_TRUE(superuser.becomes_ready()) << superuser.log();
  }
  grant_what_it_needs(broker.bootstrap());
  Daemon::Options options = as_user(broker);
  options.further = {"roles: [sieve]"};
  Daemon daemon(folder_.path(), "run", options);
  ASSERT_TRUE(daemon.becomes_ready()) << daemon.log();
  std::this_thread::sleep_for(5s);
  EXPECT_FALSE(daemon.says("wait for each other alone")) << daemon.log();
  deny(broker.bootstrap(), "imdswatch.calls", RD_KAFKA_ACL_OPERATION_READ);
  EXPECT_TRUE(eventually([&] { return daemon.says("wait for each other alone"); }, 45s)) << daemon.log();
  EXPECT_TRUE(daemon.says("TOPIC_AUTHORIZATION_FAILED")) << daemon.log();
  EXPECT_EQ(daemon.readiness(), 200) << daemon.get("/readyz");
  deny_no_longer(broker.bootstrap(), "imdswatch.calls", RD_KAFKA_ACL_OPERATION_READ);
  EXPECT_TRUE(eventually([&] { return daemon.says("wait for the detector's time again"); }, 45s)) << daemon.log();
  daemon.process().kill(SIGTERM);
  EXPECT_EQ(daemon.process().wait(60s), 0) << daemon.log();
}

TEST_F(BrokerRefuses, AnotherNumberOfPartitionsThanShardsIsAWrongConfiguration) {
  TestBroker broker;
  broker.create_topic("endpoint-events", 1);
  broker.create_topic("imdswatch.calls", 3, {{"message.timestamp.type", "LogAppendTime"}});
  Daemon daemon(folder_.path(), "run", {.bootstrap = broker.bootstrap(), .properties = {}, .kafka = {"shards: 2"}});
  EXPECT_EQ(daemon.process().wait(60s), 78) << daemon.log();
  EXPECT_TRUE(daemon.says("imdswatch.calls has 3 partitions, but the configuration says 2 shards")) << daemon.log();
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
  ASSERT_TRUE(eventually([&] { return daemon.has_committed(); }, 90s)) << daemon.log();
  delete_topic(broker.bootstrap(), "endpoint-events");
  EXPECT_TRUE(eventually([&] { return daemon.says("UNKNOWN_TOPIC_OR_PART"); }, 60s)) << daemon.log();
  broker.create_topic("endpoint-events", 2);
  const auto starts = [&] {
    int count = 0;
    const std::string log = daemon.log(), words = "reading begins";
    for (auto at = log.find(words); at != std::string::npos; at = log.find(words, at + 1)) ++count;
    return count;
  };
  EXPECT_TRUE(eventually([&] { return starts() == 4; }, 60s)) << "two partitions, twice:\n" << daemon.log();
  EXPECT_TRUE(daemon.becomes_ready()) << daemon.log();
  daemon.process().kill(SIGTERM);
  EXPECT_EQ(daemon.process().wait(60s), 0) << daemon.log();
}

}  // namespace
}  // namespace imdswatch::testing
