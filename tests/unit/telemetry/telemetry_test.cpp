#include "told.hpp"

namespace imdswatch {
namespace {

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

}  // namespace
}  // namespace imdswatch
