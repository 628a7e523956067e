#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "imdswatch/config/schema.hpp"
#include "imdswatch/kafka/topics.hpp"
#include "kafka/conf.hpp"
#include "kafka/end_watch.hpp"
#include "kafka/fencing.hpp"
#include "kafka/log_trust.hpp"
#include "kafka/pacer.hpp"
#include "kafka/rate_limit.hpp"
#include "kafka/shard_topics.hpp"

namespace imdswatch::kafka {
namespace {

using namespace std::chrono_literals;

KafkaSettings settings(Properties properties = {}) {
  KafkaSettings out;
  properties.emplace("bootstrap.servers", "127.0.0.1:1");
  out.properties = std::move(properties);
  return out;
}

std::string value_of(const ConfHandle& conf, const char* name) {
  std::array<char, 256> text{};
  std::size_t size = text.size();
  return rd_kafka_conf_get(conf.get(), name, text.data(), &size) == RD_KAFKA_CONF_OK ? std::string{text.data()} : std::string{"?"};
}

TEST(FencedPause, GrowsWhereItIsFencedAgainSoonAndIsNothingAfterAQuietTime) {
  using std::chrono::minutes, std::chrono::seconds;
  FencedPause pause;
  FencedPause::Time now{};
  EXPECT_EQ(pause.next(now), seconds{0});
  for (const int expected : {1, 2, 4, 8, 16, 30, 30}) EXPECT_EQ(pause.next(now += seconds{40}), seconds{expected});
  EXPECT_EQ(pause.next(now += minutes{5}), seconds{30});
  EXPECT_EQ(pause.next(now + minutes{5} + seconds{1}), seconds{0});
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    for (const int shift : {4, 0}) out.push_back("0123456789abcdef"[(static_cast<unsigned char>(c) >> shift) & 15]);
  }
  return out;
}

TEST(ShardTopics, AreReadFromTheirRowAsWritten) {
  ShardTopics topics;
  topics.call_log.bytes[0] = 0xAB, topics.state.bytes[15] = 7;
  StateRow row = encode(topics);
  EXPECT_EQ(hex(row.key) + " " + hex(*row.value), "6b 01ab000000000000000000000000000000" "00000000000000000000000000000007" "140d553edd358953");
  EXPECT_TRUE(is_shard_topics(row));
  EXPECT_EQ(**decode_shard_topics(row), topics);
  row.value->back() ^= 1;
  EXPECT_EQ(decode_shard_topics(row).error().code, Errc::record_malformed);
  row.value.reset();
  EXPECT_FALSE(*decode_shard_topics(row));
  EXPECT_FALSE(is_shard_topics({"kk", "x"}));
  EXPECT_FALSE(is_shard_topics({"p", "x"}));
}

TEST(Fencing, OnceIsForgivenAndAgainSoonIsNot) {
  Fencing fencing;
  const Fencing::Time begin{};
  EXPECT_TRUE(fencing.may_join_again(begin));
  EXPECT_FALSE(fencing.may_join_again(begin + 1min));
  EXPECT_FALSE(fencing.may_join_again(begin + 5min));
  EXPECT_TRUE(fencing.may_join_again(begin + 11min));
}

TEST(KafkaConf, NamesAnUnknownProperty) {
  const auto checked = check_properties({{"bootstrap.servers", "x"}, {"fetch.minimum", "1"}});
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().code, Errc::config_invalid);
  EXPECT_NE(checked.error().message.find("fetch.minimum"), std::string::npos);
}

TEST(KafkaConf, NamesAPropertyWithAnImpossibleValue) {
  const auto checked = check_properties({{"bootstrap.servers", "x"}, {"session.timeout.ms", "soon"}});
  ASSERT_FALSE(checked.ok());
  EXPECT_NE(checked.error().message.find("session.timeout.ms"), std::string::npos);
}

TEST(KafkaConf, NamesAllThatIsWrongAtOnce) {
  const auto checked = check_properties({{"acks", "1"}, {"fetch.minimum", "1"}, {"session.timeout.ms", "soon"}});
  ASSERT_FALSE(checked.ok());
  for (const auto* name : {"acks", "fetch.minimum", "session.timeout.ms", "bootstrap.servers"}) {
    EXPECT_NE(checked.error().message.find(std::string("kafka.properties: ") + name), std::string::npos) << checked.error().message;
  }
}

