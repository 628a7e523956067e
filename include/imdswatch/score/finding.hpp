#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imdswatch/window/sighting.hpp"

namespace imdswatch {

/// One factor of p(call), with the counts that it rests on.
struct Factor {
  enum class Part : std::uint8_t { name, folder, user, signer };
  Part part{};
  std::string value;             ///< empty if unknown
  bool known = true;
  double surprise = 0;           ///< −log₁₀ of the factor; of an unknown part its expected surprise
  double host_windows_with = 0;  ///< past buckets in which the host showed it (faded); of a part: under this name
  double host_windows = 0;       ///< past buckets in which the host called at all (of a part: under this name)
  std::uint32_t peers_with = 0, peers = 0;  ///< other hosts like it that know it, of how many; 0 of 0: no peer level
  std::uint32_t fleet_with = 0, fleet = 0;  ///< other hosts of the fleet that know it, of how many
  std::optional<EventTime> fleet_since;     ///< when the fleet first showed it
  friend bool operator==(const Factor&, const Factor&) = default;
};

struct Score {
  double surprise = 0;                          ///< s = −log₁₀ p, rounded to 1e-6
  double points = 0;                            ///< 0–100, linear in s from 0 to 9
  std::optional<double> expected_interval_days; ///< 1/(p · the host's sightings a day); none: too few sightings to say
  std::vector<Factor> factors;                  ///< name, folder, user, signer
  std::string peer_group;                       ///< "stem:web-asg", "field:asg-1", or empty
  std::vector<std::string> usual_callers;       ///< of this host, most frequent first
  double host_sightings = 0;                    ///< buckets in which the host called at all
  bool sparse_history = false;                  ///< under 10 of them
  friend bool operator==(const Score&, const Score&) = default;
};

struct Finding {
  enum class Reason : std::uint8_t { surprise, new_to_fleet };
  Sighting sighting;       ///< the calls to be told
  Score score;
  Reason reason{};
  bool first = true;       ///< false: later calls of a sighting that was scored before, with that score
  bool learning = false;   ///< found within the learning period
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// What the learning period leaves to a person: who only few do, worst first.
struct LearningReport {
  struct Entry {
    Signature signature;
    std::uint32_t hosts = 0;
    std::vector<std::string> examples;  ///< host names, at most 5
    double surprise = 0;                ///< on a new host of the fleet
  };
  EventTime from, to;
  std::uint32_t hosts = 0;              ///< of the shard
  std::vector<Entry> entries;           ///< at most 1,000
  std::uint64_t entries_omitted = 0;
};

}  // namespace imdswatch
