#pragma once

#include <optional>

namespace imdswatch {

/// What makes a finding. A threshold may differ by the set of parts that the shipper tells.
struct ScorePolicy {
  double threshold = 4.5;                                 ///< s above it is a finding
  std::optional<double> threshold_without_user;
  std::optional<double> threshold_without_signer;
  std::optional<double> threshold_without_user_and_signer;
};

}  // namespace imdswatch