TEST(KafkaConf, RefusesWhatWouldBreakExactlyOnce) {
  for (const auto* name : {"enable.idempotence", "enable.auto.commit", "transactional.id", "isolation.level", "group.id", "acks",
                           "enable.auto.offset.store", "message.timeout.ms", "partition.assignment.strategy"}) {
    const auto checked = check_properties({{"bootstrap.servers", "x"}, {name, "true"}});
    ASSERT_FALSE(checked.ok()) << name;
    EXPECT_NE(checked.error().message.find(name), std::string::npos);
    EXPECT_NE(checked.error().message.find("cannot be set"), std::string::npos) << checked.error().message;
  }
}

TEST(KafkaConf, RefusesTheSamePropertiesAsTheConfigurationFile) {
  std::vector<std::string_view> of_the_file, of_the_room = refused_properties();
  for (const OwnedProperty& one : owned_properties()) of_the_file.push_back(one.name);
  std::ranges::sort(of_the_file);
  std::ranges::sort(of_the_room);
  EXPECT_EQ(of_the_file, of_the_room) << "check-config would accept what the daemon then refuses, or the other way round";
}

TEST(KafkaConf, WantsToKnowABroker) {
  EXPECT_FALSE(check_properties({}).ok());
  EXPECT_TRUE(check_properties({{"bootstrap.servers", "x"}}).ok());
}

TEST(KafkaConf, ARolesOwnSettingsStandAndTheUsersOthersAreTaken) {
  const auto conf = make_conf(settings({{"fetch.queue.backoff.ms", "20"}, {"linger.ms", "7"}}), Role::raw_consumer);
  ASSERT_TRUE(conf.ok()) << conf.error().message;
  EXPECT_EQ(value_of(*conf, "fetch.queue.backoff.ms"), "20");
  EXPECT_EQ(value_of(*conf, "enable.auto.commit"), "false");
  EXPECT_EQ(value_of(*conf, "group.id"), "imdswatch-raw");
  EXPECT_EQ(value_of(*conf, "partition.assignment.strategy"), "cooperative-sticky");
  EXPECT_EQ(value_of(*conf, "linger.ms"), "5");  // a producer's: not given to a consumer
  const auto producer = make_conf(settings({{"linger.ms", "7"}}), Role::call_log_producer);
  ASSERT_TRUE(producer.ok());
  EXPECT_EQ(value_of(*producer, "linger.ms"), "7");
  EXPECT_EQ(value_of(*producer, "enable.gapless.guarantee"), "true");
  EXPECT_EQ(value_of(*producer, "message.timeout.ms"), "0");
}

TEST(KafkaConf, NoClientMakesATopicByAskingForIt) {
  for (const Role role : {Role::raw_consumer, Role::call_log_producer, Role::shard_member, Role::log_reader, Role::state_reader,
                          Role::shard_producer, Role::dead_letter_producer, Role::admin}) {
    const auto conf = make_conf(settings(), role);
    ASSERT_TRUE(conf.ok());
    EXPECT_EQ(value_of(*conf, "allow.auto.create.topics"), "false") << to_string(role);
  }
}

TEST(KafkaConf, AKilledMemberIsMissedAfterTwelveSecondsUnlessTheUserSaysOtherwise) {
  for (const Role role : {Role::raw_consumer, Role::shard_member}) {
    const auto conf = make_conf(settings(), role);
    ASSERT_TRUE(conf.ok());
    EXPECT_EQ(value_of(*conf, "session.timeout.ms"), "12000");
    const auto own = make_conf(settings({{"session.timeout.ms", "30000"}}), role);
    ASSERT_TRUE(own.ok());
    EXPECT_EQ(value_of(*own, "session.timeout.ms"), "30000");
  }
}

TEST(KafkaConf, ABrokerThatIsBackIsFoundWithinTwoSecondsUnlessTheUserSaysOtherwise) {
  for (const Role role : {Role::raw_consumer, Role::call_log_producer, Role::shard_member, Role::log_reader, Role::state_reader,
                          Role::shard_producer, Role::dead_letter_producer, Role::admin}) {
    const auto conf = make_conf(settings(), role);
    ASSERT_TRUE(conf.ok());
    EXPECT_EQ(value_of(*conf, "reconnect.backoff.max.ms"), "2000") << to_string(role);
  }
  const auto own = make_conf(settings({{"reconnect.backoff.max.ms", "30000"}}), Role::shard_member);
  ASSERT_TRUE(own.ok());
  EXPECT_EQ(value_of(*own, "reconnect.backoff.max.ms"), "30000");
  const auto slower = make_conf(settings({{"reconnect.backoff.ms", "5000"}}), Role::shard_member);
  ASSERT_TRUE(slower.ok());
  EXPECT_EQ(value_of(*slower, "reconnect.backoff.max.ms"), "10000");
}

