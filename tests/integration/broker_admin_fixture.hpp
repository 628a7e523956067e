#pragma once

#include "daemon_fixture.hpp"
#include "kafka/admin.hpp"
#include "kafka/client.hpp"
#include "kafka_client.hpp"
#include "kafka_room_fixture.hpp"

/// A broker whose topics and permissions change under the program.
namespace imdswatch::testing {

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

  /// By the shard's own outlet; no daemon may hold the shard.
  static void alerts_that_may_not_be_written_are_committed_later_once(const TestBroker& broker) {
    kafka::KafkaSettings settings;
    settings.properties = {{"bootstrap.servers", broker.ssl_bootstrap()}, {"security.protocol", "SASL_SSL"},    {"sasl.mechanism", "SCRAM-SHA-512"},
                           {"sasl.username", TestBroker::user},           {"sasl.password", TestBroker::password}, {"ssl.ca.location", broker.ca_file().string()}};
    std::string why;
    const kafka::Reporting reporting{{}, [&](const kafka::KafkaFact& fact) {
                                       if (const auto* one = std::get_if<kafka::ShardCommitted>(&fact)) why = one->detail;
                                     }};
    const std::atomic<bool> stopping{false};
    kafka::KafkaCommitOutlet outlet{settings, reporting, Shard{0}, stopping, [&] {
                                      return kafka::GroupMetadataHandle{rd_kafka_consumer_group_metadata_new(settings.detector_group().c_str())};
                                    }};
    std::vector<Alert> alerts(1);
    alerts[0].key = "web-1";
    alerts[0].json = "{}";
    deny(broker.bootstrap(), "imdswatch.alerts", RD_KAFKA_ACL_OPERATION_WRITE);
    ASSERT_TRUE(outlet.open().ok());
    EXPECT_EQ(outlet.commit({alerts, {}, Offset{1}}), CommitOutcome::aborted);
    EXPECT_NE(why.find("TOPIC_AUTHORIZATION_FAILED"), std::string::npos) << why;
    EXPECT_NE(why.find("docs/operations.md lists under Permissions"), std::string::npos) << why;
    deny_no_longer(broker.bootstrap(), "imdswatch.alerts", RD_KAFKA_ACL_OPERATION_WRITE);
    ASSERT_TRUE(outlet.open().ok());
    EXPECT_EQ(outlet.commit({alerts, {}, Offset{1}}), CommitOutcome::committed);
    EXPECT_EQ(read_committed(broker.bootstrap(), "imdswatch.alerts", 2s, [](const auto&) { return false; }).size(), 1U);
  }

  /// What stands behind `name` in the text; 0 where it does not.
  static double number_of(const std::string& text, const std::string& name) {
    const auto at = text.find(name);
    return at == std::string::npos ? 0 : std::atof(text.c_str() + at + name.size());
  }

  TemporaryDirectory folder_;
};

}  // namespace imdswatch::testing
