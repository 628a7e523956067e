#pragma once

#include <algorithm>

#include "imdswatch/model/policy.hpp"
#include "imdswatch/model/rows.hpp"

namespace imdswatch {

/// What one level of the hierarchy (host, peers, fleet) has counted, as far as one value's chance rests on it.
struct Level {
  double count = 0;      ///< c of the value
  double total = 0;      ///< n = Σ c over the level's values
  double discounts = 0;  ///< Σ δ(c), δ(c) = min(d, c)
};

/// What a level leaves to the next one: (θ + Σδ)/(n + θ). Of an empty level everything.
inline double back_off(const Level& level, const ModelPolicy& policy) {
  return (policy.strength + level.discounts) / (level.total + policy.strength);
}

/// The chance of the value: its own discounted share, and the back-off's share of what the next level says (Teh 2006).
inline double predictive(const Level& level, double next_level, const ModelPolicy& policy) {
  const double own = (level.count - std::min(policy.discount, level.count)) / (level.total + policy.strength);
  return own + back_off(level, policy) * next_level;
}

/// The chance given to any one value of a part that the fleet has never seen under the name.
inline double part_floor(PartKind kind, const ModelPolicy& policy) {
  switch (kind) {
    case PartKind::folder: return policy.folder_floor;
    case PartKind::user: return policy.user_floor;
    case PartKind::signer: return policy.signer_floor;
  }
  return policy.folder_floor;
}

}  // namespace imdswatch
