#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imdswatch/config/config.hpp"
#include "sim_broker.hpp"

namespace imdswatch::sim {

/// What a seed's world came to.
struct Outcome {
  std::vector<std::string> violations;   ///< empty: alerts equal the undisturbed replay's, state restores, all drains
  std::size_t alerts = 0, reference_alerts = 0;
  std::uint64_t crashes = 0, rebalances = 0, zombies = 0, produce_failures = 0;
};

/// One seed, one world: its hosts, lateness, batches, instances, shards and faults all follow from it.
Outcome run_world(std::uint64_t seed, Canary canary = Canary::none);

}  // namespace imdswatch::sim
