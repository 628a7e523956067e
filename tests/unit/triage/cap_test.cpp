#include <gtest/gtest.h>

#include "imdswatch/base/limits.hpp"
#include "make.hpp"

namespace imdswatch {
namespace {

using namespace testing;

TriagePolicy capped(int places) {
  TriagePolicy policy;
  policy.max_alerts_per_run = places;
  policy.group_hosts_over = 1'000'000;
  return policy;
}

/// Each on a host and under a name of its own.
std::vector<Finding> flood(int count, std::int64_t n, double s, const std::string& prefix) {
  std::vector<Finding> out;
  for (int i = 0; i < count; ++i) out.push_back(finding(prefix + std::to_string(100'000 + i), prefix + ".exe", n, s, seconds{i % 600}));
  return out;
}

TEST(Cap, TheHighestAreToldAndTheRestIsCarriedAndMarked) {
  Triage triage{capped(2)};
  const auto out = admit(triage, {finding("a", "x.exe", 0, 5), finding("b", "y.exe", 0, 8), finding("c", "z.exe", 0, 7)}, run_closing(0));
  EXPECT_EQ(brief(out), (Briefs{"single b/y.exe@0 v1 calls=1", "single c/z.exe@0 v1 calls=1"}));
  EXPECT_EQ(out.counts.carried, 1u);
  EXPECT_EQ(triage.carried(), 1u);
  const auto next = admit(triage, {}, run_closing(1));
  EXPECT_EQ(brief(next), (Briefs{"single a/x.exe@0 v1 calls=1 held"}));
  EXPECT_EQ(next.counts.released, 1u);
  EXPECT_EQ(next.orders[0].run, run_closing(1).time);
}

TEST(Cap, AFloodCannotPushATheftOutForGood) {
  Triage triage{capped(4)};
  std::vector<Finding> first = flood(10, 0, 9, "noise");
  first.push_back(finding("victim", "theft.exe", 0, 4.6));
  admit(triage, first, run_closing(0));
  std::int64_t told_in = -1;
  for (std::int64_t n = 1; n < 10 && told_in < 0; ++n) {
    for (const AlertOrder& order : admit(triage, flood(10, n, 9.5, "more" + std::to_string(n)), run_closing(n)).orders) {
      if (order.identity.signature.name == "theft.exe") told_in = n;
    }
  }
  EXPECT_EQ(told_in, 4) << "seven carried findings, two of the oldest with each run";
}

TEST(Cap, ASinglePlaceFreesWhatIsCarriedToo) {
  Triage triage{capped(1)};
  admit(triage, {finding("a", "x.exe", 0, 5), finding("b", "y.exe", 0, 8)}, run_closing(0));
  EXPECT_EQ(brief(admit(triage, {finding("c", "z.exe", 1, 9)}, run_closing(1))), (Briefs{"single a/x.exe@0 v1 calls=1 held"}));
}

TEST(Cap, WhatRepeatsACarriedFindingIsAddedToIt) {
  Triage triage{capped(1)};
  admit(triage, {finding("a", "x.exe", 0, 5), finding("b", "y.exe", 0, 8)}, run_closing(0));
  const auto out = admit(triage, {finding("a", "x.exe", 1, 5), finding("a", "x.exe", 1, 5, minutes{5})}, run_closing(1));
  EXPECT_EQ(brief(out), (Briefs{"single a/x.exe@0 v1 calls=3 held"}));
  EXPECT_EQ(out.counts.repeated, 2u);
  EXPECT_EQ(out.orders[0].findings.at(0).sighting.calls, 3u);
}

TEST(Cap, UpdatesAndGroupsLieOutside) {
  TriagePolicy policy = capped(1);
  Triage triage{policy};
  admit(triage, {finding("a", "x.exe", 0)}, run_closing(0));
  const auto out = admit(triage, {finding("a", "x.exe", 1), finding("b", "y.exe", 1)}, run_closing(1));
  EXPECT_EQ(brief(out), (Briefs{"single b/y.exe@1 v1 calls=1", "single a/x.exe@0 v2 calls=2"}));
}

TEST(Cap, CallsBetweenRunsShareTheRunsPlaces) {
  Triage triage{capped(2)};
  imdswatch::Run run = run_closing(0);
  std::uint64_t told = 0;
  for (int i = 0; i < 5; ++i) {
    run.time += minutes{1};
    told += admit(triage, {finding("h" + std::to_string(i), "x.exe", 1)}, run).counts.told;
  }
  EXPECT_EQ(told, 2u);
  EXPECT_EQ(triage.carried(), 3u);
  EXPECT_EQ(admit(triage, {}, run_closing(1)).counts.released, 2u);
}

TEST(Cap, BeyondWhatCanBeCarriedOneAlertCounts) {
  Triage triage{capped(0)};
  const int most = static_cast<int>(limits::max_carried_findings);
  std::vector<Finding> findings = flood(most + 5, 0, 6, "noise");
  findings.push_back(findings.back());  // a repeat of one that is dropped
  findings.back().sighting.first += seconds{1};
  findings.push_back(finding("victim", "theft.exe", 0, 8));
  const auto out = admit(triage, findings, run_closing(0));
  ASSERT_EQ(out.orders.size(), 1u);
  EXPECT_EQ(brief(out.orders[0]), "overflow@0 v1 dropped=" + std::to_string(out.counts.overflowed));
  EXPECT_EQ(out.counts.carried, limits::max_carried_findings);
  EXPECT_GE(out.counts.overflowed, 6u);
  EXPECT_EQ(triage.carried(), limits::max_carried_findings);
  std::vector<TriageRow> rows;
  triage.rows(rows);
  bool theft = false;
  for (const TriageRow& row : rows) {
    const auto* waiting = std::get_if<WaitingFindingRow>(&row);
    theft = theft || (waiting != nullptr && waiting->key.signature.name == "theft.exe");
  }
  EXPECT_TRUE(theft) << "the highest s is carried first";
  EXPECT_EQ(brief(admit(triage, {finding("one", "more.exe", 1)}, run_closing(1))), (Briefs{"overflow@1 v1 dropped=1"}));
}

TEST(Cap, WhatWasDroppedLeavesNoTraceInItsSignaturesWindow) {
  TriagePolicy policy = capped(0);
  policy.group_hosts_over = 1;
  Triage triage{policy};
  std::vector<Finding> fill;
  for (std::size_t i = 0; i < limits::max_carried_findings; ++i) fill.push_back(finding("h", "p" + std::to_string(i) + ".exe", 0, 7));
  admit(triage, fill, run_closing(0));
  EXPECT_EQ(admit(triage, {finding("a", "x.exe", 1)}, run_closing(1)).counts.overflowed, 1u);
  EXPECT_EQ(admit(triage, {finding("b", "x.exe", 2)}, run_closing(2)).counts.overflowed, 1u) << "b is the first host, not the second";
}

}  // namespace
}  // namespace imdswatch
