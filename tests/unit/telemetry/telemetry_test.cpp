#include "imdswatch/telemetry/telemetry.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <thread>

namespace imdswatch {
namespace {

using namespace std::chrono_literals;

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Told {
  std::ostringstream out;
  std::chrono::steady_clock::time_point now{};
  Telemetry telemetry;
  explicit Told(LogFormat format = LogFormat::text, LogLevel level = LogLevel::info)
      : telemetry({level, format, &out, 60s, [this] { return now; }}) {}
  std::string log(const Fact& what) {
    out.str("");
    telemetry.emit(what);
    return out.str();
  }
  [[nodiscard]] std::string metrics() const { return telemetry.metrics_text(); }
};

fact::RunCompleted a_run() {
  fact::RunCompleted run;
  run.shard = Shard{0};
  run.summary.run.time = event_time_us(1'772'366'400'000'000);
  run.summary.candidates = 7;
  run.summary.alerts = 3;
  run.summary.first_versions = 2;  // a finding's and a group's
  run.summary.idle_before = 1;
  run.summary.triage.findings = 4;
  run.summary.triage.told = 1;
  run.summary.triage.grouped = 1;
  run.summary.triage.muted = 2;
  run.took = 12ms;
  return run;
}

TEST(Log, ALineSaysWhatHappenedToWhat) {
  Told told;
  const std::string line = told.log(a_run());
  EXPECT_TRUE(contains(line, " info    run completed shard=0 run=2026-03-01T12:00:00.000Z candidates=7 findings=4 alerts=3")) << line;
  EXPECT_TRUE(line.ends_with("took_ms=12\n")) << line;
}

TEST(Log, AnIdleRunIsOnlyForDebugging) {
  fact::RunCompleted idle;
  EXPECT_EQ(Told().log(idle), "");
  EXPECT_NE(Told(LogFormat::text, LogLevel::debug).log(idle), "");
}

TEST(Log, TheJournalGetsAPriorityAndNoTime) {
  Told told(LogFormat::journal);
  EXPECT_TRUE(told.log(fact::Stopping{"SIGTERM"}).starts_with("<6>stopping: draining and committing why=SIGTERM")) << told.out.str();
  EXPECT_TRUE(told.log(fact::BrokerError{"raw_consumer", "AUTH", "no", true}).starts_with("<3>")) << told.out.str();
  EXPECT_TRUE(told.log(fact::BrokerError{"raw_consumer", "DOWN", "no", false}).starts_with("<4>")) << told.out.str();
}

TEST(Log, OnlyAStopAfterWhichNothingIsLeftSaysThatAllIsCommitted) {
  using How = fact::Stopped::How;
  const auto line = [](How how, const std::string& detail) {
    Told told(LogFormat::text);
    return told.log(fact::Stopped{how, detail});
  };
  EXPECT_NE(line(How::all_committed, "").find("everything read is committed"), std::string::npos);
  for (const How how : {How::incomplete, How::before_reading, How::failed}) {
    EXPECT_EQ(line(how, "why").find("everything read is committed"), std::string::npos);
    EXPECT_NE(line(how, "why").find("detail=why"), std::string::npos);
  }
}

TEST(Log, JsonIsOneObjectALine) {
  Told told(LogFormat::json);
  const std::string line = told.log(fact::ShardFailed{Shard{2}, "a \"quoted\"\nreason", 500ms});
  EXPECT_TRUE(line.starts_with("{\"time\":\"")) << line;
  EXPECT_TRUE(contains(line, R"("level":"error","event":"shard_failed")")) << line;
  EXPECT_TRUE(contains(line, R"("detail":"a \"quoted\"\u000areason")")) << line;
  EXPECT_TRUE(line.ends_with("}\n")) << line;
}

TEST(Log, WhatOthersSayCannotStartALineOfItsOwn) {
  Told told;
  const std::string line = told.log(fact::LibraryLog{3, "FAIL", "first\nsecond \x1b[31m"});
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
  EXPECT_FALSE(contains(line, "\x1b")) << line;
}

TEST(Log, RepeatedWarningsAreHeldBackAndCounted) {
  Told told;
  const fact::BrokerError error{"raw_consumer", "_TRANSPORT", "connection refused", false};
  EXPECT_NE(told.log(error), "");
  EXPECT_EQ(told.log(error), "");
  EXPECT_EQ(told.log(error), "");
  EXPECT_NE(told.log(fact::BrokerError{"other_client", "_TRANSPORT", "", false}), "") << "another subject";
  told.now += 61s;
  EXPECT_TRUE(contains(told.log(error), "held_back=2"));
  EXPECT_TRUE(contains(told.metrics(), "imdswatch_log_lines_held_back_total 2"));
  EXPECT_TRUE(contains(told.metrics(), R"(imdswatch_broker_errors_total{client="raw_consumer",code="_TRANSPORT",fatal="false"} 4)"));
}

TEST(Log, LearningAnExpiredExceptionAndASilentPartitionAreToldOnce) {
  Told told;
  fact::DetectorFigures figures;
  figures.figures.learning = true;
  figures.figures.learning_until = event_time_us(1'772'366'400'000'000);
  EXPECT_TRUE(contains(told.log(figures), "until=2026-03-01T12:00:00.000Z"));
  EXPECT_EQ(told.log(figures), "");
  figures.figures.learning = false;
  EXPECT_TRUE(contains(told.log(figures), "the learning period is over"));
  fact::RunCompleted run;
  run.summary.triage.expired = {"old one"};
  EXPECT_TRUE(contains(told.log(run), "exception=\"old one\""));
  EXPECT_EQ(told.log(run), "");
  figures.figures.window.partitions = 4;
  figures.figures.window.silent_partitions = 1;
  EXPECT_TRUE(contains(told.log(figures), "silent=1 of=4"));
  EXPECT_EQ(told.log(figures), "") << "held back as a repeat";
  figures.figures.window.silent_partitions = 0;
  EXPECT_TRUE(contains(told.log(figures), "no input partition is silent any more"));
  figures.figures.window.left_out_partitions = 1;
  EXPECT_TRUE(contains(told.log(figures), "error   silent input partitions are left out"));
}

TEST(Log, FormatsAndLevelsAreParsed) {
  EXPECT_EQ(parse_log_level("warning"), LogLevel::warning);
  EXPECT_FALSE(parse_log_level("loud").has_value());
  EXPECT_EQ(parse_log_format("json"), LogFormat::json);
  EXPECT_EQ(parse_log_format("auto"), LogFormat::text) << "standard error of a test is not the journal";
  EXPECT_FALSE(parse_log_format("xml").has_value());
}

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

TEST(Log, ACallLogThatAcknowledgesNothingIsNamedWithItsPartitionSinceWhenAndWhatToDo) {
  Told told;
  fact::CallLogStalled stalled{"imdswatch.calls", Partition{2}, 1'204, 45s, wall_time_ms(1'772'366'400'125)};
  const std::string line = told.log(stalled);
  EXPECT_TRUE(contains(line, " error ")) << line;
  EXPECT_TRUE(contains(line, "min.insync.replicas")) << line;
  EXPECT_TRUE(line.ends_with("partition=imdswatch.calls/2 since=2026-03-01T12:00:00.125Z seconds=45 records=1204\n")) << line;
  EXPECT_EQ(told.log(stalled), "") << "at most once a minute";
  stalled.over = true;
  EXPECT_TRUE(contains(told.log(stalled), "acknowledges again what is written to it partition=imdswatch.calls/2"));
  fact::SieveFigures figures;
  figures.call_log_silent = 45'500ms;
  told.telemetry.emit(figures);
  EXPECT_TRUE(contains(told.metrics(), "imdswatch_call_log_silent_seconds{sieve=\"0\"} 45.5"));
}

TEST(Log, MessagesThatAreNeverReadAreCountedWithTheirPartition) {
  Told told;
  const std::string lost = told.log(fact::OffsetOutOfRange{"raw", Partition{3}, Offset{100}, Offset{5'100}, "the log begins later"});
  EXPECT_TRUE(contains(lost, "source=raw/3 wanted=100 earliest=5100 passed_over=5000 ")) << lost;
  EXPECT_TRUE(contains(told.log(fact::OffsetOutOfRange{"raw", Partition{3}, Offset{100}, Offset{7}, "truncated"}), "passed_over=0 "));
  const std::string at_end = told.log(fact::SourceStarted{"raw", Partition{3}, Offset{900}, Offset{900}, false, 900});
  EXPECT_TRUE(contains(at_end, " warning ")) << at_end;
  EXPECT_TRUE(contains(at_end, "source=raw/3 next=900 passed_over=900")) << at_end;
  EXPECT_TRUE(contains(told.log(fact::SourceStarted{"raw", Partition{3}, Offset{0}, Offset{0}, false}), " info "));
}

TEST(Log, ABrokersErrorsThatWereNotToldOneByOneAreCounted) {
  Told told;
  EXPECT_FALSE(contains(told.log(fact::BrokerError{"shard member", "_TRANSPORT", "away"}), "untold"));
  told.now += 61s;
  const std::string line = told.log(fact::BrokerError{"shard member", "_TRANSPORT", "away", false, 412});
  EXPECT_TRUE(contains(line, "untold=412")) << line;
  EXPECT_TRUE(contains(told.metrics(), R"(imdswatch_broker_errors_total{client="shard member",code="_TRANSPORT",fatal="false"} 414)"));
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
  told.telemetry.emit(fact::Ready{2s});
  EXPECT_TRUE(contains(told.metrics(), "imdswatch_ready 1"));
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
