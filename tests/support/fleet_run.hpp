#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fleet/fleet.hpp"
#include "imdswatch/config/config.hpp"
#include "imdswatch/detector/detector.hpp"

namespace imdswatch::testing {

/// What the detector told of a labelled fleet.
struct FleetFigures {
  int thefts = 0, found = 0;
  int new_alerts = 0, false_alerts = 0;   ///< single and group alerts; false: no theft stands behind it
  double host_days = 0;                   ///< after the learning period
  std::vector<std::string> missed;        ///< for a person: which theft, where
  std::vector<std::string> wrong;         ///< for a person: which alert told of no theft
  [[nodiscard]] double recall() const { return thefts == 0 ? 1 : static_cast<double>(found) / thefts; }
  [[nodiscard]] double false_per_1000_host_days() const { return 1000.0 * false_alerts / host_days; }
};

struct FleetRun {
  std::vector<Alert> alerts;
  std::vector<RunSummary> runs;
  SieveCounters counters;
  FleetFigures figures;
};

/// The default configuration of the program, which the tests start from.
Config default_config();

/// Puts the whole fleet through both stages in memory, over `partitions` inputs keyed by host.
FleetRun run_fleet(const fleet::Options& options, const Config& config, int partitions = 2);

/// Holds alerts against the fleet's labels.
FleetFigures score_alerts(const std::vector<Alert>& alerts, const fleet::Fleet& fleet, double host_days);

}  // namespace imdswatch::testing
