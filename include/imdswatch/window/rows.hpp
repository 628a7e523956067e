#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "imdswatch/window/sighting.hpp"

namespace imdswatch {

/// Rows of the window: absolute values under keys that compaction can keep apart. `nullopt` is a tombstone.

/// An open sighting; key: (bucket, host, signature).
struct OpenSighting {
  Sighting all;                            ///< every call so far
  std::optional<Sighting> unseen;          ///< the calls that no run saw yet, if they are not all
  bool seen = false;                       ///< whether a run saw it
  bool plain = false;                      ///< kept without evidence
  std::optional<Judgement> judgement;
  std::vector<std::int64_t> call_times_us; ///< sorted; for the join of twins, bounded
  friend bool operator==(const OpenSighting&, const OpenSighting&) = default;
};
struct SightingRow {
  SightingKey key;
  std::optional<OpenSighting> value;
};

/// The highest origin taken from an input partition; key: the partition.
struct MarkRow {
  TopicPartition source;
  std::optional<Origin> value;
};

/// What is known of one input partition's progress; key: the partition.
struct SourceTime {
  std::optional<EventTime> watermark;
  bool at_end = false;
  bool left_out = false;
  Generation generation;
  WallTime last_wall;                      ///< of its last progress record
  WallTime last_append;                    ///< the log's time of it
  std::chrono::milliseconds silent_for{0}; ///< each step of wall time counts at most 30 s
  friend bool operator==(const SourceTime&, const SourceTime&) = default;
};
struct SourceRow {
  TopicPartition source;
  std::optional<SourceTime> value;
};

/// The detector's time and runs; one row.
struct TimeRow {
  std::vector<RosterEntry> roster;
  Generation generation;
  std::optional<EventTime> time, last_run;
  WallTime last_wall, last_append;
};

using WindowRow = std::variant<SightingRow, MarkRow, SourceRow, TimeRow>;

}  // namespace imdswatch
