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
  out.window.heard = now - std::chrono::seconds{3};
  return out;
}

kafka::SourceFigures input(std::int64_t next, std::int64_t end, std::optional<std::chrono::seconds> ago) {
  kafka::SourceFigures out;
  out.source = {"raw", Partition{3}};
  out.next = Offset{next};
  out.end = Offset{end};
  out.end_is_fresh = true;
  if (ago) out.watermark = before(*ago);
  return out;
}

const ShardSeen keeps_up{Shard{0}, figures(std::chrono::seconds{5}, 0), 0};

std::string detail_of(const WorkSeen& seen) {
  const Check check = catch_up(seen, now);
  EXPECT_EQ(check.ok, check.detail.empty());
  EXPECT_FALSE(check.required) << "who catches up is ready all the same";
  return check.detail;
}

TEST(CatchUp, SaysHowFarInEventTimeAndMessages) {
  EXPECT_EQ(detail_of({true,
                       {{Shard{1}, figures(std::chrono::hours{3}, 1), 48'200}},
                       {input(100, 100, std::chrono::hours{9}), input(100, 1'100, std::chrono::hours{2})}}),
            "shard 1: 10800 s of event time behind, at 2026-03-01T09:00:00.000Z, 48200 call log records behind; "
            "inputs here: 1000 messages behind, raw-3 7200 s of event time behind, at 2026-03-01T10:00:00.000Z; ");
}

TEST(CatchUp, AFewMinutesAreNoBacklog) {
  EXPECT_EQ(detail_of({true, {{Shard{0}, figures(std::chrono::minutes{4}, 0), 200}}, {input(0, 5'000, std::chrono::minutes{3})}}), "");
}

TEST(CatchUp, OldEventsThatAreAllReadAreNone) {
  EXPECT_EQ(behind(figures(std::chrono::days{300}, 4), now), std::chrono::seconds{0});
  EXPECT_EQ(detail_of({true, {{Shard{0}, figures(std::chrono::days{300}, 4), 0}}, {input(70, 70, std::chrono::days{300})}}), "");
}

TEST(CatchUp, NothingIsKnownBeforeTheGroupsHaveGivenOutWhatIsToBeRead) {
  EXPECT_EQ(detail_of({false, {}, {}}), "the groups have not said yet what is to be read here; ");
  EXPECT_EQ(detail_of({true, {}, {}}), "") << "others have it all";
}

TEST(CatchUp, AnInputWhoseFirstEventIsNotReadYetMayBeOfAnyTime) {
  EXPECT_EQ(detail_of({true, {keeps_up}, {input(0, 1'000, std::nullopt)}}), "inputs here: 1000 messages behind, no event of raw-3 read yet; ");
  EXPECT_EQ(detail_of({true, {keeps_up}, {input(0, 1'000, std::nullopt), input(0, 5, std::chrono::hours{2})}}),
            "inputs here: 1005 messages behind, no event of raw-3 read yet, raw-3 7200 s of event time behind, at 2026-03-01T10:00:00.000Z; ");
  EXPECT_EQ(detail_of({true, {keeps_up}, {input(0, 0, std::nullopt), input(7, 7, std::nullopt)}}), "") << "empty, or nothing in it counts";
}

TEST(CatchUp, AnInputThatIsBeingPreparedOrWhoseEndIsNotToldIsNotCaughtUpWith) {
  kafka::SourceFigures preparing = input(0, 0, std::nullopt), no_end = input(5, 5, std::nullopt), old_end = input(5, 5, std::chrono::seconds{9});
  preparing.next.reset();
  no_end.end.reset();
  old_end.end_is_fresh = false;
  EXPECT_EQ(detail_of({true, {keeps_up}, {preparing, no_end, old_end, input(5, 5, std::nullopt)}}),
            "inputs here: 1 not read yet; inputs here: the brokers have not told the end of 2 of late; ");
}

TEST(CatchUp, AShardIsNotWhileItIsRestoredOrTheEndOfItsCallLogIsNotKnown) {
  EXPECT_EQ(detail_of({true, {keeps_up, {Shard{2}, std::nullopt, 0}}, {}}), "shard 2: its state is not restored yet; ");
  EXPECT_EQ(detail_of({true, {{Shard{2}, figures(std::chrono::seconds{5}, 0), std::nullopt}}, {}}),
            "shard 2: the end of its call log is not known yet; ");
}

TEST(CatchUp, ARestoredShardThatStoodAtItsEndsLongAgoKnowsNothingOfNow) {
  ShardSeen seen{Shard{0}, figures(std::chrono::hours{8}, 4), 0};
  seen.figures->window.heard = now - std::chrono::hours{8};
  EXPECT_EQ(detail_of({true, {seen}, {}}), "shard 0: nothing was heard of its inputs since 2026-03-01T04:00:00.000Z; ");
  seen.figures->window.heard.reset();
  EXPECT_EQ(detail_of({true, {seen}, {}}), "shard 0: nothing was heard of its inputs; ");
}

TEST(CatchUp, HowFarIsZeroOnlyWhereItIsKnownThatItKeepsUp) {
  using std::chrono::hours, std::chrono::seconds;
  EXPECT_EQ(behind(figures(seconds{5}, 0), now), seconds{0});
  Detector::Figures timeless = figures({}, 3);
  timeless.time.reset();
  EXPECT_EQ(behind(timeless, now), std::nullopt) << "not every input has told of a time";
  Detector::Figures restored = figures(seconds{5}, 4);
  restored.window.heard = now - hours{8};
  EXPECT_EQ(behind(restored, now), std::nullopt) << "what stood at its end eight hours ago may have a backlog since";
  restored.window.heard.reset();
  EXPECT_EQ(behind(restored, now), std::nullopt);
}

TEST(CatchUp, AShardThatReadsAnOldCallLogSaysHowFarItIsThoughNothingWasHeardOfNow) {
  ShardSeen seen{Shard{0}, figures(std::chrono::hours{8}, 1), 48'200};
  seen.figures->window.heard = now - std::chrono::hours{8};
  EXPECT_EQ(behind(*seen.figures, now), std::chrono::hours{8});
  EXPECT_EQ(detail_of({true, {seen}, {}}), "shard 0: 28800 s of event time behind, at 2026-03-01T04:00:00.000Z, 48200 call log records behind; ");
}

TEST(CatchUp, AShardWithoutATimeIsOnlyIfAllItsInputsStandAtTheirEnd) {
  ShardSeen seen{Shard{0}, figures({}, 3), 0};
  seen.figures->time.reset();
  EXPECT_EQ(detail_of({true, {seen}, {}}), "shard 0: it has no time yet, since not every input has told of one; ");
  seen.figures->window.stood_aside_partitions = 4;
  EXPECT_EQ(detail_of({true, {seen}, {}}), "") << "all empty";
}

}  // namespace
}  // namespace imdswatch::testing
