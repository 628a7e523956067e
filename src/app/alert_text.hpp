#pragma once

#include <string>
#include <vector>

#include "fleet/fleet.hpp"
#include "imdswatch/alert/alert.hpp"

namespace imdswatch {

/// New alerts as a table: time, host, process, score, and what is said of it. Updates are counted below it.
std::string alert_table(const std::vector<Alert>& alerts);

/// The single alert with the highest score; none if there is none.
const Alert* worst_single(const std::vector<Alert>& alerts);

/// One alert as a person wants to read it.
std::string alert_in_full(const Alert& alert);

/// Alerts held against the labels of a fleet.
struct LabelBalance {
  int thefts = 0, found = 0;
  int alerts = 0, unfounded = 0;                 ///< new single and group alerts
  std::vector<const fleet::Theft*> missed;
  std::vector<const Alert*> unfounded_alerts;
};
LabelBalance balance_of(const std::vector<Alert>& alerts, const std::vector<fleet::Theft>& thefts);

}  // namespace imdswatch
