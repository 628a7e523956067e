#include <gtest/gtest.h>

#include <set>

#include "shard_feed.hpp"

namespace imdswatch {
namespace {

using namespace std::chrono_literals;

/// A shard that has learned for a day what one host usually does.
class LearnedShard : public testing::ShardFeed {
 public:
  explicit LearnedShard(Schedule::Mode mode) : ShardFeed(config(mode)) {
    for (int hour = 0; hour < 48; ++hour) {
      call("usual.exe", hour * 60min);
      progress(hour * 60min + 30min);
    }
  }

  static DetectorConfig config(Schedule::Mode mode) {
    DetectorConfig out;
    out.schedule.mode = mode;
    out.model.learning_for = 24h;
    return out;
  }

  void call(const std::string& name, EventClock::duration at) { ShardFeed::call("web-1", name, at); }

  [[nodiscard]] std::set<std::string> told() const {
    std::set<std::string> out;
    for (const Alert& alert : effects().alerts) {
      if (alert.order->kind == AlertOrder::Kind::single) out.insert(alert.id);
    }
    return out;
  }
};

TEST(Continuous, ACallLongPastIsToldAsTheNextRunWouldTellIt) {
  LearnedShard interval(Schedule::Mode::interval), continuous(Schedule::Mode::continuous);
  interval.call("stranger.exe", 3h);
  interval.progress(50h);
  ASSERT_EQ(interval.told().size(), 1U);
  continuous.call("stranger.exe", 3h);
  EXPECT_EQ(continuous.told(), interval.told()) << "at once, though its own time lies in the learning period";
  continuous.progress(50h);
  EXPECT_EQ(continuous.told(), interval.told());
}

TEST(Continuous, WhatIsJudgedBetweenRunsIsCountedByTheNextRun) {
  LearnedShard shard(Schedule::Mode::continuous);
  shard.effects().clear();
  shard.call("stranger.exe", 47h + 20min);
  ASSERT_EQ(shard.effects().alerts.size(), 1U);
  ASSERT_TRUE(shard.effects().runs.empty());
  shard.progress(48h);
  ASSERT_EQ(shard.effects().runs.size(), 2U);
  EXPECT_EQ(shard.effects().runs[0].candidates, 1U);
  EXPECT_EQ(shard.effects().runs[0].triage.findings, 1U);
  EXPECT_EQ(shard.effects().runs[0].triage.told, 1U);
  EXPECT_EQ(shard.effects().runs[0].alerts, 1U);
  EXPECT_EQ(shard.effects().runs[1].triage.findings, 0U) << "once";
}

}  // namespace
}  // namespace imdswatch
