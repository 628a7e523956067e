#include <gtest/gtest.h>

#include "imdswatch/model/model.hpp"
#include "support/teacher.hpp"

namespace imdswatch::guard_cases {
namespace {

using namespace test;

const HostId host{"a"};
const Signature theft = agent("curl.exe", "c:\\users\\public\\", UserKind::person, "unsigned");

double count(const Model& model, EventTime time) { return model.counts(host, {}, theft, time).name.host.count; }

TEST(Guard, AFindingIsLearnedAfterEightBucketsOnThreeDays) {
  Model model{ModelPolicy{}};
  for (int i = 0; i < 7; ++i) {
    teach(model, at_day(i / 3), {seen("a", theft, true)});
    EXPECT_FALSE(model.learned(host, theft)) << i;
  }
  EXPECT_NEAR(count(model, at_day(2)), 0.7, 0.05);  // faded a little
  teach(model, at_day(2), {seen("a", theft, true)});
  EXPECT_TRUE(model.learned(host, theft));
  EXPECT_EQ(count(model, at_day(2)), 1);
  teach(model, at_day(2), {seen("a", theft)});
  EXPECT_EQ(count(model, at_day(2)), 2);
}

TEST(Guard, ManyBucketsOfOneDayAreNotEnough) {
  Model model{ModelPolicy{}};
  for (int i = 0; i < 90; ++i) teach(model, at_run(i), {seen("a", theft, true)});
  EXPECT_FALSE(model.learned(host, theft));
  EXPECT_LT(count(model, at_run(90)), 1);
}

TEST(Guard, ManyDaysWithTooFewBucketsAreNotEnough) {
  Model model{ModelPolicy{}};
  for (int i = 0; i < 7; ++i) teach(model, at_day(i), {seen("a", theft, true)});
  EXPECT_FALSE(model.learned(host, theft));
  teach(model, at_day(7), {seen("a", theft, true)});
  EXPECT_TRUE(model.learned(host, theft));
}

TEST(Guard, ItHoldsEvenWhenTheCallIsNoFindingAnyMore) {
  Model model{ModelPolicy{}};
  teach(model, at_day(0), {seen("a", theft, true)});
  teach(model, at_day(1), {seen("a", theft, false)});
  EXPECT_FALSE(model.learned(host, theft));
}

TEST(Guard, TheLearningPeriodLearnsFindingsWithoutIt) {
  Model model{ModelPolicy{}};
  teach(model, at_day(0), {seen("a", theft, true)}, true);
  EXPECT_TRUE(model.learned(host, theft));
  EXPECT_EQ(count(model, at_day(0)), 1);
}

TEST(Guard, TheVoteIsGivenInFullWithTheFirstBucket) {
  Model model{ModelPolicy{}};
  teach(model, at_day(0), {seen("a", theft, true)});
  EXPECT_EQ(model.counts(HostId{"b"}, {}, theft, at_day(0)).name.fleet.count, 1);
}

TEST(Guard, ANameThatIsLearnedGoesOnCountingForAGuardedFolderOfIt) {
  Model model{ModelPolicy{}};
  const Signature usual = agent("curl.exe");
  teach(model, at_day(0), {seen("a", usual)});
  teach(model, at_run(1), {seen("a", theft, true)});
  EXPECT_NEAR(count(model, at_run(1)), 1.1, 0.01);
  teach(model, at_run(2), {seen("a", usual), seen("a", theft, true)});
  EXPECT_NEAR(count(model, at_run(2)), 2.1, 0.01);
  EXPECT_NEAR(model.counts(host, {}, theft, at_run(2)).parts[0].host.count, 0.2, 0.01);
}

TEST(UnknownPart, CountsToALearnedSignatureThatHasTheKnownParts) {
  Model model{ModelPolicy{}};
  const Signature usual = agent("curl.exe");
  Signature without_user = usual;
  without_user.user.reset();
  teach(model, at_run(0), {seen("a", usual)});
  EXPECT_TRUE(model.learned(host, without_user));
  teach(model, at_run(1), {seen("a", without_user)});
  EXPECT_EQ(model.figures().signatures, 1U);
  const SignatureCounts counts = model.counts(host, {}, usual, at_run(1));
  EXPECT_NEAR(counts.name.host.count, 2, 1e-3);
  EXPECT_NEAR(counts.parts[0].host.count, 2, 1e-3);
  EXPECT_NEAR(counts.parts[1].host.count, 1, 1e-3);  // the unknown user is counted for no value
  Signature elsewhere = without_user;
  elsewhere.folder = "c:\\temp\\";
  EXPECT_FALSE(model.learned(host, elsewhere));
}

TEST(UnknownPart, IsASignatureOfItsOwnIfNoneHasTheKnownParts) {
  Model model{ModelPolicy{}};
  Signature without_user = agent("curl.exe");
  without_user.user.reset();
  teach(model, at_run(0), {seen("a", without_user)});
  EXPECT_TRUE(model.learned(host, without_user));
  EXPECT_FALSE(model.learned(host, agent("curl.exe"))) << "that nothing is known of the user does not make every user usual";
  EXPECT_EQ(model.counts(host, {}, without_user, at_run(0)).parts[1].host.total, 0);
}

TEST(UnknownPart, IsNoWayAroundTheGuard) {
  Model model{ModelPolicy{}};
  teach(model, at_run(0), {seen("a", theft, true)});
  Signature without_user = theft;
  without_user.user.reset();
  EXPECT_FALSE(model.learned(host, without_user));
}

}  // namespace
}  // namespace imdswatch::guard_cases
