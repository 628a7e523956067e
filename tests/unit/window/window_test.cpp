#include <gtest/gtest.h>

#include "imdswatch/base/limits.hpp"
#include "window_world.hpp"

namespace imdswatch::testing {
namespace {

Window window_in(Schedule::Mode mode) {
  Schedule schedule;
  schedule.mode = mode;
  return Window{schedule};
}

TEST(Schedule, ABucketBeginsAtItsStartBefore1970Too) {
  const Schedule s;
  EXPECT_EQ(s.bucket_of(event_time_us(-1)), Bucket{-1});
  EXPECT_EQ(s.bucket_of(event_time_us(0)), Bucket{0});
  EXPECT_EQ(s.start(s.bucket_of(at(minutes{14} + seconds{59}))), at(minutes{0}));
}

TEST(Window, NoRunIsDueBeforeAnyCall) {
  Window window = window_in(Schedule::Mode::interval);
  tell(window, progress(at(minutes{100})));
  EXPECT_FALSE(window.next_due());
}

TEST(Window, ARunIsDueWhenTimeReachesItAndJudgesTheCallsBeforeIt) {
  Window window = window_in(Schedule::Mode::interval);
  window.add(call(1, at(minutes{3})), false);
  window.add(call(2, at(minutes{16})), false);
  tell(window, progress(at(minutes{15} - seconds{1})));
  EXPECT_FALSE(window.next_due());
  tell(window, progress(at(minutes{15}), seconds{5}));
  const auto runs = run_all(window);
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].run.time, at(minutes{15}));
  ASSERT_EQ(runs[0].candidates.size(), 1U);
  EXPECT_EQ(runs[0].candidates[0].fresh.calls, 1U);
  EXPECT_EQ(runs[0].candidates[0].fresh.first, at(minutes{3}));
  EXPECT_TRUE(window.has_unjudged());
}

TEST(Window, WaitsForTheDelayOfTheSchedule) {
  Schedule schedule;
  schedule.delay = minutes{5};
  Window window{schedule};
  window.add(call(1, at(minutes{3})), false);
  tell(window, progress(at(minutes{19})));
  EXPECT_FALSE(window.next_due());
  tell(window, progress(at(minutes{20})));
  EXPECT_TRUE(window.next_due());
}

TEST(Window, AStepOfTimeOverSeveralRunsDoesThemOneByOne) {
  Window window = window_in(Schedule::Mode::interval);
  window.add(call(1, at(minutes{3})), false);
  window.add(call(2, at(minutes{33})), false);
  tell(window, progress(at(minutes{90})));
  const auto runs = run_all(window);
  ASSERT_EQ(runs.size(), 6U);
  EXPECT_EQ(runs[0].candidates.size(), 1U);
  EXPECT_EQ(runs[1].candidates.size(), 0U);
  ASSERT_EQ(runs[2].candidates.size(), 1U);
  EXPECT_EQ(runs[2].run.time, at(minutes{45}));
  ASSERT_EQ(runs[2].leaving.size(), 1U);
  EXPECT_EQ(runs[2].leaving[0].first, at(minutes{3}));
  ASSERT_EQ(runs[4].leaving.size(), 1U);
  EXPECT_EQ(window.figures().open_sightings, 0U);
  EXPECT_EQ(window.figures().hosts, 0U);
}

TEST(Window, ACallThatComesLaterToASightingStandsAloneAndBringsItsJudgement) {
  Window window = window_in(Schedule::Mode::interval);
  window.add(call(1, at(minutes{3}), "web-1", signature("thief.exe")), false);
  tell(window, progress(at(minutes{16})));
  run_all(window);
  Call later = call(2, at(minutes{4}), "web-1", signature("thief.exe"));
  later.evidence.process.pid = 7;
  window.add(later, false);
  tell(window, progress(at(minutes{31})));
  const auto runs = run_all(window);
  ASSERT_EQ(runs.size(), 1U);
  ASSERT_EQ(runs[0].candidates.size(), 1U);
  const Candidate& c = runs[0].candidates[0];
  EXPECT_EQ(c.before, (Judgement{true, 5.0}));
  EXPECT_EQ(c.fresh.calls, 1U);
  EXPECT_EQ(c.fresh.first, at(minutes{4}));
  ASSERT_EQ(c.fresh.processes.size(), 1U);
  EXPECT_EQ(c.fresh.processes[0].evidence.process.pid, 7U);
}

