#include <gtest/gtest.h>

#include <cmath>

#include "imdswatch/score/score.hpp"
#include "support/teacher.hpp"

namespace imdswatch::model_cases {
namespace {

using namespace test;

const Signature ssm = agent("ssm-agent.exe");

double chance_count(const Model& model, const std::string& host, const Signature& signature, EventTime time) {
  return model.counts(HostId{host}, {}, signature, time).name.host.count;
}

TEST(Model, ABucketCountsOnceOnItsHost) {
  Model model{ModelPolicy{}};
  teach(model, at_run(0), {seen("a", ssm), seen("a", agent("ssm-agent.exe", "c:\\temp\\"))});
  const SignatureCounts counts = model.counts(HostId{"a"}, {}, ssm, at_run(0));
  EXPECT_EQ(counts.name.host.count, 1);
  EXPECT_EQ(counts.host_buckets, 1U);
  EXPECT_EQ(counts.parts[0].host.count, 1);
  EXPECT_EQ(counts.parts[0].host.total, 2);
  EXPECT_EQ(counts.parts[1].host.count, 1);
}

TEST(Model, ACountHalvesInAHalfLife) {
  Model model{ModelPolicy{}};
  for (int i = 0; i < 64; ++i) teach(model, at_run(0), {seen("a", ssm)});
  EXPECT_EQ(chance_count(model, "a", ssm, at_run(0)), 64);
  EXPECT_NEAR(chance_count(model, "a", ssm, at_day(30)), 32, 1e-4);
}

TEST(Model, WhatIsLearnedNeverFadesBelowOne) {
  Model model{ModelPolicy{}};
  teach(model, at_day(0), {seen("a", ssm)});
  EXPECT_EQ(chance_count(model, "a", ssm, at_day(399)), 1);
  const SignatureCounts counts = model.counts(HostId{"a"}, {}, ssm, at_day(399));
  for (const PartCounts& part : counts.parts) EXPECT_EQ(part.host.count, 1);
}

TEST(Model, AVoteFadesFromTheHostsLastCallOfAnyKindInWholeDays) {
  Model model{ModelPolicy{}};
  teach(model, at_day(0), {seen("a", ssm), seen("b", ssm)});
  EXPECT_NEAR(model.counts(HostId{"x"}, {}, ssm, at_day(30)).name.fleet.count, 1.0, 1e-12);
  EXPECT_EQ(model.counts(HostId{"x"}, {}, ssm, at_day(0.9)).name.fleet.count, 2.0);
  teach(model, at_day(30), {seen("a", agent("other.exe"))});
  const SignatureCounts counts = model.counts(HostId{"x"}, {}, ssm, at_day(30));
  EXPECT_NEAR(counts.name.fleet.count, 1.5, 1e-12);
  EXPECT_NEAR(counts.parts[0].fleet.count, 1.5, 1e-12);
  EXPECT_EQ(counts.name.in_fleet.with, 2U);
}

TEST(Model, CallingAgainOnTheSameDayTopsUpNothing) {
  Model model{ModelPolicy{}};
  teach(model, at_run(0), {seen("a", ssm)});
  std::vector<ModelRow> rows;
  model.drain(rows);
  rows.clear();
  teach(model, at_run(1), {seen("a", ssm)});
  model.drain(rows);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<HostRow>(rows[0]));
  EXPECT_TRUE(std::holds_alternative<HostNameRow>(rows[1]));
}

TEST(Model, AnIdleHostRewritesNothing) {
  Model model{ModelPolicy{}};
  teach(model, at_run(0), {seen("a", ssm), seen("b", ssm)});
  std::vector<ModelRow> rows;
  model.drain(rows);
  rows.clear();
  teach(model, at_run(1), {seen("b", ssm)});
  model.drain(rows);
  for (const ModelRow& row : rows) {
    if (const auto* host = std::get_if<HostRow>(&row)) {
      EXPECT_EQ(host->host, HostId{"b"});
    }
    if (const auto* name = std::get_if<HostNameRow>(&row)) {
      EXPECT_EQ(name->host, HostId{"b"});
    }
  }
  rows.clear();
  model.drain(rows);
  EXPECT_TRUE(rows.empty());
}

TEST(Model, ForgettingWithdrawsVotesAndLeavesTombstones) {
  Model model{ModelPolicy{}};
  teach(model, at_day(0), {seen("web-1", ssm), seen("web-2", ssm)});
  teach(model, at_day(300), {seen("web-2", ssm)});
  std::vector<ModelRow> rows;
  model.drain(rows);
  rows.clear();
  teach(model, at_day(400), {});
  EXPECT_EQ(model.figures().hosts, 2U);
  teach(model, at_day(402), {});
  model.drain(rows);
  EXPECT_EQ(model.figures().hosts, 1U);
  const SignatureCounts counts = model.counts(HostId{"x"}, {}, ssm, at_day(402));
  EXPECT_EQ(counts.name.in_fleet.with, 1U);
  EXPECT_EQ(counts.name.in_fleet.of, 1U);
  EXPECT_NEAR(counts.name.fleet.count, std::exp2(-102.0 / 30), 1e-9);
  EXPECT_NE(std::ranges::find(rows, ModelRow{HostRow{HostId{"web-1"}, {}}}), rows.end());
  EXPECT_NE(std::ranges::find(rows, ModelRow{HostNameRow{HostId{"web-1"}, "ssm-agent.exe", {}}}), rows.end());
  teach(model, at_day(702), {});
  EXPECT_EQ(model.figures().hosts, 0U);
  EXPECT_EQ(model.figures().fleet_names, 0U);
  std::vector<ModelRow> all;
  model.rows(all);
  EXPECT_EQ(all.size(), 1U);  // learning
}

TEST(Model, ASignatureIsForgottenAloneWhenItsNameGoesOn) {
  Model model{ModelPolicy{}};
  const Signature old_place = agent("ssm-agent.exe", "c:\\old\\");
  teach(model, at_day(0), {seen("a", old_place), seen("a", ssm)});
  for (int day = 100; day <= 500; day += 100) teach(model, at_day(day), {seen("a", ssm)});
  EXPECT_FALSE(model.learned(HostId{"a"}, old_place));
  EXPECT_TRUE(model.learned(HostId{"a"}, ssm));
  EXPECT_EQ(model.counts(HostId{"a"}, {}, old_place, at_day(500)).parts[0].fleet.count, 0);
  EXPECT_EQ(model.figures().signatures, 1U);
}

TEST(Model, TheFirstCallEverStartsTheLearningPeriod) {
  Model model{ModelPolicy{}};
  EXPECT_FALSE(model.learning_until());
  EXPECT_TRUE(model.learning(at_day(0)));
  model.first_call(at_day(0));
  model.first_call(at_day(2));
  EXPECT_EQ(model.learning_until(), at_day(3));
  EXPECT_TRUE(model.learning(at_day(3) - every));
  EXPECT_FALSE(model.report_due(at_day(3) - every));
  EXPECT_FALSE(model.learning(at_day(3)));
  EXPECT_TRUE(model.report_due(at_day(3)));
  model.report_made();
  EXPECT_FALSE(model.report_due(at_day(4)));
}

TEST(Model, NoLearningPeriodLeavesNoReport) {
  ModelPolicy policy;
  policy.learning_for = std::chrono::hours{0};
  Model model{policy};
  model.first_call(at_day(0));
  EXPECT_FALSE(model.learning(at_day(0)));
  EXPECT_FALSE(model.report_due(at_day(10)));
}

TEST(Model, ItRemembersSinceWhenTheFleetHasAValue) {
  Model model{ModelPolicy{}};
  teach(model, at_day(1), {seen("a", ssm)});
  teach(model, at_day(2), {seen("b", ssm), seen("b", agent("ssm-agent.exe", "c:\\new\\"))});
  const SignatureCounts counts = model.counts(HostId{"c"}, {}, agent("ssm-agent.exe", "c:\\new\\"), at_day(3));
  EXPECT_EQ(counts.name.since, at_day(1) - 3 * every);
  EXPECT_EQ(counts.parts[0].since, at_day(2) - 3 * every);
}

TEST(Model, UsualCallersStandByCountThenText) {
  Model model{ModelPolicy{}};
  for (int i = 0; i < 3; ++i) teach(model, at_run(i), {seen("a", agent("c.exe")), seen("a", agent("b.exe"))});
  teach(model, at_run(4), {seen("a", agent("z.exe")), seen("a", agent("c.exe"))});
  EXPECT_EQ(model.usual_callers(HostId{"a"}, at_run(5), 10), (std::vector<std::string>{"c.exe", "b.exe", "z.exe"}));
  EXPECT_EQ(model.usual_callers(HostId{"a"}, at_run(5), 1), (std::vector<std::string>{"c.exe"}));
}

}  // namespace
}  // namespace imdswatch::model_cases
