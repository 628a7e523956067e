#include <gtest/gtest.h>

#include <cmath>

#include "imdswatch/score/score.hpp"
#include "support/teacher.hpp"

namespace imdswatch::score_cases {
namespace {

using namespace test;

const Signature ssm = agent("ssm-agent.exe");
const Signature theft = agent("curl.exe", "c:\\users\\public\\", UserKind::person, "unsigned");

Candidate call(std::string host, Signature signature) {
  Candidate out;
  out.fresh.key = {.bucket = Bucket{0}, .host = HostId{std::move(host)}, .signature = std::move(signature)};
  out.fresh.calls = 1;
  return out;
}

Model fleet(int hosts, bool learning_period = false) {
  ModelPolicy policy;
  if (!learning_period) policy.learning_for = std::chrono::hours{0};
  Model model{policy};
  for (int run = 0; run < 100; ++run) {
    std::vector<Leaving> leaving;
    for (int i = 0; i < hosts; ++i) leaving.push_back(seen("web-" + std::to_string(i), ssm));
    teach(model, at_run(run), leaving);
  }
  return model;
}

// Two hosts without peers, θ = 1, d = 0.5. Host `a` has shown ssm-agent.exe in 3 buckets and b.exe in 1; `b` ssm-agent.exe in 1.
// Fleet, names: ssm 2, b.exe 1; n = 3, Σδ = 1. No fading: everything at one moment.
//   p_fleet(ssm) = (2 − 0.5)/4 + (1 + 1)/4 · 0.01 = 0.375 + 0.005 = 0.38
//   p_a(ssm)     = (3 − 0.5)/5 + (1 + 1)/5 · 0.38 = 0.5 + 0.152   = 0.652
// Folder of ssm in the fleet: one value with 2 votes; n = 2, Σδ = 0.5.
//   p_fleet(folder) = (2 − 0.5)/3 + 1.5/3 · 0.05 = 0.5 + 0.025 = 0.525
//   p_a(folder)     = (3 − 0.5)/4 + 1.5/4 · 0.525 = 0.625 + 0.196875 = 0.821875; so for the signer
//   user: p_fleet = 0.5 + 0.5 · 0.2 = 0.6; p_a = 0.625 + 0.375 · 0.6 = 0.85
TEST(Score, FollowsTheFormulaByHand) {
  Model model{ModelPolicy{}};
  teach(model, at_run(0), {seen("a", ssm), seen("a", agent("b.exe")), seen("b", ssm)});
  for (int i = 0; i < 2; ++i) teach(model, at_run(0), {seen("a", ssm)});
  const Surprise s = surprise(model.counts(HostId{"a"}, {}, ssm, at_run(0)), model.policy());
  EXPECT_NEAR(s.name, -std::log10(0.652), 1e-6);
  EXPECT_NEAR(s.folder, -std::log10(0.821875), 1e-6);
  EXPECT_NEAR(s.signer, -std::log10(0.821875), 1e-6);
  EXPECT_NEAR(s.user, -std::log10(0.85), 1e-6);
  EXPECT_NEAR(s.sum, -std::log10(0.652 * 0.821875 * 0.821875 * 0.85), 1e-6);
}

// A new host, unknown user. Fleet: user `system` 2 votes, so p = 0.6; the remainder is 0.4.
//   −(0.6 log 0.6 + 0.4 log 0.4) = 0.133109 + 0.159176 = 0.292285
// On host `a`, which has shown it 3 times: p = 0.85: −(0.85 log 0.85 + 0.15 log 0.15) = 0.059994 + 0.123586 = 0.183580
TEST(Score, AnUnknownPartCountsItsExpectedSurprise) {
  Model model{ModelPolicy{}};
  teach(model, at_run(0), {seen("a", ssm), seen("b", ssm)});
  for (int i = 0; i < 2; ++i) teach(model, at_run(0), {seen("a", ssm)});
  Signature without_user = ssm;
  without_user.user.reset();
  EXPECT_NEAR(surprise(model.counts(HostId{"x"}, {}, without_user, at_run(0)), model.policy()).user, 0.292285, 1e-6);
  EXPECT_NEAR(surprise(model.counts(HostId{"a"}, {}, without_user, at_run(0)), model.policy()).user, 0.183580, 1e-6);
}

TEST(Score, ANewNameOfAnEmptyFleetHasTheConstantsForItsChance) {
  const Model model{ModelPolicy{}};
  const Surprise s = surprise(model.counts(HostId{"x"}, {}, ssm, at_run(0)), model.policy());
  EXPECT_NEAR(s.sum, -std::log10(0.01 * 0.05 * 0.2 * 0.05), 1e-6);
}

TEST(Score, PointsAreLinearFromNoneToNine) {
  EXPECT_EQ(points(0), 0);
  EXPECT_EQ(points(-1), 0);
  EXPECT_EQ(points(4.5), 50);
  EXPECT_EQ(points(5.0), 55.6);
  EXPECT_EQ(points(9), 100);
  EXPECT_EQ(points(12), 100);
}

TEST(Score, TheThresholdMayDifferByWhatTheShipperTells) {
  ScorePolicy policy;
  policy.threshold_without_user = 4.0;
  Signature told = ssm;
  EXPECT_EQ(threshold(told, policy), 4.5);
  told.user.reset();
  EXPECT_EQ(threshold(told, policy), 4.0);
  told.signer.reset();
  EXPECT_EQ(threshold(told, policy), 4.5);
  policy.threshold_without_user_and_signer = 3.5;
  EXPECT_EQ(threshold(told, policy), 3.5);
}

TEST(Judge, AnAutoscaledHostDoesNotAlarmOnWhatItsPeersDoAndAStrangerDoes) {
  const Model model = fleet(20);
  EXPECT_FALSE(judge(call("web-new", ssm), model, {}, at_run(100)).finding);
  const JudgedCandidate stranger = judge(call("web-new", theft), model, {}, at_run(100));
  ASSERT_TRUE(stranger.finding);
  EXPECT_EQ(stranger.finding->reason, Finding::Reason::surprise);
  EXPECT_EQ(stranger.finding->score.surprise, stranger.judgement.surprise);
  EXPECT_TRUE(stranger.finding->score.sparse_history);
  EXPECT_FALSE(stranger.finding->score.expected_interval_days);
  EXPECT_EQ(stranger.finding->score.peer_group, "stem:web");
}

TEST(Judge, WhatTheHostHasLearnedIsNoFindingHoweverRare) {
  Model model = fleet(20);
  teach(model, at_run(100), {seen("web-1", theft)});
  ScorePolicy strict;
  strict.threshold = 0.5;
  EXPECT_GT(judge(call("web-1", theft), model, strict, at_run(101)).judgement.surprise, 0.5);
  EXPECT_FALSE(judge(call("web-1", theft), model, strict, at_run(101)).finding);
  EXPECT_TRUE(judge(call("web-2", theft), model, strict, at_run(101)).finding);
}

TEST(Judge, ANameNewToTheFleetIsAFindingAfterTheLearningPeriod) {
  ScorePolicy lax;
  lax.threshold = 100;
  Model model = fleet(20, true);
  model.first_call(at_run(0));
  EXPECT_FALSE(judge(call("web-1", theft), model, lax, at_day(2)).finding);
  const JudgedCandidate judged = judge(call("web-1", theft), model, lax, at_day(3));
  ASSERT_TRUE(judged.finding);
  EXPECT_EQ(judged.finding->reason, Finding::Reason::new_to_fleet);
  teach(model, at_day(3), {seen("web-2", theft, true)});
  EXPECT_FALSE(judge(call("web-1", theft), model, lax, at_day(3)).finding) << "another host has called under it by now";
}

TEST(Judge, FindingsOfTheLearningPeriodSaySo) {
  Model model = fleet(20, true);
  model.first_call(at_run(0));
  EXPECT_TRUE(judge(call("web-1", theft), model, {}, at_day(2)).finding->learning);
  EXPECT_FALSE(judge(call("web-1", theft), model, {}, at_day(3)).finding->learning);
}

TEST(Judge, LaterCallsKeepTheJudgementOfTheFirst) {
  Model model = fleet(20);
  Candidate later = call("web-1", theft);
  later.before = Judgement{.finding = true, .surprise = 7.25};
  teach(model, at_run(100), {seen("web-1", theft)});
  const JudgedCandidate judged = judge(later, model, {}, at_run(101));
  EXPECT_EQ(judged.judgement, *later.before);
  ASSERT_TRUE(judged.finding);
  EXPECT_FALSE(judged.finding->first);
  EXPECT_EQ(judged.finding->score.surprise, 7.25);
  later.before->finding = false;
  EXPECT_FALSE(judge(later, model, {}, at_run(101)).finding);
}

TEST(Judge, ExplainsWithItsCounts) {
  Model model = fleet(20);
  teach(model, at_run(100), {seen("db", agent("curl.exe"))});
  const JudgedCandidate judged = judge(call("web-1", theft), model, {}, at_run(100));
  ASSERT_TRUE(judged.finding);
  const Score& score = judged.finding->score;
  ASSERT_EQ(score.factors.size(), 4U);
  EXPECT_EQ(score.factors[0].value, "curl.exe");
  EXPECT_EQ(score.factors[0].host_windows_with, 0);
  EXPECT_NEAR(score.factors[0].host_windows, 100, 2);
  EXPECT_EQ(score.factors[0].peers_with, 0U);
  EXPECT_EQ(score.factors[0].peers, 19U);
  EXPECT_EQ(score.factors[0].fleet_with, 1U);
  EXPECT_EQ(score.factors[0].fleet, 20U);
  EXPECT_TRUE(score.factors[0].fleet_since);
  EXPECT_EQ(score.factors[1].fleet_with, 0U);
  EXPECT_FALSE(score.factors[1].fleet_since);
  EXPECT_EQ(score.factors[2].value, "person");
  EXPECT_EQ(score.usual_callers, std::vector<std::string>{"ssm-agent.exe"});
  EXPECT_EQ(score.host_sightings, 100);
  EXPECT_FALSE(score.sparse_history);
  // 100 buckets in 100 runs of 15 minutes: 96 a day
  EXPECT_NEAR(*score.expected_interval_days, std::pow(10, score.surprise) / 96, 1e-3 * *score.expected_interval_days);
}

TEST(LearningReport, ListsWhatFewHostsDoWorstFirst) {
  Model model = fleet(200, true);
  model.first_call(at_run(0));
  teach(model, at_run(100), {seen("web-7", theft, true), seen("web-3", agent("ssm-agent.exe", "c:\\odd\\"))}, true);
  EXPECT_FALSE(learning_report(model, {}, at_day(2)));
  const auto report = learning_report(model, {}, at_day(3));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->from, at_run(0));
  EXPECT_EQ(report->to, at_day(3));
  EXPECT_EQ(report->hosts, 200U);
  ASSERT_EQ(report->entries.size(), 2U);
  EXPECT_EQ(report->entries[0].signature, theft);
  EXPECT_EQ(report->entries[0].hosts, 1U);
  EXPECT_EQ(report->entries[0].examples, std::vector<std::string>{"web-7"});
  EXPECT_GT(report->entries[0].surprise, report->entries[1].surprise);
  model.report_made();
  EXPECT_FALSE(learning_report(model, {}, at_day(3)));
}

}  // namespace
}  // namespace imdswatch::score_cases