TEST(Window, ALateCallIsCountedInTheBucketThatTheNextRunClosesWithItsOwnTime) {
  Window window = window_in(Schedule::Mode::interval);
  window.add(call(1, at(minutes{3})), false);
  tell(window, progress(at(minutes{60})));
  run_all(window);
  EXPECT_EQ(window.add(call(2, at(minutes{31})), false), Window::Added::counted);       // the next run still sees it
  EXPECT_EQ(window.add(call(3, at(minutes{29}), "db-1"), false), Window::Added::counted_late);
  tell(window, progress(at(minutes{75})));
  const auto runs = run_all(window);
  ASSERT_EQ(runs.size(), 1U);
  ASSERT_EQ(runs[0].candidates.size(), 2U);
  const Sighting& late = runs[0].candidates[1].fresh;
  EXPECT_EQ(late.key.bucket, runs[0].run.closing);
  EXPECT_TRUE(late.late);
  EXPECT_EQ(late.first, at(minutes{29}));
  EXPECT_FALSE(runs[0].candidates[0].fresh.late);
}

TEST(Window, WhatARestartedSieveRepeatsFallsAway) {
  Window window = window_in(Schedule::Mode::interval);
  EXPECT_EQ(window.add(call(5, at(minutes{3})), false), Window::Added::counted);
  EXPECT_EQ(window.add(call(5, at(minutes{3})), false), Window::Added::told_before);
  EXPECT_EQ(window.add(call(4, at(minutes{3})), false), Window::Added::told_before);
  Call second = call(5, at(minutes{3}));
  second.origin.place = 1;
  EXPECT_EQ(window.add(second, false), Window::Added::counted);
  Call new_leader = call(2, at(minutes{3}));
  new_leader.origin.epoch = LeaderEpoch{1};
  EXPECT_EQ(window.add(new_leader, false), Window::Added::counted);
  Call made_anew = call(0, at(minutes{3}));
  made_anew.origin.topic = topic(9);
  EXPECT_EQ(window.add(made_anew, false), Window::Added::counted);
  EXPECT_EQ(window.figures().told_before, 2U);
}

TEST(Window, APlainCallKeepsNoEvidence) {
  Window window = window_in(Schedule::Mode::interval);
  Call c = call(1, at(minutes{3}));
  c.attributes.peer_value = "asg-1";
  window.add(c, true);
  tell(window, progress(at(minutes{15})));
  const auto runs = run_all(window);
  ASSERT_EQ(runs.at(0).candidates.size(), 1U);
  const Sighting& s = runs[0].candidates[0].fresh;
  EXPECT_EQ(s.calls, 1U);
  EXPECT_TRUE(s.processes.empty());
  EXPECT_TRUE(s.sources.empty());
  EXPECT_EQ(s.attributes.peer_value, "asg-1");
}

TEST(Window, PlainCallsBeforeOneWithEvidenceCountAsCallsThatNoExceptionCanMatch) {
  Window window = window_in(Schedule::Mode::interval);
  window.add(call(1, at(minutes{3})), true);
  window.add(call(2, at(minutes{4})), false);
  tell(window, progress(at(minutes{15})));
  const Sighting s = run_all(window).at(0).candidates.at(0).fresh;
  EXPECT_EQ(s.calls, 2U);
  EXPECT_EQ(s.processes.size(), 1U);
  EXPECT_EQ(s.processes_omitted, 1U);
}

