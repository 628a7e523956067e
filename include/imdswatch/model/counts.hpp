#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imdswatch/base/time.hpp"
#include "imdswatch/model/level.hpp"
#include "imdswatch/model/rows.hpp"

namespace imdswatch {

/// Other hosts that know something, of how many: a host does not count as a reference for itself.
struct Prevalence {
  std::uint32_t with = 0, of = 0;
};

struct NameCounts {
  Level host, peers, fleet;
  bool has_peers = false;
  Prevalence among_peers, in_fleet;
  std::optional<EventTime> since;  ///< first call in the fleet; none: no host of it has called under this name
};

/// Σ p and Σ p·log₁₀ p over the values that the fleet knows of a part, p by the fleet's level.
struct Spread {
  double mass = 0, mass_log10 = 0;
};

/// A value of an unknown part that the host itself has shown under the name.
struct OwnValue {
  Level host, fleet;
};

struct PartCounts {
  bool known = false;
  Level host, fleet;               ///< `count` is 0 if the part is unknown
  Prevalence in_fleet;
  std::optional<EventTime> since;
  Spread spread;                   ///< if unknown
  std::vector<OwnValue> own;       ///< if unknown, in the order of their text
};

/// All counts that the score of one signature on one host rests on, at one run.
struct SignatureCounts {
  NameCounts name;
  std::array<PartCounts, part_kinds> parts;  ///< indexed by PartKind
  bool host_known = false;
  double host_windows = 0;                   ///< past buckets in which the host called at all, faded
  std::uint32_t host_buckets = 0;            ///< the same, not faded
  double host_age_days = 0;                  ///< since its first learned bucket
  std::string peer_group;                    ///< empty: no peer level
};

}  // namespace imdswatch
