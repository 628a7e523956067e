#include "daemon/catch_up.hpp"

#include <gtest/gtest.h>

namespace imdswatch::testing {
namespace {

constexpr WallTime now = wall_time_ms(1'772'366'400'000);  // 2026-03-01T12:00:00Z
EventTime before(std::chrono::seconds ago) { return event_time_us(to_ms(now) * 1000) - ago; }

Detector::Figures figures(std::chrono::seconds ago, std::size_t stood_aside) {
  Detector::Figures out;
  out.time = before(ago);
  out.window.partitions = 4;
  out.window.stood_aside_partitions = stood_aside;
  return out;
}

kafka::SourceFigures input(std::int64_t next, std::int64_t end, std::chrono::seconds ago) {
  kafka::SourceFigures out;
  out.source = {"raw", Partition{3}};
  out.next = Offset{next};
  out.end = Offset{end};
  out.watermark = before(ago);
  return out;
}

TEST(CatchUp, SaysHowFarInEventTimeAndMessages) {
  const Check check = catch_up({{Shard{1}, figures(std::chrono::hours{3}, 1), 48'200}},
                               {input(100, 100, std::chrono::hours{9}), input(100, 1'100, std::chrono::hours{2})}, now);
  EXPECT_FALSE(check.ok);
  EXPECT_FALSE(check.required);
  EXPECT_EQ(check.detail,
            "shard 1: 10800 s of event time behind, at 2026-03-01T09:00:00.000Z, 48200 call log records behind; "
            "inputs here: 1000 messages behind, raw-3 7200 s of event time behind, at 2026-03-01T10:00:00.000Z; ");
}

TEST(CatchUp, AFewMinutesAreNoBacklog) {
  const Check check =
      catch_up({{Shard{0}, figures(std::chrono::minutes{4}, 0), 200}}, {input(0, 5'000, std::chrono::minutes{3})}, now);
  EXPECT_TRUE(check.ok);
  EXPECT_EQ(check.detail, "");
}

TEST(CatchUp, OldEventsThatAreAllReadAreNone) {
  EXPECT_EQ(behind(figures(std::chrono::days{300}, 4), now), std::nullopt);
  EXPECT_TRUE(
      catch_up({{Shard{0}, figures(std::chrono::days{300}, 4), 0}}, {input(70, 70, std::chrono::days{300})}, now).ok);
}

}  // namespace
}  // namespace imdswatch::testing