TEST(Window, CandidatesComeInTheOrderOfTheirKeys) {
  Window window = window_in(Schedule::Mode::interval);
  window.add(call(1, at(minutes{3}), "web-2"), false);
  window.add(call(2, at(minutes{3}), "web-1", signature("b.exe")), false);
  window.add(call(3, at(minutes{3}), "web-1", signature("a.exe")), false);
  tell(window, progress(at(minutes{15})));
  const auto runs = run_all(window);
  const auto& found = runs.at(0).candidates;
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].fresh.key.signature.name, "a.exe");
  EXPECT_EQ(found[1].fresh.key.signature.name, "b.exe");
  EXPECT_EQ(found[2].fresh.key.host, HostId{"web-2"});
}

TEST(Window, MoreProcessesThanTheLimitAreCountedWhateverTheirOrder) {
  const auto judge = [](bool backwards) {
    Window window = window_in(Schedule::Mode::interval);
    const std::int32_t many = 2 * static_cast<std::int32_t>(limits::max_processes_per_sighting);
    for (std::int32_t n = 0; n < many; ++n) {
      const std::int32_t i = backwards ? many - 1 - n : n;
      Call c = call(1, at(minutes{3} + seconds{i}), "web-1", signature("thief.exe"), i);
      c.evidence.process.pid = static_cast<std::uint64_t>((i * 7) % many);
      window.add(c, false);
    }
    tell(window, progress(at(minutes{15})));
    return run_all(window).at(0).candidates.at(0).fresh;
  };
  const Sighting one = judge(false);
  EXPECT_EQ(one.processes.size(), limits::max_processes_per_sighting);
  EXPECT_EQ(one.processes_omitted, limits::max_processes_per_sighting);
  EXPECT_EQ(one, judge(true));
}

TEST(Window, ALateProcessStartExplainsACallThatIsStillOpenAndMakesNone) {
  Window window = window_in(Schedule::Mode::interval);
  window.add(call(1, at(minutes{3}), "web-1", signature("thief.exe")), false);
  Lineage lineage{call(1, at(minutes{3})).origin, HostId{"web-1"}, at(minutes{3}), {}};
  lineage.evidence.process.pid = 100;
  lineage.evidence.process.command_line = "thief.exe --all";
  lineage.evidence.user_id = "S-1-5-21-9";
  window.add(lineage);
  tell(window, progress(at(minutes{15})));
  const Sighting told = run_all(window).at(0).candidates.at(0).fresh;
  EXPECT_EQ(told.processes.at(0).evidence.process.command_line, "thief.exe --all");
  EXPECT_TRUE(told.processes[0].evidence.joined);
  EXPECT_EQ(told.processes[0].evidence.user_id, "S-1-5-18");
  EXPECT_EQ(told.user_ids, std::vector<std::string>{"S-1-5-18"});
  window.add(lineage);
  tell(window, progress(at(minutes{30})));
  EXPECT_TRUE(run_all(window).at(0).candidates.empty());
}

TEST(Window, ALateProcessStartExplainsOnlyItsOwnCallWhateverTheOrder) {
  const auto judge = [](bool other_first) {
    Window window = window_in(Schedule::Mode::interval);
    const Call other = call(1, at(minutes{4}), "web-1", signature("thief.exe"), 2);
    Lineage lineage{call(1, at(minutes{3})).origin, HostId{"web-1"}, at(minutes{3}), {}};
    lineage.evidence.process.command_line = "thief.exe --all";
    if (other_first) window.add(other, false);
    window.add(call(1, at(minutes{3}), "web-1", signature("thief.exe")), false);
    window.add(lineage);
    if (!other_first) window.add(other, false);
    tell(window, progress(at(minutes{15})));
    return run_all(window).at(0).candidates.at(0).fresh;
  };
  const Sighting told = judge(false);
  EXPECT_EQ(told, judge(true));
  ASSERT_EQ(told.processes.size(), 2U);
  EXPECT_TRUE(told.processes[0].evidence.joined);
  EXPECT_EQ(told.processes[1].first, at(minutes{4}));
}

TEST(Window, ALateProcessStartOfACallThatIsNotOpenExplainsNothing) {
  Window window = window_in(Schedule::Mode::interval);
  window.add(call(1, at(minutes{3})), false);
  Lineage lineage{call(2, at(minutes{3})).origin, HostId{"web-1"}, at(minutes{3}), {}};
  lineage.evidence.process.command_line = "other";
  window.add(lineage);
  tell(window, progress(at(minutes{15})));
  EXPECT_FALSE(run_all(window).at(0).candidates.at(0).fresh.processes.at(0).evidence.joined);
}

