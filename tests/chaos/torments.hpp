#pragma once

#include <string>
#include <vector>

namespace imdswatch::testing {

/// What a run has met, each counted when it had its effect and not when it was tried.
struct Torments {
  int kills = 0;             ///< after which work went on
  int kills_in_commits = 0;  ///< that left a transaction open
  int zombies = 0;           ///< stopped for longer than the session timeout, and woken
  int clean_restarts = 0;    ///< ended in good order, with exit code 0
  int rebalances = 0;        ///< by which an instance at work had to give something away
  int broker_restarts = 0;
};

/// Those that never happened, where a run was long enough for each of them; one instance alone meets no rebalance.
std::vector<std::string> never_met(const Torments& met, int instances);

}  // namespace imdswatch::testing
