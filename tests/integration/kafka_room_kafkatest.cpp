#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
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

/// The kafka room against a real broker: what is written is what is read, once.
namespace imdswatch::kafka {
namespace {

using namespace std::chrono_literals;

/// Waits for what another thread or the broker does; the time is only a limit.
bool eventually(const std::function<bool()>& done, std::chrono::seconds limit = 60s) {
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

std::vector<Record> read_all(const KafkaSettings& settings, const std::string& topic, int partitions, bool uncommitted = false) {
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

std::string call_event(int number) {
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

class KafkaRoom : public testing::Test {
 protected:
  void SetUp() override {
    const char* bootstrap = std::getenv("IMDSWATCH_TEST_BOOTSTRAP");
    if (bootstrap == nullptr) GTEST_SKIP() << "IMDSWATCH_TEST_BOOTSTRAP names no broker";
    static std::atomic<int> number{0};
    const auto id = "t" + std::to_string(getpid()) + "-" + std::to_string(++number);
    settings.properties = {{"bootstrap.servers", bootstrap}, {"session.timeout.ms", "6000"}, {"broker.address.family", "v4"}};
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

TEST_F(KafkaRoom, InternalTopicsAreAsWantedAfterTheyAreMadeAndADifferenceIsASentence) {
  EXPECT_TRUE(eventually([&] {  // a broker may take a moment to know what it made
    const auto report = ensure_topics(settings, internal_topics(settings), false, reporting);
    return report.ok() && report->differences.empty();
  }));
  settings.shards = 3;
  const auto report = ensure_topics(settings, internal_topics(settings, {.call_log_retention = std::chrono::hours{1}}), false, reporting);
  ASSERT_TRUE(report.ok());
  EXPECT_FALSE(report->usable());
  ASSERT_EQ(report->differences.size(), 3U);
  EXPECT_NE(report->differences[0].sentence.find("1 partitions, but the configuration says 3 shards"), std::string::npos);
  EXPECT_FALSE(report->differences[1].essential);  // retention
}

TEST_F(KafkaRoom, ACommitIsVisibleAsAWhole) {
  auto out = outlet();
  ASSERT_TRUE(out->open().ok());
  const std::vector<Alert> alerts{{"id", 1, "web-1", "{}"}};
  const std::vector<StateRow> rows{{"a", "1"}, {"b", std::nullopt}};
  ASSERT_EQ(out->commit({alerts, rows, Offset{5}}), CommitOutcome::committed);
  EXPECT_EQ(read_state(), rows);
  EXPECT_EQ(read_all(settings, settings.topics.alerts, 1).size(), 1U);
  auto client = Client::open(settings, Role::log_reader, {});
  const NamedPartition shard{settings.topics.call_log, Partition{0}};
  const auto committed = committed_offsets(client->get(), {shard}, 10s);
  ASSERT_TRUE(committed.ok());
  EXPECT_EQ(committed->at(shard).next, Offset{5});
  EXPECT_EQ(facts<ShardCommitted>().size(), 1U);
}

TEST_F(KafkaRoom, AnAbortedCommitIsSeenByNoOneAndReadingPassesIt) {
  auto out = outlet();
  ASSERT_TRUE(out->open().ok());
  ASSERT_EQ(out->commit({{}, std::vector<StateRow>{{"a", "1"}}, Offset{1}}), CommitOutcome::committed);
  // Larger than the broker takes: the delivery fails, and with it the transaction.
  const std::vector<StateRow> rows{{"a", "2"}, {"b", std::string(12u << 20, 'x')}};
  auto large = settings;
  large.properties["message.max.bytes"] = "100000000";
  KafkaCommitOutlet too_large{large, reporting, Shard{0}, stopping, [this] {
                                return GroupMetadataHandle{rd_kafka_consumer_group_metadata_new(settings.detector_group().c_str())};
                              }};
  ASSERT_TRUE(too_large.open().ok());
  EXPECT_EQ(too_large.commit({{}, rows, Offset{2}}), CommitOutcome::aborted);
  EXPECT_EQ(read_state(), (std::vector<StateRow>{{"a", "1"}}));
}

TEST_F(KafkaRoom, ASecondOutletFencesTheFirst) {
  auto first = outlet();
  ASSERT_TRUE(first->open().ok());
  ASSERT_EQ(first->commit({{}, std::vector<StateRow>{{"a", "1"}}, Offset{1}}), CommitOutcome::committed);
  auto second = outlet();
  ASSERT_TRUE(second->open().ok());
  EXPECT_EQ(first->commit({{}, std::vector<StateRow>{{"a", "2"}}, Offset{2}}), CommitOutcome::fenced);
  EXPECT_EQ(read_state(), (std::vector<StateRow>{{"a", "1"}}));
  EXPECT_EQ(second->commit({{}, std::vector<StateRow>{{"a", "3"}}, Offset{2}}), CommitOutcome::committed);
}

TEST_F(KafkaRoom, CallsArriveInOrderOnceOverARestartAndTheEndIsTold) {
  std::vector<std::string> first, second;
  for (int i = 0; i < 100; ++i) first.push_back(call_event(i));
  for (int i = 100; i < 200; ++i) second.push_back(call_event(i));
  produce_raw(first, 0);
  {
    SieveRunner runner{settings, config, reporting, {}};
    ASSERT_TRUE(runner.start().ok());
    ASSERT_TRUE(eventually([&] {
      const auto figures = runner.figures();
      return figures.sources.size() == 2 && figures.sources[0].at_end && figures.sources[1].at_end;
    }));
    runner.stop(20s);
  }
  const auto started_before = facts<SourceStarted>().size();
  produce_raw(second, 0);
  {
    SieveRunner runner{settings, config, reporting, {}};
    ASSERT_TRUE(runner.start().ok());
    ASSERT_TRUE(eventually([&] { return runner.figures().counters.formats[1].calls == 100; }));
    ASSERT_TRUE(eventually([&] {
      const auto figures = runner.figures();
      return figures.sources.size() == 2 && figures.sources[0].at_end;
    }));
    runner.stop(20s);
  }
  const auto started = facts<SourceStarted>();
  ASSERT_GT(started.size(), started_before);
  bool goes_on = false;
  for (std::size_t i = started_before; i < started.size(); ++i) goes_on = goes_on || (started[i].committed && started[i].next.value() == 100);
  EXPECT_TRUE(goes_on);
  const auto log = read_log();
  ASSERT_EQ(log.calls[0].size(), 200U);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(log.calls[0][i], (std::pair{Offset{static_cast<std::int64_t>(i)}, "e" + std::to_string(i)}));
  ASSERT_FALSE(log.progress.empty());
  const auto& last = log.progress.back();
  ASSERT_EQ(last.roster.size(), 1U);
  EXPECT_EQ(last.roster[0].partitions, 2);
  EXPECT_GE(last.generation.value(), 1);
  bool empty_stands_aside = false, end_after_calls = false;
  for (const auto& progress : log.progress) {
    empty_stands_aside = empty_stands_aside || (progress.source.partition.value() == 1 && progress.at_end && !progress.watermark);
    end_after_calls = end_after_calls || (progress.source.partition.value() == 0 && progress.at_end && progress.watermark);
  }
  EXPECT_TRUE(empty_stands_aside);
  EXPECT_TRUE(end_after_calls);
}

TEST_F(KafkaRoom, RejectedMessagesGoToTheDeadLettersAsTheyWere) {
  produce_raw({call_event(0), "not json", call_event(1)}, 1);
  SieveRunner runner{settings, config, reporting, {}};
  ASSERT_TRUE(runner.start().ok());
  ASSERT_TRUE(eventually([&] { return runner.figures().dead_letters == 1; }));
  runner.stop(20s);
  const auto letters = read_all(settings, settings.topics.dead_letters, 1);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].value, "not json");
  EXPECT_EQ(letters[0].key, "k");
  EXPECT_EQ(letters[0].headers.at("reason"), "malformed_json");
  EXPECT_EQ(letters[0].headers.at("topic"), settings.raw_topics[0]);
  EXPECT_EQ(letters[0].headers.at("partition"), "1");
  EXPECT_EQ(letters[0].headers.at("offset"), "1");
}

TEST_F(KafkaRoom, TwoRunnersShareThePartitionsAndNothingIsMissing) {
  settings.raw_topics = {"^" + settings.prefix + "\\..*"};  // the program's own topics match too, and are left out
  const auto raw = settings.prefix + ".raw";
  SieveRunner one{settings, config, reporting, {}}, two{settings, config, reporting, {}};
  ASSERT_TRUE(one.start().ok());
  ASSERT_TRUE(eventually([&] { return one.figures().sources.size() == 2 && one.figures().sources[1].id; }));
  settings.raw_topics = {raw};  // for produce_raw; the runners have their own
  for (int partition = 0; partition < 2; ++partition) {
    std::vector<std::string> events;
    for (int i = 0; i < 100; ++i) events.push_back(call_event(i));
    produce_raw(events, partition);
    if (partition == 0) {
      ASSERT_TRUE(two.start().ok());
    }
  }
  ASSERT_TRUE(eventually([&] {
    const auto a = one.figures(), b = two.figures();
    return a.sources.size() == 1 && b.sources.size() == 1 && a.sources[0].at_end && b.sources[0].at_end;
  }));
  one.stop(20s);
  two.stop(20s);
  const auto log = read_log();
  for (const auto& calls : log.calls) {
    Offset highest{-1};
    std::size_t fresh = 0;
    for (const auto& [offset, id] : calls) {  // told again is allowed, a gap is not
      if (offset <= highest) continue;
      EXPECT_EQ(offset.value(), highest.value() + 1);
      highest = offset;
      ++fresh;
    }
    EXPECT_EQ(fresh, 100U);
  }
}

TEST_F(KafkaRoom, TheGroupGivesAShardItsDoorsAndTheLastTurnBeforeItTakesThemAway) {
  struct Life {
    std::atomic<int> taken{0}, records{0}, left{0};
  } life;
  CallLogGroup group{settings, reporting, [&](Shard, StateReader& state, LogSource& log, CommitOutlet& out) -> ShardTurn {
                       return [&, held = false](bool leaving) mutable -> Result<bool> {
                         if (leaving) return ++life.left, true;
                         if (!held) {
                           if (auto opened = out.open(); !opened) return std::move(opened).error();
                           if (auto read = state.read([](const StateRow&) -> Result<void> { return {}; }); !read) return std::move(read).error();
                           if (auto sought = log.seek(std::nullopt); !sought) return std::move(sought).error();
                           held = true;
                           ++life.taken;
                         }
                         auto records = log.poll(100);
                         if (!records) return std::move(records).error();
                         if (records->empty()) return false;
                         const std::vector<StateRow> rows{{"n", std::to_string(records->back().offset.value())}};
                         const auto outcome = out.commit({{}, rows, Offset{records->back().offset.value() + 1}});
                         if (outcome != CommitOutcome::committed) return Error{Errc::commit_aborted, "?"};
                         life.records += static_cast<int>(records->size());
                         return true;
                       };
                     }};
  ASSERT_TRUE(group.start().ok());
  ASSERT_TRUE(eventually([&] { return life.taken == 1; }));
  produce_raw({call_event(0)}, 0);
  SieveRunner runner{settings, config, reporting, {}};
  ASSERT_TRUE(runner.start().ok());
  ASSERT_TRUE(eventually([&] { return life.records >= 3; }));
  runner.stop(20s);
  group.stop(20s);
  EXPECT_FALSE(group.failure().has_value());
  EXPECT_EQ(life.left, 1);
  EXPECT_EQ(read_state().back().key, "n");
}

}  // namespace
}  // namespace imdswatch::kafka
