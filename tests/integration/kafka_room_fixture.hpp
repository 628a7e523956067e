#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "imdswatch/calllog/record.hpp"
#include "imdswatch/kafka/call_log_group.hpp"
#include "imdswatch/kafka/sieve_runner.hpp"
#include "imdswatch/kafka/topics.hpp"
#include "kafka/admin.hpp"
#include "kafka/client.hpp"
#include "kafka/produce.hpp"
#include "kafka/shard_doors.hpp"
#include "kafka_broker.hpp"

/// The kafka room against a real broker, with topics of each test's own.
namespace imdswatch::kafka::test {

using namespace std::chrono_literals;

/// Waits for what another thread or the broker does; the time is only a limit.
inline bool eventually(const std::function<bool()>& done, std::chrono::seconds limit = 60s) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!done()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

struct Record {
  std::string key, value;
  std::map<std::string, std::string> headers;
  bool tombstone = false;
};

inline std::vector<Record> read_all(const KafkaSettings& settings, const std::string& topic, int partitions, bool uncommitted = false) {
  auto client = Client::open(settings, uncommitted ? Role::log_reader : Role::state_reader, {});
  std::vector<NamedPartition> all;
  for (int i = 0; i < partitions; ++i) all.push_back({topic, Partition{i}});
  const auto list = to_list(all);
  for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = RD_KAFKA_OFFSET_BEGINNING;
  EXPECT_EQ(rd_kafka_assign(client->get(), list.get()), RD_KAFKA_RESP_ERR_NO_ERROR);
  std::vector<Record> out;
  for (int ends = 0; ends < partitions;) {
    const MessageHandle message{rd_kafka_consumer_poll(client->get(), 30'000)};
    if (!message) {
      ADD_FAILURE() << "no end of " << topic;
      break;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) ++ends;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    Record record{{static_cast<const char*>(message->key), message->key_len}, {}, {}, message->payload == nullptr};
    if (!record.tombstone) record.value.assign(static_cast<const char*>(message->payload), message->len);
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(message.get(), &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
      const char* name = nullptr;
      const void* value = nullptr;
      std::size_t size = 0;
      for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
        record.headers[name] = {static_cast<const char*>(value), size};
      }
    }
    out.push_back(std::move(record));
  }
  return out;
}

inline std::string call_event(int number) {
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const auto time = "2026-03-02T10:" + two(number / 60 % 60) + ":" + two(number % 60) + ".000Z";
  return R"({"@timestamp":")" + time + R"(","agent":{"type":"endpoint","id":"a"},"ecs":{"version":"8.10.0"},"event":{"id":"e)" +
         std::to_string(number) +
         R"(","module":"endpoint","dataset":"endpoint.events.network","category":["network"],"type":["start"],"action":"connection_attempted"},)"
         R"("data_stream":{"dataset":"endpoint.events.network"},"host":{"name":"web-)" +
         std::to_string(number % 3) +
         R"(","os":{"type":"windows","family":"windows","name":"Windows"}},"process":{"name":"curl.exe","executable":"C:\\T\\curl.exe","pid":7,)"
         R"("entity_id":"x"},"user":{"name":"a","domain":"D","id":"S-1-5-21-1"},"network":{"direction":"egress","transport":"tcp"},)"
         R"("destination":{"ip":"169.254.169.254","port":80},"source":{"ip":"10.0.0.1","port":5000}})";
}

class KafkaRoom : public ::testing::Test {
 protected:
  /// One for all tests of the executable.
  static imdswatch::testing::TestBroker& broker() {
    static imdswatch::testing::TestBroker one;
    return one;
  }

  void SetUp() override {
    static std::atomic<int> number{0};
    const auto id = "t" + std::to_string(getpid()) + "-" + std::to_string(++number);
    settings.properties = {{"bootstrap.servers", broker().bootstrap()}, {"session.timeout.ms", "6000"}, {"broker.address.family", "v4"}};
    settings.prefix = id;
    settings.topics = {id + ".calls", id + ".state", id + ".alerts", id + ".dead"};
    settings.raw_topics = {id + ".raw"};
    auto specs = internal_topics(settings);
    specs.push_back({settings.raw_topics[0], 2, true, -1, {}});
    const auto made = ensure_topics(settings, specs, true, reporting);
    ASSERT_TRUE(made.ok()) << made.error().message;
    ASSERT_EQ(made->created.size(), 5U);
    config.progress_every = 300ms;
    config.commit_every = 300ms;
    config.at_end_after = 600ms;
    config.sieve.addresses = {*parse_ip_address("169.254.169.254")};
    config.sieve.exclude_ports = {53, 123};
  }