TEST(Window, AtTheEndOfAReplayTimeComesToTheEndOfTheEarliestOpenBucket) {
  Window window = window_in(Schedule::Mode::interval);
  EXPECT_FALSE(window.advance_to_next_run());
  EXPECT_FALSE(window.advance_by_one_run());
  window.add(call(1, at(minutes{3})), false);
  int runs = 0;
  while (window.advance_to_next_run()) runs += static_cast<int>(run_all(window).size());
  EXPECT_EQ(runs, 3);
  EXPECT_FALSE(window.has_unjudged());
  EXPECT_TRUE(window.advance_by_one_run());
  EXPECT_EQ(run_all(window).size(), 1U);
}

TEST(Window, ContinuousJudgesACallOnceTheRunAtItsBucketsStartIsDone) {
  Window window = window_in(Schedule::Mode::continuous);
  window.add(call(1, at(minutes{3})), false);
  EXPECT_TRUE(window.take_ready().empty());  // no run yet
  window.add(call(2, at(minutes{16}), "web-2"), false);
  tell(window, progress(at(minutes{15})));
  EXPECT_EQ(run_all(window).at(0).candidates.size(), 1U);
  EXPECT_EQ(window.take_ready().size(), 1U);
  window.add(call(3, at(minutes{17}), "web-3"), false);
  ASSERT_EQ(window.take_ready().size(), 1U);
  EXPECT_FALSE(window.has_unjudged());
  tell(window, progress(at(minutes{30})));
  EXPECT_TRUE(run_all(window).at(0).candidates.empty());
}

TEST(Window, ContinuousLetsACallWithAnUnknownPartWaitForTheRunThatClosesItsBucket) {
  Window window = window_in(Schedule::Mode::continuous);
  window.add(call(1, at(minutes{3})), false);
  tell(window, progress(at(minutes{15})));
  run_all(window);
  Signature without_user = signature("tool.exe");
  without_user.user.reset();
  window.add(call(2, at(minutes{16}), "web-1", without_user), false);
  EXPECT_TRUE(window.take_ready().empty());
  EXPECT_TRUE(window.has_unjudged());
  tell(window, progress(at(minutes{30})));
  EXPECT_EQ(run_all(window).at(0).candidates.size(), 1U);
}

TEST(Window, IntervalNeverJudgesBeforeItsRun) {
  Window window = window_in(Schedule::Mode::interval);
  window.add(call(1, at(minutes{3})), false);
  tell(window, progress(at(minutes{15})));
  run_all(window);
  window.add(call(2, at(minutes{16})), false);
  EXPECT_TRUE(window.take_ready().empty());
}

/// Compaction keeps a tombstone longer than the row that it ends.
TEST(Window, ATombstoneOfAHostWithNothingElseLeavesNoTraceInARestoredWindow) {
  Window window = window_in(Schedule::Mode::interval);
  window.add(call(1, at(minutes{3}), "web-2"), false);
  std::vector<WindowRow> rows;
  window.drain(rows);
  Window restored = window_in(Schedule::Mode::interval);
  restored.apply(WindowRow{SightingRow{{Schedule{}.bucket_of(at(minutes{3})), HostId{"web-1"}, signature("agent.exe")}, std::nullopt}});
  for (const WindowRow& row : rows) restored.apply(row);
  EXPECT_EQ(restored.figures().hosts, 1U);
  tell(restored, progress(at(minutes{60})));  // web-2's bucket leaves
  run_all(restored);
  EXPECT_EQ(restored.figures().hosts, 0U);
  for (std::int64_t host = 1; host <= 3; ++host) restored.add(call(1 + host, at(minutes{61}), "web-" + std::to_string(host)), false);
  tell(restored, progress(at(minutes{75}), seconds{5}));
  const auto runs = run_all(restored);
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].candidates.size(), 3U);
}

}  // namespace
}  // namespace imdswatch::testing
