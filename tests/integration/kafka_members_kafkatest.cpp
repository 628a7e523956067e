#include <array>
#include <memory>
#include <set>

#include "kafka_client.hpp"
#include "kafka_room_fixture.hpp"

/// Members of the detector's group, and consumers of alerts, that come, leave and are killed: nobody else is disturbed.
namespace imdswatch::kafka::test {
namespace {

/// A member of the detector's group that takes what it is given, and can be killed: it then leaves nothing behind and says no farewell.
class Victim {
 public:
  explicit Victim(const KafkaSettings& settings) {
    auto conf = make_conf(settings, Role::shard_member, {});
    rd_kafka_conf_set_opaque(conf->get(), this);
    rd_kafka_conf_set_rebalance_cb(conf->get(), [](rd_kafka_t* client, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* list, void* self) {
      const bool assign = what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
      static_cast<Victim*>(self)->held_ += assign ? list->cnt : -list->cnt;
      const auto nothing = make_list(0);
      const ErrorHandle error{assign ? rd_kafka_incremental_assign(client, nothing.get()) : rd_kafka_incremental_unassign(client, nothing.get())};
    });
    client_.reset(rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), nullptr, 0));
    static_cast<void>(conf->release());
    static_cast<void>(rd_kafka_poll_set_consumer(client_.get()));
    const auto list = to_list({{settings.topics.call_log, Partition{RD_KAFKA_PARTITION_UA}}});
    static_cast<void>(rd_kafka_subscribe(client_.get(), list.get()));
  }
  ~Victim() { kill(); }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;
  int held() {
    const MessageHandle none{rd_kafka_consumer_poll(client_.get(), 10)};
    return held_;
  }
  [[nodiscard]] GroupMetadataHandle membership() const { return GroupMetadataHandle{rd_kafka_consumer_group_metadata(client_.get())}; }
  void kill() {
    if (client_) rd_kafka_destroy_flags(client_.release(), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  }

 private:
  int held_ = 0;
  KafkaHandle client_;
};

/// A consumer of alerts as a team would write one: read_committed, and it commits what it has done. Dropped without a close, as by a kill.
/// It asks for the committed offset itself: librdkafka asks once where it is told to go on from it (RD_KAFKA_OFFSET_STORED, a subscription),
/// and when the answer is NOT_COORDINATOR, as from a broker that has just made __consumer_offsets, the partition is never fetched.
class AlertReader {
 public:
  explicit AlertReader(const KafkaSettings& settings)
      : client_(imdswatch::testing::make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", settings.properties.at("bootstrap.servers")},
                                                                    {"group.id", settings.prefix + "-readers"},
                                                                    {"isolation.level", "read_committed"},
                                                                    {"enable.auto.commit", "false"},
                                                                    {"auto.offset.reset", "error"}})) {
    const auto list = to_list({{settings.topics.alerts, Partition{0}}});
    const auto committed = [&] { return rd_kafka_committed(client_.get(), list.get(), 1'000) == RD_KAFKA_RESP_ERR_NO_ERROR && list->elems[0].err == RD_KAFKA_RESP_ERR_NO_ERROR; };
    EXPECT_TRUE(eventually(committed));
    if (list->elems[0].offset < 0) list->elems[0].offset = RD_KAFKA_OFFSET_BEGINNING;
    EXPECT_EQ(rd_kafka_assign(client_.get(), list.get()), RD_KAFKA_RESP_ERR_NO_ERROR);
  }
  ~AlertReader() { rd_kafka_destroy_flags(client_.release(), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE); }
  AlertReader(const AlertReader&) = delete;
  AlertReader& operator=(const AlertReader&) = delete;
  /// What comes until there are so many, or for so long.
  std::vector<std::string> take(std::size_t at_most, std::chrono::milliseconds how_long) {
    std::vector<std::string> out;
    for (const auto until = std::chrono::steady_clock::now() + how_long; out.size() < at_most && std::chrono::steady_clock::now() < until;) {
      const MessageHandle message{rd_kafka_consumer_poll(client_.get(), 20)};
      if (!message) continue;
      EXPECT_EQ(message->err, RD_KAFKA_RESP_ERR_NO_ERROR) << rd_kafka_message_errstr(message.get());
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) out.emplace_back(static_cast<const char*>(message->payload), message->len);
    }
    return out;
  }
  void commit() { EXPECT_EQ(rd_kafka_commit(client_.get(), nullptr, 0), RD_KAFKA_RESP_ERR_NO_ERROR); }

 private:
  imdswatch::testing::Client client_;
};

