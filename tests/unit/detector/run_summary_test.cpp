#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "shard_feed.hpp"

namespace imdswatch::summary_cases {
namespace {

using namespace std::chrono_literals;

TEST(RunSummary, TheFirstVersionOfAGroupIsNoUpdate) {
  DetectorConfig config;
  config.model.learning_for = 0h;
  testing::ShardFeed shard(config);
  const auto hosts_call = [&](int from, int to, EventClock::duration at) {
    for (int host = from; host < to; ++host) shard.call("web-" + std::to_string(host), "odd.exe", at);
    shard.progress(at + 15min);
  };
  hosts_call(0, 6, 0min);   // three alone, a group of three
  hosts_call(6, 9, 15min);  // the group grows
  const Effects& effects = shard.effects();
  const auto version = [&](auto holds) { return static_cast<std::uint64_t>(std::ranges::count_if(effects.alerts, holds, &Alert::version)); };
  std::uint64_t alerts = 0, first = 0;
  for (const RunSummary& run : effects.runs) {
    alerts += run.alerts;
    first += run.first_versions;
  }
  EXPECT_EQ(alerts, effects.alerts.size());
  EXPECT_EQ(first, version([](std::uint32_t v) { return v == 1; }));
  EXPECT_EQ(first, 4U);
  EXPECT_EQ(alerts - first, 1U);
}

}  // namespace
}  // namespace imdswatch::summary_cases
