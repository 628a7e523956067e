#include <gtest/gtest.h>

#include "imdswatch/window/log_clock.hpp"
#include "window_world.hpp"

namespace imdswatch::testing {
namespace {

LogClock clock_of_the_log() { return LogClock{Schedule{}.stall_timeout}; }
void tell(LogClock& clock, const Progress& p) { clock.add(p, p.wall); }

TEST(LogClock, IsTheDetectorsTimeOnceEveryPartitionHasReported) {
  LogClock clock = clock_of_the_log();
  EXPECT_EQ(clock.time(), std::nullopt);
  tell(clock, progress(at(minutes{30}), {}, 0, 2));
  tell(clock, progress(at(minutes{20}), {}, 1, 2));
  EXPECT_EQ(clock.time(), at(minutes{20}));
  tell(clock, progress(at(minutes{50}), seconds{3}, 1, 2));
  EXPECT_EQ(clock.time(), at(minutes{30}));
}

TEST(LogClock, StandsAtTheFirstThatIsToldWhileAPartitionHasNotReported) {
  LogClock clock = clock_of_the_log();
  tell(clock, progress(at(minutes{10}), {}, 0, 2));
  tell(clock, progress(at(minutes{90}), seconds{3}, 0, 2));
  tell(clock, progress(std::nullopt, seconds{3}, 1, 2));
  EXPECT_EQ(clock.time(), at(minutes{10})) << "the other partition's first events may be as old";
  tell(clock, progress(at(minutes{20}), seconds{6}, 1, 2));
  EXPECT_EQ(clock.time(), at(minutes{20}));
}

TEST(LogClock, APartitionAtItsEndDoesNotHoldTheOthersAtItsOldTime) {
  LogClock clock = clock_of_the_log();
  tell(clock, at_end(progress(at(minutes{0}), {}, 0, 3)));
  tell(clock, progress(at(minutes{600}), {}, 1, 3));
  EXPECT_EQ(clock.time(), at(minutes{600}));
}

}  // namespace
}  // namespace imdswatch::testing
