#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "imdswatch/base/time.hpp"
#include "sim_faults.hpp"

namespace imdswatch::sim {

/// What a seed's world came to.
struct Outcome {
  std::vector<std::string> violations;  ///< empty: alerts equal the undisturbed replay's, state restores, all drains
  std::size_t alerts = 0;
  FaultCounts faults{};
  std::size_t calls_far_ahead = 0;  ///< of the detector's time when they were first written
};

/// One seed, one world: its hosts, lateness, batches, instances, shards and faults all follow from it.
/// `undisturbed`: the same world without its faults.
Outcome run_world(std::uint64_t seed, Canary canary = Canary::none, bool undisturbed = false);

}  // namespace imdswatch::sim
