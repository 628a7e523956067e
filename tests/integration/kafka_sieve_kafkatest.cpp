#include <future>

#include "kafka_room_fixture.hpp"
#include "support/compressed.hpp"

/// The raw side: every call once, in order, whatever happens to the broker's topics.
namespace imdswatch::kafka::test {
namespace {

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
    EXPECT_TRUE(runner.stop(20s).ok());
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
    const auto written = runner.figures().call_log_records;
    ASSERT_TRUE(eventually([&] { return runner.figures().call_log_records >= written + 4; }));  // it has been told meanwhile
    EXPECT_TRUE(runner.stop(20s).ok());
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

TEST_F(KafkaRoom, StartingAtTheLatestOffsetAnEventBetweenTwoOwnersOfAQuietPartitionIsRead) {
  settings.start_at_latest = true;
  produce_raw({call_event(0), call_event(1)}, 0);
  {
    SieveRunner first{settings, config, reporting, {}};
    ASSERT_TRUE(first.start().ok());
    ASSERT_TRUE(eventually([&] { return facts<SourceStarted>().size() == 2; }));
    ASSERT_TRUE(eventually([&] { return !facts<OffsetsCommitted>().empty(); })) << "its place is committed though nothing was read";
    EXPECT_TRUE(first.stop(20s).ok());
  }
  produce_raw({call_event(2), call_event(3)}, 0);
  SieveRunner second{settings, config, reporting, {}};
  ASSERT_TRUE(second.start().ok());
  ASSERT_TRUE(eventually([&] { return second.figures().counters.formats[1].calls == 2; }));
  EXPECT_TRUE(second.stop(20s).ok());
  const auto log = read_log();
  ASSERT_EQ(log.calls[0].size(), 2U);
  EXPECT_EQ(log.calls[0][0].first.value(), 2) << "what stood there before the first owner is not read";
  std::map<std::pair<int, bool>, std::int64_t> passed_over;
  for (const auto& started : facts<SourceStarted>()) passed_over[{started.source.partition.value(), started.committed}] += started.passed_over;
  EXPECT_EQ(passed_over, (std::map<std::pair<int, bool>, std::int64_t>{{{0, false}, 2}, {{1, false}, 0}, {{0, true}, 0}, {{1, true}, 0}})) << "and told";
  EXPECT_EQ(log.calls[0][1].first.value(), 3);
}

TEST_F(KafkaRoom, StoppedWithMessagesFetchedAndNotReadItEndsInGoodOrderAndTheNextOneReadsThem) {
  std::atomic<bool> hold{false}, held{false};
  SieveRunner runner{settings, config, reporting, [&]() -> std::optional<EventTime> {
                       while (hold) held = true, std::this_thread::sleep_for(10ms);  // keeps it from reading
                       return std::nullopt;
                     }};
  ASSERT_TRUE(runner.start().ok());
  ASSERT_TRUE(eventually([&] { return facts<SourceStarted>().size() == 2; }));
  hold = true;
  ASSERT_TRUE(eventually([&] { return held.load(); }));
  std::vector<std::string> events;
  for (int i = 0; i < 1'000; ++i) events.push_back(call_event(i));
  produce_raw(events, 0);
  std::this_thread::sleep_for(1s);  // for the fetcher
  auto stopping_it = std::async(std::launch::async, [&] { return runner.stop(20s); });
  std::this_thread::sleep_for(200ms);
  hold = false;
  const auto stopped = stopping_it.get();
  EXPECT_TRUE(stopped.ok()) << stopped.error().message;
  ASSERT_EQ(runner.figures().counters.formats[1].calls, 0U) << "it has read them";
  SieveRunner next{settings, config, reporting, {}};
  ASSERT_TRUE(next.start().ok());
  ASSERT_TRUE(eventually([&] { return next.figures().counters.formats[1].calls == 1'000; }));
  EXPECT_TRUE(next.stop(20s).ok());
  EXPECT_EQ(read_log().calls[0].size(), 1'000U);
}

TEST_F(KafkaRoom, RejectedMessagesGoToTheDeadLettersAsTheyWere) {
  produce_raw({call_event(0), "not json", call_event(1)}, 1);
  SieveRunner runner{settings, config, reporting, {}};
  ASSERT_TRUE(runner.start().ok());
  ASSERT_TRUE(eventually([&] { return runner.figures().dead_letters == 1; }));
  EXPECT_TRUE(runner.stop(20s).ok());
  const auto letters = read_all(settings, settings.topics.dead_letters, 1);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].value, "not json");
  EXPECT_EQ(letters[0].key, "k");
  EXPECT_EQ(letters[0].headers.at("reason"), "malformed_json");
  EXPECT_EQ(letters[0].headers.at("topic"), settings.raw_topics[0]);
  EXPECT_EQ(letters[0].headers.at("partition"), "1");
  EXPECT_EQ(letters[0].headers.at("offset"), "1");
}

TEST_F(KafkaRoom, AMessageThatItsShipperCompressedIsReadEventByEvent) {
  const std::string whole = imdswatch::testing::compressed(call_event(0) + "\n" + call_event(1));
  const std::string cut = whole.substr(0, whole.size() - 4);
  produce_raw({whole, cut, imdswatch::testing::compressed(call_event(2), imdswatch::testing::zlib_frame)}, 0);
  SieveRunner runner{settings, config, reporting, {}};
  ASSERT_TRUE(runner.start().ok());
  ASSERT_TRUE(eventually([&] { return runner.figures().dead_letters == 1 && runner.figures().counters.formats[1].calls == 3; }));
  ASSERT_TRUE(runner.stop(20s).ok());
  const auto calls = read_log().calls[0];
  EXPECT_EQ(calls, (std::vector<std::pair<Offset, std::string>>{{Offset{0}, "e0"}, {Offset{0}, "e1"}, {Offset{2}, "e2"}}));
  const auto letters = read_all(settings, settings.topics.dead_letters, 1);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].value, cut) << "as it was, not inflated";
  EXPECT_EQ(letters[0].headers.at("reason"), "bad_compression");
}

TEST_F(KafkaRoom, AFixedFormatHoldsForTheTopicsThatItNames) {
  config.sieve.decode.custom.fields = {
      {"@timestamp", {"/@timestamp"}}, {"event.id", {"/event/id"}}, {"host.name", {"/host/name"}}, {"process.name", {"/process/name"}}, {"destination.ip", {"/destination/ip"}}};
  config.sieve.decode.custom.connection = {{"/event/category", {"network"}}};
  config.sieve.formats = {{settings.prefix + ".*", Format::custom}, {"*", Format::wazuh}};
  produce_raw({call_event(0), R"({"@timestamp":"2026-03-02T10:00:01Z"})", call_event(1)}, 0);
  SieveRunner runner{settings, config, reporting, {}};
  ASSERT_TRUE(runner.start().ok());
  ASSERT_TRUE(eventually([&] { return runner.figures().counters.messages == 3; }));
  ASSERT_TRUE(runner.stop(20s).ok());
  const auto counted = runner.figures().counters.formats;
  EXPECT_EQ(counted[static_cast<std::size_t>(Format::custom)].calls, 2U) << "though another format would take it";
  EXPECT_EQ(counted[static_cast<std::size_t>(Format::unknown)].ignored[static_cast<std::size_t>(IgnoreReason::other_format)], 1U);
  EXPECT_EQ(read_log().calls[0], (std::vector<std::pair<Offset, std::string>>{{Offset{0}, "e0"}, {Offset{2}, "e1"}}));
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
  EXPECT_TRUE(one.stop(20s).ok());
  EXPECT_TRUE(two.stop(20s).ok());
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

TEST_F(KafkaRoom, AFailedDeliveryStartsItsPartitionsAgainAndLeavesNoGap) {
  std::vector<std::string> events;
  for (int i = 0; i < 100; ++i) events.push_back(call_event(i));
  produce_raw(events, 0);
  alter(settings.topics.call_log, "max.message.bytes", "100");  // nothing fits
  SieveRunner runner{settings, config, reporting, {}};
  ASSERT_TRUE(runner.start().ok());
  ASSERT_TRUE(eventually([&] { return facts<DeliveryFailed>().size() >= 2; }));
  alter(settings.topics.call_log, "max.message.bytes", "1048588");
  ASSERT_TRUE(eventually([&] {
    const auto figures = runner.figures();
    return figures.sources.size() == 2 && figures.sources[0].at_end && figures.unacknowledged == 0;
  }));
  EXPECT_TRUE(runner.stop(20s).ok());
  const auto log = read_log();
  ASSERT_EQ(log.calls[0].size(), 100U);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(log.calls[0][i].first, Offset{static_cast<std::int64_t>(i)});
}

TEST_F(KafkaRoom, ATopicMadeAnewIsReadFromItsBeginningUnderItsNewId) {
  config.roster_every = 300ms;
  produce_raw({call_event(0), call_event(1), call_event(2)}, 0);
  SieveRunner runner{settings, config, reporting, {}};
  ASSERT_TRUE(runner.start().ok());
  ASSERT_TRUE(eventually([&] { return runner.figures().counters.formats[1].calls == 3; }));
  delete_topic(settings.raw_topics[0]);
  make_raw_topic();
  produce_raw({call_event(10), call_event(11)}, 0);
  ASSERT_TRUE(eventually([&] { return runner.figures().counters.formats[1].calls == 5; }));
  EXPECT_TRUE(runner.stop(20s).ok());
  EXPECT_FALSE(facts<TopicMadeAnew>().empty());
  const auto log = read_log();
  ASSERT_GE(log.calls[0].size(), 5U);
  EXPECT_EQ(log.calls[0].back(), (std::pair{Offset{1}, std::string{"e11"}}));
}

TEST_F(KafkaRoom, AnOffsetThatTheLogNoLongerHasIsToldAndTheEarliestFollowsThoughItIsToStartAtTheLatest) {
  settings.start_at_latest = true;
  {
    SieveRunner before{settings, config, reporting, {}};  // takes its place in the empty topic
    ASSERT_TRUE(before.start().ok());
    ASSERT_TRUE(eventually([&] { return !facts<OffsetsCommitted>().empty(); }));
    EXPECT_TRUE(before.stop(20s).ok());
  }
  produce_raw({call_event(0), call_event(1), call_event(2)}, 0);
  {
    SieveRunner runner{settings, config, reporting, {}};
    ASSERT_TRUE(runner.start().ok());
    ASSERT_TRUE(eventually([&] { return runner.figures().counters.formats[1].calls == 3; }));
    EXPECT_TRUE(runner.stop(20s).ok());
  }
  produce_raw({call_event(3), call_event(4), call_event(5)}, 0);
  delete_records_before(settings.raw_topics[0], 0, 5);
  SieveRunner runner{settings, config, reporting, {}};
  ASSERT_TRUE(runner.start().ok());
  ASSERT_TRUE(eventually([&] { return runner.figures().counters.formats[1].calls == 1; }));
  EXPECT_TRUE(runner.stop(20s).ok());
  const auto lost = facts<OffsetOutOfRange>();
  ASSERT_EQ(lost.size(), 1U);
  EXPECT_EQ(lost[0].wanted, Offset{3});
  EXPECT_EQ(lost[0].earliest, Offset{5});
}

TEST_F(KafkaRoom, APartitionAheadOfTheDetectorIsPausedUntilTimeComes) {
  config.pause_ahead = 10s;
  config.resume_ahead = 5s;
  std::vector<std::string> events;
  for (int i = 0; i < 60; ++i) events.push_back(call_event(i));
  produce_raw(events, 0);
  std::atomic<std::int64_t> time{0};
  const auto late = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + 10h;
  const auto now = [&]() -> std::optional<EventTime> { return EventTime{late.time_since_epoch() + std::chrono::seconds{time}}; };
  time = -1000;
  SieveRunner runner{settings, config, reporting, now};
  ASSERT_TRUE(runner.start().ok());
  const auto paused = [&] {
    const auto figures = runner.figures();
    return !figures.sources.empty() && figures.sources[0].paused;
  };
  ASSERT_TRUE(eventually(paused));
  time = 1000;
  produce_raw({call_event(61)}, 0);
  ASSERT_TRUE(eventually([&] { return runner.figures().counters.formats[1].calls == 61; }));
  EXPECT_FALSE(paused());
  EXPECT_TRUE(runner.stop(20s).ok());
}

}  // namespace
}  // namespace imdswatch::kafka::test
