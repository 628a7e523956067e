#include <algorithm>
#include <iterator>
#include <memory>

#include "kafka_room_fixture.hpp"

/// A shard's doors and its group: what is committed is what is read, once.
namespace imdswatch::kafka::test {
namespace {

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

TEST_F(KafkaRoom, EndsAreToldWithOpenTransactionsAndWithoutAndWhatTheBrokersDoNotKnowIsLeftOut) {
  const Client writer = in_a_transaction("-open");
  const auto write = [&](int partition, std::string_view value) {
    EXPECT_EQ(produce(writer.get(), {.topic = settings.raw_topics[0], .partition = partition, .key = std::string_view{"k"}, .value = value}),
              RD_KAFKA_RESP_ERR_NO_ERROR);
  };
  write(0, "1"), write(0, "2"), write(1, "3");
  ASSERT_EQ(rd_kafka_flush(writer.get(), 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);

  const NamedPartition first{settings.raw_topics[0], Partition{0}}, second{settings.raw_topics[0], Partition{1}};
  const std::vector<NamedPartition> asked{first, second, {settings.raw_topics[0], Partition{9}}, {"no-such-topic", Partition{0}}};
  const auto reader = Client::open(settings, Role::raw_consumer, reporting);
  ASSERT_TRUE(reader.ok());
  using Ends = std::map<NamedPartition, Offset>;
  const auto told = [&](OffsetAt at, bool uncommitted) {
    auto found = list_offsets(reader->get(), asked, at, 10s, uncommitted);
    EXPECT_TRUE(found.ok()) << found.error().message;
    return found.ok() ? *std::move(found) : Ends{};
  };
  EXPECT_EQ(told(OffsetAt::latest, false), (Ends{{first, Offset{0}}, {second, Offset{0}}}));
  EXPECT_EQ(told(OffsetAt::latest, true), (Ends{{first, Offset{2}}, {second, Offset{1}}}));
  EXPECT_EQ(told(OffsetAt::earliest, false), (Ends{{first, Offset{0}}, {second, Offset{0}}}));
  const ErrorHandle committed{rd_kafka_commit_transaction(writer.get(), 30'000)};
  ASSERT_FALSE(committed);
  EXPECT_TRUE(eventually([&] { return told(OffsetAt::latest, false) == Ends{{first, Offset{3}}, {second, Offset{2}}}; })) << "with the transaction's marker";
}

TEST_F(KafkaRoom, ACommitIsVisibleAsAWhole) {
  auto out = outlet();
  ASSERT_TRUE(out->open().ok());
  std::vector<Alert> alerts(1);
  alerts[0].key = "web-1";
  alerts[0].json = "{}";
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

TEST_F(KafkaRoom, AnAlertWhoseTransactionWasLeftOpenByAKillIsReadByNoOneAndToldOnce) {
  std::vector<Alert> alerts(1);
  alerts[0].key = "web-1";
  alerts[0].json = "{}";
  const Client killed = in_a_transaction("-shard-0");
  ASSERT_EQ(produce(killed.get(), {.topic = settings.topics.alerts, .partition = 0, .key = std::string_view{"web-1"}, .value = std::string_view{"{}"}}),
            RD_KAFKA_RESP_ERR_NO_ERROR);
  ASSERT_EQ(rd_kafka_flush(killed.get(), 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);  // it is in the topic, and its end never comes
  auto successor = outlet();
  ASSERT_TRUE(successor->open().ok());
  ASSERT_EQ(successor->commit({alerts, std::vector<StateRow>{{"a", "1"}}, Offset{1}}), CommitOutcome::committed);
  EXPECT_EQ(read_all(settings, settings.topics.alerts, 1, true).size(), 2U);
  EXPECT_EQ(read_all(settings, settings.topics.alerts, 1).size(), 1U);
}

/// As where the brokers lost track of one: no successor's opening ends it.
TEST_F(KafkaRoom, ATransactionThatHoldsTheStateBackIsToldWithWhereItStands) {
  auto owner = outlet();
  ASSERT_TRUE(owner->open().ok());
  ASSERT_EQ(owner->commit({{}, std::vector<StateRow>{{"a", "1"}}, Offset{1}}), CommitOutcome::committed);
  const Client other = in_a_transaction("-other");
  ASSERT_EQ(produce(other.get(), {.topic = settings.topics.state, .partition = 0, .key = std::string_view{"b"}, .value = std::string_view{"2"}}), RD_KAFKA_RESP_ERR_NO_ERROR);
  ASSERT_EQ(rd_kafka_flush(other.get(), 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);

  KafkaStateReader reader{settings, reporting, Shard{0}, stopping, 2s};
  const auto read = reader.read([](const StateRow&) { return Result<void>{}; });
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Errc::kafka_unavailable);
  EXPECT_NE(read.error().message.find("[0]: nothing came for 2 s"), std::string::npos) << read.error().message;
  EXPECT_NE(read.error().message.find("left open at offset"), std::string::npos) << read.error().message;
  EXPECT_NE(read.error().message.find("kafka-transactions.sh"), std::string::npos) << read.error().message;
  const ErrorHandle aborted{rd_kafka_abort_transaction(other.get(), 30'000)};
  ASSERT_FALSE(aborted);
  const auto rows = read_state();
  EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [](const StateRow& row) { return row.key == "a"; }));
  EXPECT_TRUE(std::none_of(rows.begin(), rows.end(), [](const StateRow& row) { return row.key == "b"; }));
}

TEST_F(KafkaRoom, ATransactionThatHoldsTheCommittedOffsetBackIsToldToo) {
  auto owner = outlet();
  ASSERT_TRUE(owner->open().ok());
  ASSERT_EQ(owner->commit({{}, std::vector<StateRow>{{"a", "1"}}, Offset{1}}), CommitOutcome::committed);
  const Client other = in_a_transaction("-other");
  const auto list = make_list(1);
  rd_kafka_topic_partition_list_add(list.get(), settings.topics.call_log.c_str(), 0)->offset = 2;
  const std::unique_ptr<rd_kafka_consumer_group_metadata_t, decltype(&rd_kafka_consumer_group_metadata_destroy)> group(
      rd_kafka_consumer_group_metadata_new(settings.detector_group().c_str()), &rd_kafka_consumer_group_metadata_destroy);
  const ErrorHandle sent{rd_kafka_send_offsets_to_transaction(other.get(), list.get(), group.get(), 30'000)};
  ASSERT_FALSE(sent) << rd_kafka_error_string(sent.get());

  KafkaStateReader reader{settings, reporting, Shard{0}, stopping, 2s};
  const auto read = reader.read([](const StateRow&) { return Result<void>{}; });
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Errc::kafka_unavailable);
  EXPECT_NE(read.error().message.find("of group " + settings.detector_group() + ", for shard 0"), std::string::npos) << read.error().message;
  EXPECT_NE(read.error().message.find("kafka-transactions.sh"), std::string::npos) << read.error().message;
  const ErrorHandle aborted{rd_kafka_abort_transaction(other.get(), 30'000)};
  ASSERT_FALSE(aborted);
  EXPECT_EQ(read_state(), (std::vector<StateRow>{{"a", "1"}}));
}

TEST_F(KafkaRoom, AfterASeekTheCallLogGoesOnFromThereWhateverWasFetchedBefore) {
  Progress progress;
  progress.roster = {{TopicId{}, 1}};
  const auto bytes = encode(LogBody{progress});
  constexpr int records = 5'000;
  auto client = Client::open(settings, Role::call_log_producer, {});
  ASSERT_TRUE(client.ok());
  for (int i = 0; i < records; ++i) {
    ASSERT_EQ(produce(client->get(), {.topic = settings.topics.call_log, .partition = 0, .key = std::nullopt, .value = bytes}), RD_KAFKA_RESP_ERR_NO_ERROR);
  }
  ASSERT_EQ(rd_kafka_flush(client->get(), 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  KafkaLogSource source{settings, reporting, Shard{0}, stopping};
  for (int round = 0; round < 20; ++round) {
    const Offset from{(round * 1'237) % (records - 500)};
    ASSERT_TRUE(source.seek(from).ok());
    Offset next = from;
    while (next < Offset{from.value() + 300}) {
      const auto polled = source.poll(100);  // far less than was fetched
      ASSERT_TRUE(polled.ok()) << polled.error().message;
      for (const LogRecord& record : *polled) {
        ASSERT_EQ(record.offset, next);
        next = Offset{next.value() + 1};
      }
    }
  }
}

TEST_F(KafkaRoom, WhatDoesNotDecodeIsPassedOverAndToldButANewerVersionStopsTheReader) {
  Progress progress;
  progress.roster = {{TopicId{}, 1}};
  const auto good = encode(LogBody{progress});
  auto client = Client::open(settings, Role::call_log_producer, {});
  ASSERT_TRUE(client.ok());
  const auto write = [&](std::string_view value) {
    ASSERT_EQ(produce(client->get(), {.topic = settings.topics.call_log, .partition = 0, .key = std::nullopt, .value = value}), RD_KAFKA_RESP_ERR_NO_ERROR);
    ASSERT_EQ(rd_kafka_flush(client->get(), 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  };
  for (const std::string_view value : {"not json", good.c_str(), "", R"({"v":1,"type":"call"})", good.c_str()}) write(value);
  KafkaLogSource source{settings, reporting, Shard{0}, stopping};
  ASSERT_TRUE(source.seek(std::nullopt).ok());
  std::vector<Offset> taken;
  ASSERT_TRUE(eventually([&] {
    const auto polled = source.poll(2);
    EXPECT_TRUE(polled.ok()) << polled.error().message;
    if (polled) std::ranges::transform(*polled, std::back_inserter(taken), &LogRecord::offset);
    return source.next() == Offset{5};
  }));
  EXPECT_EQ(taken, (std::vector<Offset>{Offset{1}, Offset{4}}));
  std::vector<Offset> told;
  std::ranges::transform(facts<CallLogRecordRejected>(), std::back_inserter(told), &CallLogRecordRejected::offset);
  EXPECT_EQ(told, (std::vector<Offset>{Offset{0}, Offset{2}, Offset{3}}));

  write(R"({"v":99,"type":"call"})");
  ASSERT_TRUE(eventually([&] {
    const auto polled = source.poll(2);
    return !polled && polled.error().code == Errc::format_too_new;
  }));
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
  EXPECT_TRUE(runner.stop(20s).ok());
  EXPECT_TRUE(group.stop(20s).ok());
  EXPECT_FALSE(group.failure().has_value());
  EXPECT_EQ(life.left, 1);
  EXPECT_EQ(read_state().back().key, "n");
}

}  // namespace
}  // namespace imdswatch::kafka::test
