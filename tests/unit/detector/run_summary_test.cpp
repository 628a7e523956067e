#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "imdswatch/detector/detector.hpp"

namespace imdswatch::summary_cases {
namespace {

using namespace std::chrono_literals;

TEST(RunSummary, TheFirstVersionOfAGroupIsNoUpdate) {
  DetectorConfig config;
  config.model.learning_for = 0h;
  Detector detector(config, Shard{0});
  Effects effects;
  const EventTime start = event_time_us(1'767'571'200'000'000);
  std::int64_t next = 0;
  const auto step = [&](const LogBody& body) { detector.step({Offset{next++}, {}, body}, effects); };
  const auto hosts_call = [&](int from, int to, EventClock::duration at) {
    for (int host = from; host < to; ++host) {
      Call call;
      call.origin.offset = Offset{next};
      call.time = start + at;
      call.host = HostId{"web-" + std::to_string(host)};
      call.signature = {.name = "odd.exe", .folder = "c:\\temp\\", .user = UserKind::person, .signer = "unsigned"};
      step(call);
    }
    Progress progress;
    progress.roster = {{TopicId{}, 1}};
    progress.watermark = start + at + 15min;
    step(progress);
  };
  hosts_call(0, 6, 0min);   // three alone, a group of three
  hosts_call(6, 9, 15min);  // the group grows
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
