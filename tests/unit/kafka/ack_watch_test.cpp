#include "kafka/ack_watch.hpp"

#include <gtest/gtest.h>

namespace imdswatch::kafka {
namespace {

using namespace std::chrono_literals;

constexpr Shard first{0}, second{1};

TEST(AckWatch, TellsOfThePartitionThatIsSilentForLongerThanThePatienceAndThatItIsOver) {
  AckWatch watch(2, 30s);
  AckWatch::Time now{};
  watch.sent(first, now);
  watch.sent(second, now);
  watch.sent(first, now += 10s);
  watch.acknowledged(second, now);
  watch.sent(second, now);
  EXPECT_TRUE(watch.look(now += 19s).empty());
  const auto told = watch.look(now += 1s);
  ASSERT_EQ(told.size(), 1U) << "the other one is silent for 20 s";
  EXPECT_EQ(told[0].shard, first);
  EXPECT_EQ(told[0].records, 2U);
  EXPECT_EQ(told[0].silent, 30s);
  EXPECT_FALSE(told[0].over);
  ASSERT_TRUE(watch.longest(now + 5s));
  EXPECT_EQ(watch.longest(now + 5s)->silent, 35s);

  watch.acknowledged(second, now);
  watch.acknowledged(first, now += 12s);
  const auto over = watch.look(now);
  ASSERT_EQ(over.size(), 1U) << "the other one was never told of";
  EXPECT_TRUE(over[0].over);
  EXPECT_EQ(over[0].shard, first);
  EXPECT_EQ(over[0].silent, 42s);
  EXPECT_FALSE(watch.longest(now));
  EXPECT_TRUE(watch.look(now).empty()) << "told once";
}

TEST(AckWatch, WhileRecordsAreAcknowledgedOrNoneWaitsThereIsNothingToTell) {
  AckWatch watch(1, 30s);
  AckWatch::Time now{};
  for (int i = 0; i < 10; ++i) {
    watch.sent(first, now);
    watch.sent(first, now);
    watch.acknowledged(first, now += 20s);  // one always waits
    EXPECT_TRUE(watch.look(now).empty());
  }
  for (int i = 0; i < 10; ++i) watch.acknowledged(first, now);
  EXPECT_TRUE(watch.look(now += 10min).empty());
  watch.sent(first, now);
  EXPECT_TRUE(watch.look(now + 29s).empty()) << "silence begins with what waits";
  EXPECT_EQ(watch.look(now + 30s).size(), 1U);
}

TEST(AckWatch, SaysItAgainEachMinute) {
  AckWatch watch(1, 30s);
  AckWatch::Time now{};
  watch.sent(first, now);
  int told = 0;
  for (int second_after = 0; second_after < 300; ++second_after) told += static_cast<int>(watch.look(now += 1s).size());
  EXPECT_EQ(told, 5);
}

TEST(AckWatch, AProducerThatIsThrownAwayEndsNoSilence) {
  AckWatch watch(1, 30s);
  AckWatch::Time now{};
  watch.sent(first, now);
  EXPECT_EQ(watch.look(now += 30s).size(), 1U);
  watch.thrown_away();
  EXPECT_TRUE(watch.look(now += 2min).empty()) << "nothing waits";
  EXPECT_FALSE(watch.longest(now));
  watch.sent(first, now);
  const auto again = watch.look(now += 1s);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].silent, 151s) << "since it began";
  watch.acknowledged(first, now);
  ASSERT_EQ(watch.look(now).size(), 1U);
}

}  // namespace
}  // namespace imdswatch::kafka