TEST(KafkaConf, ConsumersDoNotIdleOnAFullFetchQueue) {
  const auto conf = make_conf(settings(), Role::log_reader);
  ASSERT_TRUE(conf.ok());
  EXPECT_EQ(value_of(*conf, "fetch.queue.backoff.ms"), "10");
}

TEST(KafkaConf, AnAnswerIsSmallUnlessTheUserSaysOtherwise) {
  const auto most = [](const Properties& own) { return value_of(make_conf(settings(own), Role::raw_consumer).value(), "fetch.max.bytes"); };
  EXPECT_EQ(most({}), "4194304");
  EXPECT_EQ(most({{"fetch.max.bytes", "8388608"}}), "8388608");
  EXPECT_EQ(most({{"message.max.bytes", "10485760"}}), "52428800") << "librdkafka refuses less than a message";
}

TEST(KafkaConf, CallsWaitForOthersToGoTogether) {
  EXPECT_EQ(value_of(make_conf(settings(), Role::call_log_producer).value(), "linger.ms"), "50");
}

TEST(KafkaConf, ARegularExpressionNeverMatchesTheProgramsOwnTopics) {
  const auto conf = make_conf(settings(), Role::raw_consumer);
  ASSERT_TRUE(conf.ok());
  EXPECT_NE(value_of(*conf, "topic.blacklist").find("^imdswatch\\.calls$"), std::string::npos);
}

TEST(InternalTopics, CallLogAndStateHaveOnePartitionForEachShard) {
  auto four = settings();
  four.shards = 4;
  for (const auto& spec : internal_topics(four)) {
    const bool sharded = spec.name == four.topics.call_log || spec.name == four.topics.state;
    EXPECT_EQ(spec.partitions_fixed, sharded) << spec.name;
    if (sharded) {
      EXPECT_EQ(spec.partitions, 4);
      EXPECT_EQ(spec.config.at("message.timestamp.type"), "LogAppendTime");
    }
  }
}

TEST(RateLimit, LetsABurstPassAndThenTheRate) {
  RateLimit limit{2};
  const std::chrono::steady_clock::time_point start{};
  int passed = 0;
  for (int i = 0; i < 100; ++i) passed += limit.pass(start);
  EXPECT_EQ(passed, 20);
  for (int i = 0; i < 100; ++i) passed += limit.pass(start + 1s);
  EXPECT_EQ(passed, 22);
}

Instant after(std::chrono::seconds awake) { return {awake, awake}; }

EndWatch confirmed_until(std::chrono::seconds last) {
  EndWatch watch{60s, 10s};
  for (auto at = 0s; at <= last; at += 3s) watch.answered(100, 100, watch.moves(), after(at));
  return watch;
}

TEST(EndWatch, IsAtTheEndOnlyAfterTheBrokerSaidSoForLongEnough) {
  EXPECT_FALSE(confirmed_until(57s).at_end(after(57s)));
  EXPECT_TRUE(confirmed_until(60s).at_end(after(60s)));
}

TEST(EndWatch, WithoutFreshAnswersItIsNotAtTheEnd) {
  EndWatch watch{0s, 10s};
  watch.answered(100, 100, watch.moves(), after(0s));
  EXPECT_TRUE(watch.at_end(after(10s)));
  EXPECT_TRUE(watch.end_is_fresh(after(10s)));
  EXPECT_FALSE(watch.at_end(after(11s)));
  EXPECT_FALSE(watch.end_is_fresh(after(11s)));
  EXPECT_EQ(watch.end(), 100);
}

