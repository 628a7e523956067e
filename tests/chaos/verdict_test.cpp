#include "verdict.hpp"

#include <gtest/gtest.h>

#include "torments.hpp"

namespace imdswatch::testing {
namespace {

std::string alert(const std::string& id, int version) {
  return R"({"event":{"id":")" + id + R"("},"imdswatch":{"version":)" + std::to_string(version) + "}}";
}

using Identities = std::vector<Identity>;
const std::vector<std::string> expected{alert("a", 1), alert("a", 2), alert("b", 1)};

TEST(ChaosVerdict, TheSameAlertsInAnyOrderAreGood) {
  const Verdict verdict = compare(expected, {alert("b", 1), alert("a", 2), alert("a", 1)});
  EXPECT_TRUE(verdict.good());
}

TEST(ChaosVerdict, AnAlertThatIsMissingIsFoundThoughAnotherVersionOfItIsThere) {
  const Verdict verdict = compare(expected, {alert("a", 1), alert("b", 1)});
  EXPECT_EQ(verdict.missing, (Identities{{"a", 2}}));
  EXPECT_TRUE(verdict.doubled.empty());
  EXPECT_TRUE(verdict.extra.empty());
  EXPECT_FALSE(verdict.good());
}

TEST(ChaosVerdict, AnAlertThatIsThereTwiceIsFoundThoughTheNumberOfAlertsIsRight) {
  const Verdict verdict = compare(expected, {alert("a", 1), alert("a", 2), alert("a", 2)});
  EXPECT_EQ(verdict.doubled, (Identities{{"a", 2}}));
  EXPECT_EQ(verdict.missing, (Identities{{"b", 1}}));
  EXPECT_TRUE(verdict.extra.empty());
  const Verdict doubled_alone = compare(expected, {alert("a", 1), alert("a", 2), alert("b", 1), alert("b", 1), alert("b", 1)});
  EXPECT_EQ(doubled_alone.doubled, (Identities{{"b", 1}}));
  EXPECT_TRUE(doubled_alone.missing.empty());
  EXPECT_FALSE(doubled_alone.good());
}

TEST(ChaosVerdict, AnAlertThatNobodyExpectedIsFound) {
  const Verdict verdict = compare(expected, {alert("a", 1), alert("a", 2), alert("a", 3), alert("b", 1), alert("c", 1)});
  EXPECT_EQ(verdict.extra, (Identities{{"a", 3}, {"c", 1}}));
  EXPECT_TRUE(verdict.missing.empty());
  EXPECT_TRUE(verdict.doubled.empty());
  EXPECT_FALSE(verdict.good());
}

TEST(ChaosVerdict, WithoutAnyAlertAllAreMissing) { EXPECT_EQ(compare(expected, {}).missing.size(), 3U); }

TEST(ChaosTorments, ALongRunThatNeverMetOneIsToldWhich) {
  const Torments all{.kills = 50, .kills_in_commits = 20, .zombies = 3, .clean_restarts = 2, .rebalances = 40, .broker_restarts = 1};
  EXPECT_TRUE(never_met(all, 3).empty());
  const auto without = [&](int Torments::*one) {
    Torments met = all;
    met.*one = 0;
    return never_met(met, 3);
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(without(&Torments::kills_in_commits), Names{"kills within a commit"});
  EXPECT_EQ(without(&Torments::zombies), Names{"zombies"});
  EXPECT_EQ(without(&Torments::clean_restarts), Names{"clean restarts"});
  EXPECT_EQ(without(&Torments::rebalances), Names{"rebalances"});
  EXPECT_EQ(without(&Torments::broker_restarts), Names{"broker restarts"});
  EXPECT_EQ(never_met({.kills = 50}, 3).size(), 5U);
}

TEST(ChaosTorments, AShortRunMayMissSomeAndOneInstanceAloneMeetsNoRebalance) {
  EXPECT_TRUE(never_met({.kills = 49}, 3).empty());
  EXPECT_TRUE(never_met({.kills = 60, .kills_in_commits = 1, .zombies = 1, .clean_restarts = 1, .broker_restarts = 1}, 1).empty());
}

}  // namespace
}  // namespace imdswatch::testing
