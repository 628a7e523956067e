#include <thread>

#include "told.hpp"

namespace imdswatch {
namespace {

TEST(Metrics, RunsFindingsAndAlertsAreCounted) {
  Told told;
  told.telemetry.emit(fact::ShardTaken{Shard{0}});
  EXPECT_TRUE(contains(told.metrics(), R"(imdswatch_commits_total{outcome="aborted",shard="0"} 0)")) << "zeros come first";
  told.telemetry.emit(a_run());
  told.telemetry.emit(a_run());
  told.telemetry.emit(fact::Committed{Shard{0}, CommitOutcome::committed, 3, 10, 40ms, ""});
  const std::string text = told.metrics();
  for (const char* line : {R"(imdswatch_runs_total{shard="0"} 4)", R"(imdswatch_findings_total{outcome="muted",shard="0"} 4)",
                           R"(imdswatch_alerts_total{kind="new",shard="0"} 4)", R"(imdswatch_alerts_total{kind="update",shard="0"} 2)",
                           "imdswatch_run_duration_seconds_count 2", R"(imdswatch_commits_total{outcome="committed",shard="0"} 1)",
                           R"(imdswatch_commit_duration_seconds_bucket{le="0.05"} 1)", "imdswatch_shards_owned 1",
                           R"(imdswatch_last_run_timestamp_seconds{shard="0"} 1772366400)"}) {
    EXPECT_TRUE(contains(text, line)) << line << "\n" << text;
  }
}

TEST(Metrics, EveryRecordStandsUnderItsAccountAndReason) {
  Told told;
  fact::SieveFigures figures;
  auto& defend = figures.counters.formats[static_cast<std::size_t>(Format::elastic_defend)];
  defend.calls = 3;
  defend.connections_elsewhere = 5;
  defend.ignored[static_cast<std::size_t>(IgnoreReason::not_windows)] = 2;
  defend.join_hits = 3;
  figures.counters.formats[0].rejected[static_cast<std::size_t>(RejectReason::malformed_json)] = 1;
  figures.counters.messages = 11;
  told.telemetry.emit(figures);
  const std::string text = told.metrics();
  for (const char* line : {R"(imdswatch_records_total{account="kept",format="elastic_defend",reason="call"} 3)",
                           R"(imdswatch_records_total{account="ignored",format="elastic_defend",reason="connection_elsewhere"} 5)",
                           R"(imdswatch_records_total{account="ignored",format="elastic_defend",reason="not_windows"} 2)",
                           R"(imdswatch_records_total{account="rejected",format="unknown",reason="malformed_json"} 1)",
                           R"(imdswatch_process_starts_joined_total{format="elastic_defend",outcome="hit"} 3)", "imdswatch_messages_total 11"}) {
    EXPECT_TRUE(contains(text, line)) << line << "\n" << text;
  }
}

TEST(Metrics, TotalsOfSeveralSievesAddUpAndMayBeginAnew) {
  Told told;
  fact::SieveFigures one, two;
  two.sieve = 1;
  one.counters.messages = 10;
  two.counters.messages = 5;
  told.telemetry.emit(one);
  told.telemetry.emit(two);
  one.counters.messages = 12;
  told.telemetry.emit(one);
  EXPECT_TRUE(contains(told.metrics(), "imdswatch_messages_total 17"));
  one.counters.messages = 4;  // made anew
  told.telemetry.emit(one);
  EXPECT_TRUE(contains(told.metrics(), "imdswatch_messages_total 21"));
}

TEST(Metrics, WhenASieveReadMessagesIsShownOnceItHas) {
  Told told;
  fact::SieveFigures idle;
  told.telemetry.emit(idle);
  EXPECT_FALSE(contains(told.metrics(), "imdswatch_first_message_timestamp_seconds{"));
  fact::SieveFigures busy;
  busy.sieve = 1;
  busy.first_message = wall_time_ms(1'772'366'400'125);
  busy.last_message = wall_time_ms(1'772'366'402'500);
  told.telemetry.emit(busy);
  EXPECT_TRUE(contains(told.metrics(), "imdswatch_first_message_timestamp_seconds{sieve=\"1\"} 1772366400.125")) << told.metrics();
  EXPECT_TRUE(contains(told.metrics(), "imdswatch_last_message_timestamp_seconds{sieve=\"1\"} 1772366402.5")) << told.metrics();
}

TEST(Metrics, WhatIsNoLongerOwnedIsNoLongerShown) {
  Told told;
  fact::SourceFigures source{"events", Partition{3}, 120, event_time_us(1'500'000), false, true};
  told.telemetry.emit(source);
  EXPECT_TRUE(contains(told.metrics(), R"(imdswatch_input_lag_records{partition="3",topic="events"} 120)"));
  EXPECT_TRUE(contains(told.metrics(), R"(imdswatch_input_watermark_timestamp_seconds{partition="3",topic="events"} 1.5)"));
  told.telemetry.emit(fact::SourceGone{"events", Partition{3}});
  EXPECT_FALSE(contains(told.metrics(), R"(topic="events")"));
  told.telemetry.emit(fact::ShardTaken{Shard{1}});
  fact::DetectorFigures figures;
  figures.shard = Shard{1};
  figures.call_log_lag_records = 9;
  figures.behind = std::chrono::seconds{5400};
  told.telemetry.emit(figures);
  EXPECT_TRUE(contains(told.metrics(), R"(imdswatch_call_log_lag_records{shard="1"} 9)"));
  EXPECT_TRUE(contains(told.metrics(), R"(imdswatch_behind_seconds{shard="1"} 5400)"));
  told.telemetry.emit(fact::ShardLeft{Shard{1}, "rebalance"});
  EXPECT_FALSE(contains(told.metrics(), R"(imdswatch_call_log_lag_records{shard="1"})"));
  EXPECT_TRUE(contains(told.metrics(), "imdswatch_shards_owned 0"));
}

TEST(Metrics, HowFarAShardIsBehindIsNotShownWhileItIsNotKnown) {
  Told told;
  told.telemetry.emit(fact::ShardTaken{Shard{1}});
  fact::DetectorFigures figures;
  figures.shard = Shard{1};
  const auto shown = [&] { return contains(told.metrics(), R"(imdswatch_behind_seconds{shard="1"})"); };
  told.telemetry.emit(figures);
  EXPECT_FALSE(shown());
  figures.behind = 0s;
  told.telemetry.emit(figures);
  EXPECT_TRUE(contains(told.metrics(), R"(imdswatch_behind_seconds{shard="1"} 0)"));
  told.telemetry.emit(fact::ShardFailed{Shard{1}, "brokers are away", 1s});
  EXPECT_FALSE(shown()) << "what it was before says nothing of now";
  told.telemetry.emit(figures);
  EXPECT_TRUE(shown());
  told.telemetry.emit(fact::ShardRebuilt{Shard{1}, CommitOutcome::unknown});
  EXPECT_FALSE(shown());
  told.telemetry.emit(figures);
  figures.behind.reset();
  told.telemetry.emit(figures);
  EXPECT_FALSE(shown());
}

TEST(Metrics, BuildAndReadinessAreShown) {
  Told told;
  told.telemetry.emit(fact::Started{"1.2.3", "abc", "/etc/imdswatch.yaml", {{"librdkafka", "2.14.2"}}});
  EXPECT_TRUE(contains(told.metrics(), R"(imdswatch_build_info{config_version="abc",librdkafka="2.14.2",version="1.2.3"} 1)"));
  EXPECT_TRUE(contains(told.metrics(), "imdswatch_ready 0"));
  told.telemetry.emit(fact::Readiness{true});
  EXPECT_TRUE(contains(told.metrics(), "imdswatch_ready 1"));
  told.telemetry.emit(fact::Readiness{false});
  EXPECT_TRUE(contains(told.metrics(), "imdswatch_ready 0")) << "the brokers may go away later";
}

TEST(Metrics, AnyThreadMayEmit) {
  Told told;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 200; ++n) told.telemetry.emit(fact::Committed{Shard{i}, CommitOutcome::committed, 0, 1, 1ms, ""});
    });
  }
  for (auto& thread : threads) thread.join();
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(contains(told.metrics(), "imdswatch_commits_total{outcome=\"committed\",shard=\"" + std::to_string(i) + "\"} 200"));
  }
}

}  // namespace
}  // namespace imdswatch