TEST(EndWatch, AfterASuspensionTheAnswersFromBeforeSayNothing) {
  EndWatch watch = confirmed_until(60s);
  EXPECT_TRUE(watch.at_end({61s, 61s}));
  EXPECT_FALSE(watch.at_end({3'661s, 3'661s})) << "suspended by the kernel: both clocks have gone on";
  EXPECT_FALSE(watch.at_end({61s, 3'661s})) << "stopped by the hypervisor: the wall clock alone was set right";
  EXPECT_TRUE(watch.at_end({61s, -3'600s})) << "a wall clock that was set back says nothing";
  watch.answered(100, 100, watch.moves(), {3'661s, 3'661s});
  EXPECT_FALSE(watch.at_end({3'661s, 3'661s})) << "one answer does not confirm the hour before it";
}

TEST(EndWatch, WhereAnswersStoodOutItIsConfirmedAnew) {
  EndWatch watch = confirmed_until(60s);
  watch.answered(100, 100, watch.moves(), after(90s));
  EXPECT_TRUE(watch.at_end(after(90s))) << "a slow broker";
  for (auto at = 121s; at < 181s; at += 3s) {
    watch.answered(100, 100, watch.moves(), after(at));
    EXPECT_FALSE(watch.at_end(after(at)));
  }
  watch.answered(100, 100, watch.moves(), after(181s));
  EXPECT_TRUE(watch.at_end(after(181s)));
}

TEST(EndWatch, AMessageReadOrOneThereToBeReadStartsItAgain) {
  EndWatch watch{0s, 10s};
  const auto asked = watch.moves();
  watch.moved();
  watch.answered(101, 101, asked, after(0s));  // the question was about the place before
  EXPECT_FALSE(watch.at_end(after(0s)));
  watch.answered(101, 101, watch.moves(), after(0s));
  EXPECT_TRUE(watch.at_end(after(0s)));
  watch.answered(102, 101, watch.moves(), after(1s));
  EXPECT_FALSE(watch.at_end(after(1s)));
  EXPECT_EQ(watch.end(), 102);
}

EventTime minute(int minutes) { return EventTime{std::chrono::minutes{minutes}}; }

TEST(Pacer, PausesWhatRunsAnHourAheadAndLetsItGoWithSomeSlack) {
  const PacerLimits limits;
  EXPECT_EQ(pace({{minute(60), true, false}, {minute(61), true, false}}, minute(0), limits), (std::vector<bool>{false, true}));
  EXPECT_EQ(pace({{minute(50), true, true}, {minute(45), true, true}}, minute(0), limits), (std::vector<bool>{true, false}));
}

TEST(Pacer, WithoutADetectorsTimeTheLowestThatHasMoreToReadCounts) {
  const PacerLimits limits;
  const std::vector<PacedSource> sources{{minute(0), false, false}, {minute(30), true, false}, {minute(95), true, false}, {{}, true, false}};
  EXPECT_EQ(pace(sources, std::nullopt, limits), (std::vector<bool>{false, false, true, false}));
  EXPECT_EQ(pace({{minute(500), false, false}}, std::nullopt, limits), (std::vector<bool>{false}));
}

/// What the log said last is an hour old; this instance's partitions have gone on.
std::vector<bool> paced_an_hour_later(const LogTrust& trust, LogTrust::Time now) {
  const std::optional<EventTime> told = trust.lost(now) ? std::nullopt : std::optional{minute(0)};
  return pace({{minute(61), true, true}, {minute(70), true, true}}, told, {});
}

TEST(LogTrust, AnErrorEndsItAtOnceAndARecordBringsItBack) {
  const LogTrust::Time start{};
  LogTrust trust{60s, start};
  trust.heard(start + 1s);
  EXPECT_EQ(paced_an_hour_later(trust, start + 2s), (std::vector<bool>{true, true}));
  trust.failed("imdswatch.calls: Broker: Topic authorization failed");
  EXPECT_EQ(trust.lost(start + 2s), "imdswatch.calls: Broker: Topic authorization failed");
  EXPECT_EQ(paced_an_hour_later(trust, start + 2s), (std::vector<bool>{false, false})) << "it would stand still for ever";
  trust.heard(start + 3s);
  EXPECT_EQ(trust.lost(start + 3s), std::nullopt);
}

TEST(LogTrust, SilenceEndsItAfterAWhile) {
  const LogTrust::Time start{};
  LogTrust trust{60s, start};
  trust.heard(start + 30s);
  EXPECT_EQ(trust.lost(start + 89s), std::nullopt);
  EXPECT_EQ(trust.lost(start + 90s), "no progress record was read for 60 s");
  EXPECT_EQ(paced_an_hour_later(trust, start + 90s), (std::vector<bool>{false, false}));
  trust.heard(start + 91s);
  EXPECT_EQ(paced_an_hour_later(trust, start + 92s), (std::vector<bool>{true, true}));
}

}  // namespace
}  // namespace imdswatch::kafka
