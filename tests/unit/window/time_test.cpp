#include <gtest/gtest.h>

#include "window_world.hpp"

namespace imdswatch::testing {
namespace {

using std::chrono::hours;

Window timekeeping() { return Window{Schedule{}}; }

/// Two partitions; the first reads on for `span`, the second has said `other` at the beginning.
void tick(Window& window, seconds from, seconds span, EventTime watermark, std::int32_t partition = 0) {
  for (seconds s = from; s <= from + span; s += seconds{10}) tell(window, progress(watermark + (s - from), s, partition, 2));
}

TEST(WindowTime, ThereIsNoneUntilEveryPartitionHasReported) {
  Window window = timekeeping();
  tell(window, progress(at(minutes{1}), {}, 0, 2));
  EXPECT_EQ(window.time(), std::nullopt);
  tell(window, progress(at(minutes{3}), {}, 1, 2));
  EXPECT_EQ(window.time(), at(minutes{1}));
}

TEST(WindowTime, NeverGoesBack) {
  Window window = timekeeping();
  tell(window, progress(at(minutes{5})));
  tell(window, progress(at(minutes{2}), seconds{1}));
  EXPECT_EQ(window.time(), at(minutes{5}));
}

TEST(WindowTime, APartitionAtItsEndStandsAside) {
  Window window = timekeeping();
  tell(window, at_end(progress(at(minutes{1}), {}, 0, 2)));
  tell(window, progress(at(minutes{30}), {}, 1, 2));
  EXPECT_EQ(window.time(), at(minutes{30}));
  EXPECT_EQ(window.figures().stood_aside_partitions, 1U);
}

TEST(WindowTime, APartitionWithoutAnyEventThatIsStillReadHoldsTimeBack) {
  Window window = timekeeping();
  tell(window, progress(std::nullopt, {}, 0, 2));
  tell(window, progress(at(minutes{30}), {}, 1, 2));
  EXPECT_EQ(window.time(), std::nullopt);
}

TEST(WindowTime, GoesOnAtTheWallClocksPaceFromWhereItStoodIfAllStandAside) {
  Window window = timekeeping();
  tell(window, at_end(progress(at(minutes{1}), {}, 0, 2)));
  tell(window, at_end(progress(at(minutes{9}), seconds{1}, 1, 2)));
  EXPECT_EQ(window.time(), at(minutes{1}));
  tell(window, at_end(progress(at(minutes{1}), seconds{6}, 0, 2)));
  EXPECT_EQ(window.time(), at(minutes{1} + seconds{5}));
}

TEST(WindowTime, AnOutageOfEverythingCountsAtMostThirtySeconds) {
  Window window = timekeeping();
  tell(window, at_end(progress(at(minutes{1}))));
  tell(window, at_end(progress(at(minutes{1}), hours{10})));
  EXPECT_EQ(window.time(), at(minutes{1} + seconds{30}));
}

TEST(WindowTime, ClocksOfTwoInstancesThatStandApartDoNotMakeItRunFaster) {
  Window window = timekeeping();
  const hours apart{1};
  for (seconds s{0}; s <= seconds{50}; s += seconds{5}) {
    window.add(at_end(progress(at(minutes{1}), apart + s, 0, 2)), wall(s));
    window.add(at_end(progress(at(minutes{1}), s, 1, 2)), wall(s));
  }
  EXPECT_EQ(window.time(), at(minutes{1} + seconds{50}));
}

TEST(WindowTime, OnlyEmptyPartitionsGiveNone) {
  Window window = timekeeping();
  tell(window, at_end(progress(std::nullopt)));
  tell(window, at_end(progress(std::nullopt, seconds{10})));
  EXPECT_EQ(window.time(), std::nullopt);
}

TEST(WindowTime, ASilentPartitionHoldsItBackUntilTheStallTimeout) {
  Window window = timekeeping();
  tell(window, progress(at(minutes{1}), {}, 1, 2));
  tick(window, seconds{0}, minutes{59}, at(minutes{2}));
  EXPECT_EQ(window.time(), at(minutes{1}));
  EXPECT_EQ(window.figures().silent_partitions, 1U);
  tick(window, minutes{59}, minutes{2}, at(minutes{61}));
  EXPECT_EQ(window.figures().left_out_partitions, 1U);
  EXPECT_EQ(window.time(), at(minutes{63}));
  tell(window, progress(at(minutes{2}), minutes{62}, 1, 2));
  EXPECT_EQ(window.figures().left_out_partitions, 0U);
  EXPECT_EQ(window.time(), at(minutes{63}));
}

TEST(WindowTime, APartitionThatIsReadButBehindIsNeverSilent) {
  Window window = timekeeping();
  for (seconds s{0}; s <= hours{3}; s += seconds{10}) {
    tell(window, progress(at(minutes{1}), s, 1, 2));
    tell(window, progress(at(hours{1}), s, 0, 2));
  }
  EXPECT_EQ(window.time(), at(minutes{1}));
  EXPECT_EQ(window.figures().left_out_partitions, 0U);
}

TEST(WindowTime, APartitionThatWasAtItsEndAndFellSilentHoldsItWhereItIs) {
  Window window = timekeeping();
  tell(window, at_end(progress(at(minutes{1}), {}, 1, 2)));
  tick(window, seconds{0}, seconds{50}, at(minutes{10}));
  EXPECT_EQ(window.time(), at(minutes{10} + seconds{50}));
  tick(window, seconds{60}, minutes{5}, at(minutes{20}));
  EXPECT_EQ(window.time(), at(minutes{10} + seconds{50}));
}

TEST(WindowTime, ALowerGenerationIsIgnoredUntilTheHigherOneIsNotHeardForFiveMinutes) {
  Window window = timekeeping();
  Progress high = progress(at(minutes{10}));
  high.generation = Generation{7};
  Progress low = progress(at(minutes{20}));
  low.generation = Generation{6};
  window.add(high, wall({}));
  window.add(low, wall(minutes{4}));
  EXPECT_EQ(window.time(), at(minutes{10}));
  EXPECT_EQ(window.figures().stale_generation, 1U);
  window.add(low, wall(minutes{5}));
  EXPECT_EQ(window.time(), at(minutes{20}));
}

TEST(WindowTime, ANewPartitionTakesNoTimeAwayButHoldsItUntilItReports) {
  Window window = timekeeping();
  tell(window, progress(at(minutes{10})));
  tell(window, progress(at(minutes{20}), seconds{5}, 0, 2));
  EXPECT_EQ(window.time(), at(minutes{10}));
  tell(window, progress(at(minutes{15}), seconds{6}, 1, 2));
  EXPECT_EQ(window.time(), at(minutes{15}));
}

TEST(WindowTime, AfterAnOutageOfEverythingWhatWasSaidOfAnEndIsWorthNothing) {
  Window window = timekeeping();
  tell(window, at_end(progress(at(minutes{10}), {}, 0, 2)));
  tell(window, at_end(progress(at(minutes{10}), {}, 1, 2)));
  const seconds hours_later = hours{5};
  tell(window, progress(at(minutes{300}), hours_later, 0, 2));  // the first that is back has read on; the other has got events too
  EXPECT_EQ(window.time(), at(minutes{10}));
  tell(window, progress(at(minutes{40}), hours_later + seconds{20}, 1, 2));
  EXPECT_EQ(window.time(), at(minutes{40}));
}

TEST(WindowTime, TheWordOfAnOlderGenerationThanIsHeardOfOthersPutsNoPartitionAside) {
  Window window = timekeeping();
  tell(window, at_end(progress(at(minutes{10}), {}, 0, 2)));
  tell(window, at_end(progress(at(minutes{10}), {}, 1, 2)));
  Progress again = progress(at(minutes{300}), seconds{20}, 0, 2);
  again.generation = Generation{2};
  tell(window, again);  // there was a rebalance, and what the other one was told of its end has waited in a producer's queue
  EXPECT_EQ(window.time(), at(minutes{10}));
  again = at_end(progress(at(minutes{10}), seconds{21}, 1, 2));
  again.generation = Generation{2};
  tell(window, again);
  EXPECT_EQ(window.time(), at(minutes{300}));
}

TEST(WindowTime, ATopicThatIsNoLongerListedHoldsNothingBackAfterAFewMinutes) {
  Window window = timekeeping();
  Progress both = progress(at(minutes{10}));
  both.roster.push_back({topic(2), 1});
  tell(window, both);
  EXPECT_EQ(window.time(), std::nullopt);
  for (seconds s{10}; s <= minutes{7}; s += seconds{10}) tell(window, progress(at(minutes{10}), s));
  EXPECT_EQ(window.time(), at(minutes{10}));
  EXPECT_EQ(window.figures().partitions, 1U);
}

TEST(WindowTime, WhenProgressWasToldLastOutlivesARestore) {
  Window window = timekeeping();
  EXPECT_EQ(window.figures().heard, std::nullopt);
  tell(window, progress(at(minutes{10}), seconds{3}));
  std::vector<WindowRow> rows;
  window.rows(rows);
  Window restored = timekeeping();
  for (const WindowRow& row : rows) restored.apply(row);
  EXPECT_EQ(restored.figures().heard, wall(seconds{3}));
}

}  // namespace
}  // namespace imdswatch::testing
