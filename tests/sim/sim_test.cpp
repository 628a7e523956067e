#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "sim_world.hpp"

namespace imdswatch::sim {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string listed(const std::vector<std::string>& lines) {
  std::string out;
  for (std::size_t i = 0; i < lines.size() && i < 20; ++i) out += "\n  " + lines[i];
  if (lines.size() > 20) out += "\n  and " + std::to_string(lines.size() - 20) + " more";
  return out;
}

/// IMDSWATCH_SIM_SEED=n replays one seed; IMDSWATCH_SIM_SEEDS=n runs as many.
TEST(Simulation, AlertsEqualAnUndisturbedReplayUnderEveryFault) {
  const std::uint64_t only = from_environment("IMDSWATCH_SIM_SEED", 0);
  const std::uint64_t first = only ? only : 1;
  const std::uint64_t last = only ? only : from_environment("IMDSWATCH_SIM_SEEDS", 200);
  std::uint64_t alerts = 0, faults = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const Outcome outcome = run_world(seed);
    alerts += outcome.alerts;
    faults += outcome.crashes + outcome.rebalances + outcome.zombies + outcome.produce_failures;
    ASSERT_TRUE(outcome.violations.empty()) << "IMDSWATCH_SIM_SEED=" << seed << " replays it:" << listed(outcome.violations);
  }
  EXPECT_GT(alerts, last - first) << "worlds without alerts prove nothing";
  if (!only) {
    EXPECT_GT(faults, last - first);
  }
  std::printf("%llu seeds, %llu alerts, %llu faults beside those of commits\n", static_cast<unsigned long long>(last - first + 1),
              static_cast<unsigned long long>(alerts), static_cast<unsigned long long>(faults));
}

class PlantedDefect : public ::testing::TestWithParam<int> {};

TEST_P(PlantedDefect, IsCaughtWithinSixtySeeds) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    if (!run_world(seed, static_cast<Canary>(GetParam())).violations.empty()) return;
  }
  FAIL() << "canary " << GetParam() << " was not caught: the simulation is blind to it";
}

INSTANTIATE_TEST_SUITE_P(Canaries, PlantedDefect, ::testing::Range(1, canaries));

}  // namespace
}  // namespace imdswatch::sim