TEST_F(KafkaRoom, AnInstanceThatJoinsIsKilledOrLeavesMovesOnlyWhatMustMoveAndTheOtherShardsStay) {
  settings.shards = 4;
  settings.properties["heartbeat.interval.ms"] = "500";  // by which members hear of a rebalance
  settings.topics.call_log += "4";
  ASSERT_TRUE(ensure_topics(settings, {{settings.topics.call_log, 4, true, -1, {}}}, true, reporting).ok());
  struct Instance {
    std::atomic<int> taken{0}, left{0};
    std::unique_ptr<CallLogGroup> group;
    [[nodiscard]] int held() const { return taken - left; }
  };
  std::array<Instance, 2> instances;
  for (Instance& one : instances) {
    const Reporting counting{{}, [&one](const KafkaFact& fact) {
                               if (std::holds_alternative<ShardTaken>(fact)) ++one.taken;
                               if (std::holds_alternative<ShardLeft>(fact)) ++one.left;
                             }};
    one.group = std::make_unique<CallLogGroup>(settings, counting, [](Shard, StateReader&, LogSource&, CommitOutlet&) -> ShardTurn {
      return [](bool) -> Result<bool> { return std::this_thread::sleep_for(5ms), true; };
    });
  }
  auto& [first, second] = instances;
  ASSERT_TRUE(first.group->start().ok());
  ASSERT_TRUE(eventually([&] { return first.held() == 4; }));
  ASSERT_TRUE(second.group->start().ok());
  ASSERT_TRUE(eventually([&] { return first.held() == 2 && second.held() == 2; }));
  EXPECT_EQ(first.left, 2);
  Victim third{settings};
  ASSERT_TRUE(eventually([&] { return third.held() == 1 && first.held() + second.held() == 3; }));
  EXPECT_EQ(first.left - 2 + second.left, 1) << "one shard moves, three stay with who has them";
  const int left = first.left + second.left, taken = first.taken + second.taken;
  third.kill();
  ASSERT_TRUE(eventually([&] { return first.held() + second.held() == 4; }));
  EXPECT_EQ(first.left + second.left, left) << "those that live on keep theirs";
  EXPECT_EQ(first.taken + second.taken, taken + 1) << "each that is taken is restored: that of the killed one alone";
  const int left_of_first = first.left, taken_of_first = first.taken, held_by_second = second.held();
  EXPECT_TRUE(second.group->stop(20s).ok());
  ASSERT_TRUE(eventually([&] { return first.held() == 4; }));
  EXPECT_EQ(first.left, left_of_first);
  EXPECT_EQ(first.taken, taken_of_first + held_by_second);
  EXPECT_TRUE(first.group->stop(20s).ok());
}

TEST_F(KafkaRoom, AMemberWhoseInstanceIdAnotherHasTakenCommitsNothingMoreAndSaysWhatToDo) {
  settings.instance_id = "one";
  Victim older{settings};
  ASSERT_TRUE(eventually([&] { return older.held() == 1; }));
  const auto outlet_of = [&](const Victim& member) {
    return std::make_unique<KafkaCommitOutlet>(settings, reporting, Shard{0}, stopping, [&member] { return member.membership(); });
  };
  auto out = outlet_of(older);
  ASSERT_TRUE(out->open().ok());
  ASSERT_EQ(out->commit({{}, std::vector<StateRow>{{"a", "1"}}, Offset{1}}), CommitOutcome::committed);
  Victim younger{settings};
  ASSERT_TRUE(eventually([&] { return younger.held() == 1; }));
  EXPECT_EQ(out->commit({{}, std::vector<StateRow>{{"a", "2"}}, Offset{2}}), CommitOutcome::aborted);
  const auto commits = facts<ShardCommitted>();
  ASSERT_EQ(commits.size(), 2U);
  EXPECT_LT(commits[1].took, 1500ms) << "it is not tried again where it cannot help";
  EXPECT_NE(commits[1].detail.find("FENCED_INSTANCE_ID"), std::string::npos) << commits[1].detail;
  EXPECT_NE(commits[1].detail.find("give each process a kafka.instance_id of its own"), std::string::npos) << commits[1].detail;
  auto next = outlet_of(younger);
  ASSERT_TRUE(next->open().ok());
  EXPECT_EQ(next->commit({{}, std::vector<StateRow>{{"a", "3"}}, Offset{2}}), CommitOutcome::committed);
  EXPECT_EQ(read_state(), (std::vector<StateRow>{{"a", "1"}, {"a", "3"}}));
}

