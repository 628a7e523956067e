#include "torments.hpp"

#include <utility>

namespace imdswatch::testing {
namespace {

constexpr int enough_kills = 50;  ///< by then each of the others has been drawn many times

}  // namespace

std::vector<std::string> never_met(const Torments& met, int instances) {
  std::vector<std::string> out;
  if (met.kills < enough_kills) return out;
  const std::pair<const char*, int> asked[] = {{"kills within a commit", met.kills_in_commits},
                                               {"zombies", met.zombies},
                                               {"clean restarts", met.clean_restarts},
                                               {"rebalances", instances > 1 ? met.rebalances : 1},
                                               {"broker restarts", met.broker_restarts}};
  for (const auto& [what, times] : asked) {
    if (times == 0) out.emplace_back(what);
  }
  return out;
}

}  // namespace imdswatch::testing
