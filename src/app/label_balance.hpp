#pragma once

#include <string>
#include <vector>

#include "fleet/fleet.hpp"
#include "imdswatch/alert/alert.hpp"

namespace imdswatch {

/// Alerts held against the labels of a fleet.
struct LabelBalance {
  int thefts = 0, found = 0;
  int alerts = 0, unfounded = 0;                 ///< new single and group alerts
  std::vector<const fleet::Theft*> missed;
  std::vector<const Alert*> unfounded_alerts;
};
LabelBalance balance_of(const std::vector<Alert>& alerts, const std::vector<fleet::Theft>& thefts);

}  // namespace imdswatch