TEST_F(KafkaRoom, AMemberWhoseProducerIsFencedByOneWithItsInstanceIdTakesThatBackOnceAndNotAgain) {
  settings.instance_id = "one";
  std::atomic<int> taken{0}, fenced{0}, joined_anew{0};
  const Reporting counting{{}, [&](const KafkaFact& fact) {
                             const auto* const trouble = std::get_if<BrokerError>(&fact);
                             if (trouble != nullptr && trouble->detail == "joining the group anew, once") ++joined_anew;
                           }};
  CallLogGroup older{settings, counting, [&](Shard, StateReader&, LogSource&, CommitOutlet&) -> ShardTurn {
                       return [&, mine = ++taken](bool) -> Result<bool> {
                         if (fenced == mine) return Error{Errc::fenced, "the one that has the name now has opened a producer"};
                         return std::this_thread::sleep_for(5ms), true;
                       };
                     }};
  ASSERT_TRUE(older.start().ok());
  ASSERT_TRUE(eventually([&] { return taken == 1; }));
  Victim younger{settings};
  ASSERT_TRUE(eventually([&] { return younger.held() == 1; }));
  fenced = 1;  // most often before a heartbeat tells it
  ASSERT_TRUE(eventually([&] { return taken == 2; }));
  EXPECT_EQ(joined_anew, 1) << "that it takes the name back is counted";
  Victim once_more{settings};
  ASSERT_TRUE(eventually([&] { return once_more.held() == 1; }));
  fenced = 2;
  ASSERT_TRUE(eventually([&] { return older.failure().has_value(); }));
  EXPECT_NE(older.failure()->message.find("give each process a kafka.instance_id of its own"), std::string::npos) << older.failure()->message;
  EXPECT_EQ(taken, 2) << "the name stays with the other";
}

TEST_F(KafkaRoom, AKilledConsumerOfAlertsAndTheOneAfterItSeeEveryCommittedAlertAndNoAbortedOne) {
  std::vector<Client> killed;  // instances, with a transaction open
  std::set<std::string> told, read;
  std::size_t taken = 0, lost_with_the_reader = 0;
  auto reader = std::make_unique<AlertReader>(settings);
  const auto take = [&](std::size_t at_most, std::chrono::milliseconds how_long) {
    const auto alerts = reader->take(at_most, how_long);
    taken += alerts.size();
    read.insert(alerts.begin(), alerts.end());
    return alerts.size();
  };
  for (int round = 0; round < 4; ++round) {
    Client open = in_a_transaction("-shard-0");
    const std::string never = "aborted " + std::to_string(round);
    ASSERT_EQ(produce(open.get(), {.topic = settings.topics.alerts, .partition = 0, .key = std::string_view{"web-1"}, .value = std::string_view{never}}),
              RD_KAFKA_RESP_ERR_NO_ERROR);
    ASSERT_EQ(rd_kafka_flush(open.get(), 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);
    killed.push_back(std::move(open));
    if (round == 1) {
      EXPECT_EQ(take(2, 10s), 2U);
      reader->commit();
    }
    if (round == 3) {  // while that transaction is open, and before what was taken last is committed
      lost_with_the_reader = take(3, 10s);
      reader = std::make_unique<AlertReader>(settings);
    }
    auto out = outlet();  // takes the shard over: the transaction above is aborted
    ASSERT_TRUE(out->open().ok());
    std::vector<Alert> alerts(2);
    for (std::size_t i = 0; i < alerts.size(); ++i) {
      alerts[i].key = "web-1";
      alerts[i].json = "told " + std::to_string(round) + "." + std::to_string(i);
      told.insert(alerts[i].json);
    }
    ASSERT_EQ(out->commit({alerts, std::vector<StateRow>{{"a", std::to_string(round)}}, Offset{round + 1}}), CommitOutcome::committed);
  }
  EXPECT_EQ(lost_with_the_reader, 3U);
  take(told.size() - 2, 20s);
  EXPECT_EQ(take(1, 500ms), 0U) << "nothing more comes";
  EXPECT_EQ(read, told);
  EXPECT_EQ(taken, told.size() + lost_with_the_reader) << "again comes only what the killed one had not committed";
  EXPECT_EQ(read_all(settings, settings.topics.alerts, 1, true).size(), told.size() + killed.size()) << "the aborted ones are in the topic";
}

}  // namespace
}  // namespace imdswatch::kafka::test
