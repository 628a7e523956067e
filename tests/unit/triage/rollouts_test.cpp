#include <gtest/gtest.h>

#include "make.hpp"

namespace imdswatch {
namespace {

using namespace testing;

std::vector<Finding> on_hosts(int from, int to, std::int64_t n) {
  std::vector<Finding> out;
  for (int i = from; i <= to; ++i) out.push_back(finding("web-" + std::to_string(i), "new-agent.exe", n, 6, seconds{i}));
  return out;
}

TEST(RollOuts, TheFirstThreeHostsAreToldSinglyAndTheRestTogether) {
  Triage triage{TriagePolicy{}};
  const auto out = admit(triage, on_hosts(1, 5, 0), run_closing(0));
  EXPECT_EQ(brief(out), (Briefs{"single web-1/new-agent.exe@0 v1 calls=1", "single web-2/new-agent.exe@0 v1 calls=1",
                                "single web-3/new-agent.exe@0 v1 calls=1", "group /new-agent.exe@0 v1 calls=2 +web-4 +web-5"}));
  EXPECT_EQ(out.counts.grouped, 2u);
  const AlertOrder& group = out.orders.back();
  EXPECT_EQ(group.group_hosts, (Briefs{"web-1", "web-2", "web-3", "web-4", "web-5"}));
  EXPECT_EQ(group.group_hosts_count, 5u);
  EXPECT_EQ(group.findings.size(), 2u);
}

TEST(RollOuts, AGroupIsUpdatedOnlyByRunsInWhichItGrew) {
  Triage triage{TriagePolicy{}};
  admit(triage, on_hosts(1, 4, 0), run_closing(0));
  EXPECT_EQ(brief(admit(triage, {}, run_closing(1))), Briefs{});
  EXPECT_EQ(brief(admit(triage, on_hosts(4, 4, 2), run_closing(2))), Briefs{}) << "a repeat of a host in the group is only counted";
  EXPECT_EQ(brief(admit(triage, on_hosts(6, 7, 3), run_closing(3))), (Briefs{"group /new-agent.exe@0 v2 calls=4 +web-6 +web-7"}));
}

TEST(RollOuts, ANewUserOnAHostOfTheGroupGrowsTheGroupAndAddsNoHost) {
  Triage triage{TriagePolicy{}};
  admit(triage, on_hosts(1, 4, 0), run_closing(0));
  const auto out = admit(triage, {finding("web-4", "new-agent.exe", 1, 6, minutes{1}, "S-other")}, run_closing(1));
  EXPECT_EQ(brief(out), (Briefs{"group /new-agent.exe@0 v2 calls=2"}));
  EXPECT_EQ(out.counts.grouped, 1u);
}

TEST(RollOuts, ANewUserOnAHostThatWasToldSinglyIsToldSingly) {
  Triage triage{TriagePolicy{}};
  admit(triage, on_hosts(1, 4, 0), run_closing(0));
  EXPECT_EQ(brief(admit(triage, {finding("web-2", "new-agent.exe", 1, 6, minutes{1}, "S-other")}, run_closing(1))),
            (Briefs{"single web-2/new-agent.exe@1 v1 calls=1"}));
}

TEST(RollOuts, TheWindowIsFixedAndThenTheCountStartsAnew) {
  Triage triage{TriagePolicy{}};
  admit(triage, on_hosts(1, 4, 0), run_closing(0));
  EXPECT_EQ(brief(admit(triage, on_hosts(5, 5, 95), run_closing(95))), (Briefs{"group /new-agent.exe@0 v2 calls=2 +web-5"}));
  EXPECT_EQ(brief(admit(triage, on_hosts(6, 9, 97), run_closing(97))),
            (Briefs{"single web-6/new-agent.exe@97 v1 calls=1", "single web-7/new-agent.exe@97 v1 calls=1",
                    "single web-8/new-agent.exe@97 v1 calls=1", "group /new-agent.exe@97 v1 calls=1 +web-9"}));
}

TEST(RollOuts, HostsAreTakenByTimeNotByScore) {
  Triage triage{TriagePolicy{}};
  std::vector<Finding> findings = on_hosts(1, 4, 0);
  findings[3].score.surprise = 9;  // the last in time, the highest in s
  const auto out = admit(triage, findings, run_closing(0));
  EXPECT_EQ(brief(out).back(), "group /new-agent.exe@0 v1 calls=1 +web-4");
}

TEST(RollOuts, OtherSignaturesHaveWindowsOfTheirOwn) {
  TriagePolicy policy;
  policy.group_hosts_over = 1;
  Triage triage{policy};
  Finding other = finding("web-2", "new-agent.exe", 0);
  other.sighting.key.signature.folder = "c:\\temp\\";
  EXPECT_EQ(admit(triage, {finding("web-1", "new-agent.exe", 0), other}, run_closing(0)).counts.told, 2u);
}

TEST(RollOuts, ACarriedFindingCountsAsOneOfTheFirstHosts) {
  TriagePolicy policy;
  policy.max_alerts_per_run = 1;
  Triage triage{policy};
  const auto out = admit(triage, on_hosts(1, 4, 0), run_closing(0));
  EXPECT_EQ(brief(out), (Briefs{"single web-1/new-agent.exe@0 v1 calls=1", "group /new-agent.exe@0 v1 calls=1 +web-4"}));
  EXPECT_EQ(out.counts.carried, 2u);
}

TEST(RollOuts, TwoWindowsNeverShareAnIdentityWhateverComesLate) {
  TriagePolicy policy;
  policy.group_hosts_over = 0;
  Triage triage{policy};
  Finding late = finding("web-1", "new-agent.exe", 200);
  late.sighting.first = at(hours{1});  // long before its bucket
  EXPECT_EQ(brief(admit(triage, {late}, run_closing(200))), (Briefs{"group /new-agent.exe@200 v1 calls=1 +web-1"}));
  EXPECT_EQ(brief(admit(triage, {finding("web-2", "new-agent.exe", 200)}, run_closing(201))),
            (Briefs{"group /new-agent.exe@200 v2 calls=2 +web-2"}));
}

TEST(RollOuts, BetweenRunsAGroupGetsOneVersionAndTheRestWaits) {
  Triage triage{TriagePolicy{}};
  imdswatch::Run run = run_closing(0);
  admit(triage, on_hosts(1, 4, 1), run);
  run.time += minutes{1};
  EXPECT_EQ(brief(admit(triage, on_hosts(5, 5, 1), run)), Briefs{});
  run.time += minutes{1};
  EXPECT_EQ(brief(admit(triage, on_hosts(6, 6, 1), run)), Briefs{});
  EXPECT_EQ(brief(admit(triage, {}, run_closing(1))), (Briefs{"group /new-agent.exe@1 v2 calls=3 +web-5 +web-6"}));
}

}  // namespace
}  // namespace imdswatch