  void produce_raw(const std::vector<std::string>& values, int partition) {
    auto client = Client::open(settings, Role::call_log_producer, {});
    ASSERT_TRUE(client.ok());
    for (const auto& value : values) {
      ASSERT_EQ(produce(client->get(), {.topic = settings.raw_topics[0], .partition = partition, .key = std::string_view{"k"}, .value = value}),
                RD_KAFKA_RESP_ERR_NO_ERROR);
    }
    ASSERT_EQ(rd_kafka_flush(client->get(), 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  struct Log {
    std::vector<std::pair<Offset, std::string>> calls[2];  // by raw partition, in the log's order
    std::vector<Progress> progress;
  };
  Log read_log() {
    Log out;
    for (const auto& record : read_all(settings, settings.topics.call_log, 1, true)) {
      auto body = decode_log_body(record.value);
      if (!body) {
        ADD_FAILURE() << body.error().message;
        continue;
      }
      if (const auto* call = std::get_if<Call>(&*body)) {
        out.calls[static_cast<std::size_t>(call->origin.partition.value())].emplace_back(call->origin.offset, call->event_id);
        EXPECT_EQ(record.key, call->host.value());
      }
      if (const auto* progress = std::get_if<Progress>(&*body)) out.progress.push_back(*progress);
    }
    return out;
  }

  template <class Fact>
  std::vector<Fact> facts() {
    const std::lock_guard lock{mutex};
    std::vector<Fact> out;
    for (const auto& fact : seen) {
      if (const auto* one = std::get_if<Fact>(&fact)) out.push_back(*one);
    }
    return out;
  }

  /// A producer as shards have one, with a transaction begun.
  Client in_a_transaction(const std::string& id) {
    auto client = Client::open(settings, Role::shard_producer, reporting, {}, {{"transactional.id", settings.prefix + id}});
    if (!client.ok()) throw std::runtime_error(client.error().message);
    const ErrorHandle ready{rd_kafka_init_transactions(client->get(), 30'000)}, begun{rd_kafka_begin_transaction(client->get())};
    if (ready || begun) throw std::runtime_error(rd_kafka_error_string((ready ? ready : begun).get()));
    return *std::move(client);
  }

  std::unique_ptr<KafkaCommitOutlet> outlet() {
    return std::make_unique<KafkaCommitOutlet>(settings, reporting, Shard{0}, stopping, [this] {
      return GroupMetadataHandle{rd_kafka_consumer_group_metadata_new(settings.detector_group().c_str())};
    });
  }

  std::vector<StateRow> read_state() {
    std::vector<StateRow> out;
    KafkaStateReader reader{settings, reporting, Shard{0}, stopping};
    const auto done = reader.read([&](const StateRow& row) -> Result<void> { return out.push_back(row), Result<void>{}; });
    EXPECT_TRUE(done.ok()) << done.error().message;
    return out;
  }

  /// Another value for a topic's config.
  void alter(const std::string& topic, const char* name, const char* value) {
    auto client = Client::open(settings, Role::admin, {});
    const ConfigResourceHandle resource{rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str())};
    const ErrorHandle error{
        rd_kafka_ConfigResource_add_incremental_config(resource.get(), name, RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET, value)};
    rd_kafka_ConfigResource_t* resources[] = {resource.get()};
    const auto done = admin_call(client->get(), RD_KAFKA_ADMIN_OP_INCREMENTALALTERCONFIGS, 10s, "alter", [&](auto* options, auto* queue) {
      rd_kafka_IncrementalAlterConfigs(client->get(), resources, 1, options, queue);
    });
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  void delete_topic(const std::string& topic) {
    auto client = Client::open(settings, Role::admin, {});
    rd_kafka_DeleteTopic_t* topics[] = {rd_kafka_DeleteTopic_new(topic.c_str())};
    const auto done = admin_call(client->get(), RD_KAFKA_ADMIN_OP_DELETETOPICS, 10s, "delete topic", [&](auto* options, auto* queue) {
      rd_kafka_DeleteTopics(client->get(), topics, 1, options, queue);
    });
    rd_kafka_DeleteTopic_destroy(topics[0]);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  void delete_records_before(const std::string& topic, int partition, std::int64_t offset) {
    auto client = Client::open(settings, Role::admin, {});
    const auto list = to_list({{topic, Partition{partition}}});
    list->elems[0].offset = offset;
    rd_kafka_DeleteRecords_t* records[] = {rd_kafka_DeleteRecords_new(list.get())};
    const auto done = admin_call(client->get(), RD_KAFKA_ADMIN_OP_DELETERECORDS, 10s, "delete records", [&](auto* options, auto* queue) {
      rd_kafka_DeleteRecords(client->get(), records, 1, options, queue);
    });
    rd_kafka_DeleteRecords_destroy(records[0]);
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  void make_raw_topic() {
    ASSERT_TRUE(eventually([&] {  // a topic of this name may still be on its way out
      const auto made = ensure_topics(settings, {{settings.raw_topics[0], 2, true, -1, {}}}, true, reporting);
      return made.ok() && made->created.size() == 1;
    }));
  }

  std::mutex mutex;
  std::vector<KafkaFact> seen;
  Reporting reporting{{}, [this](const KafkaFact& fact) {
                        const std::lock_guard lock{mutex};
                        seen.push_back(fact);
                      }};
  std::atomic<bool> stopping{false};
  KafkaSettings settings;
  SieveRunnerConfig config;
};

}  // namespace imdswatch::kafka::test
