#include "../../../src/sieve/clock_rule.hpp"

#include <gtest/gtest.h>

namespace imdswatch {
namespace {

using namespace std::chrono_literals;
using Decisions = std::vector<ClockRule::Decision>;

constexpr EventTime start = event_time_us(1'700'000'000'000'000);

class ClockRuleTest : public testing::Test {
 protected:
  void feed(EventTime time, ClockRule::HostHash host, ClockRule::Ticket ticket = 0) {
    decided.clear();
    if (rule.accepts(time)) {
      rule.accept(time, decided);
    } else {
      rule.hold(time, host, ticket, decided);
    }
  }
  void begin() {
    feed(start, 1);
    feed(start, 2);
    ASSERT_EQ(rule.stream(), start);
  }
  ClockRule rule{2min};
  Decisions decided;
};

TEST_F(ClockRuleTest, TheFirstEventWaitsForASecondHost) {
  feed(start, 1, 7);
  EXPECT_EQ(rule.stream(), std::nullopt);
  EXPECT_TRUE(decided.empty());
  feed(start + 1min, 1, 8);
  EXPECT_EQ(rule.stream(), std::nullopt) << "the same host confirms nothing";
  feed(start + 10min, 2, 9);
  EXPECT_EQ(rule.stream(), start + 10min);
  EXPECT_EQ(decided, (Decisions{{7, start, false}, {8, start + 1min, false}, {9, start + 10min, false}}));
}

TEST_F(ClockRuleTest, AnUnknownHostConfirmsNothing) {
  feed(start, 0);
  feed(start, 1);
  feed(start, 0);
  EXPECT_EQ(rule.stream(), std::nullopt);
}

TEST_F(ClockRuleTest, TwentyRunningEventsOfOneHostCount) {
  for (int i = 0; i < 19; ++i) feed(start + i * 1s, 1);
  EXPECT_EQ(rule.stream(), std::nullopt);
  feed(start, 1);
  EXPECT_EQ(rule.stream(), start + 18s);
}

TEST_F(ClockRuleTest, TwentyEventsThatDriftApartDoNotCount) {
  for (int i = 0; i < 40; ++i) feed(start + i * 1min, 1);
  EXPECT_EQ(rule.stream(), std::nullopt);
}

TEST_F(ClockRuleTest, TimeNeverGoesBack) {
  begin();
  feed(start - 3h, 1);
  EXPECT_EQ(rule.stream(), start);
}

TEST_F(ClockRuleTest, AnHourAheadIsAccepted) {
  begin();
  feed(start + 1h, 1);
  EXPECT_EQ(rule.stream(), start + 1h);
}

TEST_F(ClockRuleTest, MoreThanAnHourAheadWaits) {
  begin();
  feed(start + 1h + 1us, 1, 5);
  EXPECT_EQ(rule.stream(), start);
  EXPECT_TRUE(decided.empty());
}

TEST_F(ClockRuleTest, AnEventNearTheOldTimeBreaksTheRun) {
  begin();
  for (int i = 0; i < 19; ++i) feed(start + 9h, 1);
  feed(start + 1s, 2);
  feed(start + 9h, 1);
  EXPECT_EQ(rule.stream(), start + 1s);
  for (int i = 0; i < 19; ++i) feed(start + 9h, 1);
  EXPECT_EQ(rule.stream(), start + 9h);
}

TEST_F(ClockRuleTest, ALoneClockIsGivenUpOnceTheStreamHasMovedByTheDisorder) {
  begin();
  feed(start + 9h, 1, 5);
  feed(start + 2min - 1us, 2);
  EXPECT_TRUE(decided.empty());
  feed(start + 2min, 2);
  EXPECT_EQ(decided, (Decisions{{5, start, true}}));
  EXPECT_EQ(rule.stream(), start + 2min);
}

TEST_F(ClockRuleTest, ALoneClockIsGivenUpAfterAThousandAcceptedEvents) {
  begin();
  feed(start + 9h, 1, 5);
  for (int i = 0; i < 999; ++i) feed(start, 2);
  EXPECT_TRUE(decided.empty());
  feed(start, 2);
  EXPECT_EQ(decided, (Decisions{{5, start, true}}));
}

TEST_F(ClockRuleTest, WhatIsGivenUpNoLongerConfirms) {
  begin();
  feed(start + 9h, 1);
  feed(start + 2min, 2);
  feed(start + 9h, 2, 6);
  EXPECT_TRUE(decided.empty());
}

TEST_F(ClockRuleTest, AStreamThatComesNearAcceptsWhatWaits) {
  begin();
  feed(start + 61min, 1, 5);
  feed(start + 50min, 2);
  EXPECT_EQ(decided, (Decisions{{5, start + 61min, false}}));
  EXPECT_EQ(rule.stream(), start + 61min);
}

TEST_F(ClockRuleTest, AJumpLeavesAFurtherOneWaiting) {
  begin();
  feed(start + 24h * 365 * 5, 3, 4);
  feed(start + 9h, 1, 5);
  feed(start + 9h + 1min, 2, 6);
  EXPECT_EQ(decided, (Decisions{{5, start + 9h, false}, {6, start + 9h + 1min, false}}));
  feed(start + 9h + 3min, 2);
  EXPECT_EQ(decided, (Decisions{{4, start + 9h + 1min, true}})) << "as if it had come at the jump";
}

TEST_F(ClockRuleTest, TheOldestIsGivenUpWhenTooManyWait) {
  begin();
  for (std::size_t i = 0; i < ClockRule::max_pending; ++i) {
    feed(start + (2 + static_cast<int>(i)) * 24h, 1, i + 1);
    EXPECT_TRUE(decided.empty());
    if (i == 0) feed(start, 2);
  }
  feed(start + 24h, 1, 1000);
  EXPECT_EQ(decided, (Decisions{{1, start, true}}));
}

TEST_F(ClockRuleTest, AQuietHostAloneInItsPartitionGoesOnOnceNothingSpeaksForTheOldTime) {
  begin();
  for (std::size_t i = 0; i < ClockRule::max_pending; ++i) feed(start + (1 + static_cast<int>(i)) * 6h, 1, i + 1);
  EXPECT_TRUE(decided.empty());
  feed(start + 1000h, 1, 1000);
  EXPECT_EQ(decided, (Decisions{{1, start + 6h, false}}));
  EXPECT_EQ(rule.stream(), start + 6h);
  decided.clear();
  rule.finish(decided);
  ASSERT_EQ(decided.size(), ClockRule::max_pending);
  for (const auto& decision : decided) EXPECT_FALSE(decision.skewed);
}

TEST_F(ClockRuleTest, TooManyFirstEventsBeginAtTheEarliest) {
  for (std::size_t i = 0; i < ClockRule::max_pending + 1; ++i) feed(start + ((static_cast<int>(i) + 50) % 97) * 24h, 1, i + 1);
  EXPECT_EQ(rule.stream(), start);
  ASSERT_EQ(decided.size(), 1U);
  EXPECT_FALSE(decided[0].skewed);
}

TEST_F(ClockRuleTest, AtTheEndFirstEventsCountByTheirOwnTime) {
  feed(start, 1, 1);
  feed(start - 5h, 1, 2);
  decided.clear();
  rule.finish(decided);
  EXPECT_EQ(decided, (Decisions{{1, start, false}, {2, start - 5h, false}}));
  EXPECT_EQ(rule.stream(), start);
}

TEST_F(ClockRuleTest, AtTheEndAClockThatAnotherHostContradictsIsSkewed) {
  begin();
  feed(start + 9h, 1, 5);
  feed(start + 1s, 2);
  decided.clear();
  rule.finish(decided);
  EXPECT_EQ(decided, (Decisions{{5, start, true}}));
  feed(start + 2s, 1);
  EXPECT_EQ(rule.stream(), start + 2s) << "the partition stays usable";
}

TEST_F(ClockRuleTest, AtTheEndAnEventThatNothingContradictsKeepsItsTime) {
  begin();
  feed(start + 9h, 1, 5);
  decided.clear();
  rule.finish(decided);
  EXPECT_EQ(decided, (Decisions{{5, start + 9h, false}}));
}

TEST_F(ClockRuleTest, TheSavedStateIsPrintableAndSmallAtItsWorst) {
  begin();
  for (std::size_t i = 0; i < ClockRule::max_pending; ++i) {
    feed(event_time_us(7'258'118'400'000'000 - static_cast<std::int64_t>((i % 2) * 6'900'000'000'000'000) + static_cast<std::int64_t>(i) * 700'000'000),
         static_cast<ClockRule::HostHash>(0xffffff00U), 0);
  }
  const std::string saved = rule.save();
  EXPECT_LT(saved.size(), 3072U);
  for (const char c : saved) EXPECT_TRUE(c > ' ' && c < 127);
}

TEST_F(ClockRuleTest, ARestoredRuleDecidesAlike) {
  begin();
  feed(start + 9h, 1);
  feed(start + 1min, 2);
  auto restored = ClockRule::load(rule.save(), 2min);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->save(), rule.save());
  feed(start + 9h + 3min, 2, 9);
  EXPECT_EQ(rule.stream(), start + 9h + 3min);
  Decisions again;
  restored->hold(start + 9h + 3min, 2, 9, again);
  EXPECT_EQ(restored->stream(), rule.stream());
  EXPECT_EQ(again, decided);
}

TEST_F(ClockRuleTest, ARestoredRuleKeepsCountingTowardsGivingUp) {
  begin();
  feed(start + 9h, 1);
  for (int i = 0; i < 600; ++i) feed(start, 2);
  rule = *ClockRule::load(rule.save(), 2min);
  for (int i = 0; i < 400; ++i) feed(start, 2);
  feed(start + 9h, 2);
  EXPECT_EQ(rule.stream(), start) << "the first one was given up, so it confirms nothing";
}

TEST_F(ClockRuleTest, WhatIsNoSavedStateIsRefused) {
  begin();
  std::string saved = rule.save();
  EXPECT_FALSE(ClockRule::load("", 2min));
  EXPECT_FALSE(ClockRule::load("offset 12", 2min));
  EXPECT_FALSE(ClockRule::load("2." + saved.substr(2), 2min));
  EXPECT_FALSE(ClockRule::load(saved.substr(0, saved.size() - 1), 2min));
  saved[5] = saved[5] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(ClockRule::load(saved, 2min));
}

}  // namespace
}  // namespace imdswatch
