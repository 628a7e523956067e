#include <gtest/gtest.h>

#include <string>

#include "sim_world.hpp"

/// `./dev sim` runs more seeds, and `./dev sim 1 --first SEED` one again.
namespace imdswatch::sim {
namespace {

constexpr int seeds = 500, seeds_of_a_part = 50;

std::string listed(const std::vector<std::string>& lines) {
  std::string out;
  for (std::size_t i = 0; i < lines.size() && i < 20; ++i) out += "\n  " + lines[i];
  if (lines.size() > 20) out += "\n  and " + std::to_string(lines.size() - 20) + " more";
  return out;
}

/// In parts, so that several cores have work.
class Simulation : public ::testing::TestWithParam<int> {};

TEST_P(Simulation, AlertsEqualAnUndisturbedReplayUnderEveryFault) {
  std::uint64_t alerts = 0;
  FaultCounts met{};
  const auto first = static_cast<std::uint64_t>(GetParam());
  for (std::uint64_t seed = first; seed < first + seeds_of_a_part; ++seed) {
    const Outcome outcome = run_world(seed);
    alerts += outcome.alerts;
    for (std::size_t i = 0; i < fault_count; ++i) met[i] += outcome.faults[i];
    ASSERT_TRUE(outcome.violations.empty())
        << "`./dev sim 1 --first " << seed << "` replays it:" << listed(outcome.violations);
  }
  EXPECT_GT(alerts, seeds_of_a_part) << "worlds without alerts prove nothing";
  for (std::size_t i = 0; i < fault_count; ++i)
    EXPECT_GT(met[i], 0U) << "no world of these met the fault: " << fault_names[i];
}

INSTANTIATE_TEST_SUITE_P(SeedsFrom, Simulation, ::testing::Range(1, seeds + 1, seeds_of_a_part));

class PlantedDefect : public ::testing::TestWithParam<int> {
 protected:
  [[nodiscard]] static Canary canary() { return static_cast<Canary>(GetParam()); }
};

TEST_P(PlantedDefect, IsCaughtWithinSixtySeeds) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    if (!run_world(seed, canary()).violations.empty()) return;
  }
  FAIL() << "canary " << GetParam() << " was not caught: the simulation is blind to it";
}

INSTANTIATE_TEST_SUITE_P(Canaries, PlantedDefect, ::testing::Range(1, canaries));

/// So it is the fault's handling that they break, and nothing else.
class DefectInTheHandlingOfAFault : public PlantedDefect {};

TEST_P(DefectInTheHandlingOfAFault, DoesNothingWithoutAFault) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Outcome outcome = run_world(seed, canary(), true);
    EXPECT_TRUE(outcome.violations.empty()) << "seed " << seed << listed(outcome.violations);
  }
}

INSTANTIATE_TEST_SUITE_P(Canaries, DefectInTheHandlingOfAFault,
                         ::testing::Range(static_cast<int>(Canary::state_kept_after_abort),
                                          static_cast<int>(Canary::silent_partition_left_out_early)));

}  // namespace
}  // namespace imdswatch::sim
