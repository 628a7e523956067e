#include <algorithm>

#include "broker_admin_fixture.hpp"

/// What the program does where the brokers answer, but do not let it: docs/operations.md, "When the brokers fail" and "Permissions".
namespace imdswatch::testing {
namespace {

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

TEST_F(BrokerRefuses, WhatMayNoLongerBeWrittenIsTriedAgainWithAMessageAndThenWrittenOnce) {
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

  deny(broker.bootstrap(), "imdswatch.state", RD_KAFKA_ACL_OPERATION_WRITE);
  EXPECT_TRUE(eventually([&] { return daemon.says("a commit did not end as committed"); }, 60s)) << daemon.log();
  EXPECT_TRUE(eventually([&] { return daemon.says("the shard's turn failed"); }, 10s)) << daemon.log();
  EXPECT_TRUE(daemon.process().running()) << daemon.log();
  const auto detail = daemon.log().find("a commit did not end as committed");
  EXPECT_NE(daemon.log().find("TOPIC_AUTHORIZATION_FAILED", detail), std::string::npos) << daemon.log();
  deny_no_longer(broker.bootstrap(), "imdswatch.state", RD_KAFKA_ACL_OPERATION_WRITE);
  const auto commits = [&] { return number_of(daemon.get("/metrics"), "imdswatch_commits_total{outcome=\"committed\",shard=\"0\"} "); };
  const double before = commits();
  EXPECT_TRUE(eventually([&] { return commits() > before; }, 60s)) << daemon.log();
  daemon.process().kill(SIGTERM);
  EXPECT_EQ(daemon.process().wait(60s), 0) << daemon.log();
  alerts_that_may_not_be_written_are_committed_later_once(broker);
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

}  // namespace
}  // namespace imdswatch::testing
