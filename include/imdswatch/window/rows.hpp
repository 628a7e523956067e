#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "imdswatch/window/sighting.hpp"

namespace imdswatch {

/// Rows of the window: absolute values under keys that compaction can keep apart. `nullopt` is a tombstone.

/// A call of an open sighting, as the join of twins and of late process starts sees it.
struct CallMoment {
  static constexpr std::uint16_t no_process = 0xffff;
  EventTime time;
  Origin origin;
  std::uint16_t process = no_process;      ///< its place in `unseen->processes`, where its evidence is kept
  bool seen = false;                       ///< by a run; a twin that was joined counts as seen
  friend bool operator==(const CallMoment&, const CallMoment&) = default;
};

/// An open sighting; key: (bucket, host, signature). What a run has seen needs no evidence any more, so none is kept.
struct OpenSighting {
  std::uint64_t calls = 0;                 ///< seen ones included
  EventTime first, last;                   ///< of all of them
  std::optional<Sighting> unseen;          ///< the calls that no run saw yet; its processes are ordered by content
  bool plain = false;                      ///< `unseen` is kept without evidence
  std::optional<Judgement> judgement;
  std::string peer_value;                  ///< of the last call
  std::vector<CallMoment> moments;         ///< by (time, origin); the first limits::max_moments_per_sighting of the calls
  friend bool operator==(const OpenSighting&, const OpenSighting&) = default;
};
struct SightingRow {
  SightingKey key;
  std::optional<OpenSighting> value;
  friend bool operator==(const SightingRow&, const SightingRow&) = default;
};

/// The highest origin taken from an input partition; key: the partition.
struct MarkRow {
  TopicPartition source;
  std::optional<Origin> value;
  friend bool operator==(const MarkRow&, const MarkRow&) = default;
};

/// What is known of one input partition's progress; key: the partition.
struct SourceTime {
  std::optional<EventTime> watermark;
  bool reported = false;                   ///< false: the roster lists it, but it has not written any progress yet
  bool at_end = false;
  bool left_out = false;                   ///< silent for longer than the stall timeout
  Generation generation;
  WallTime last_append;                    ///< the log's time of its last progress record
  std::chrono::milliseconds heard_at{0};   ///< TimeRow::elapsed then: how long it is silent is the difference to now's
  friend bool operator==(const SourceTime&, const SourceTime&) = default;
};
struct SourceRow {
  TopicPartition source;
  std::optional<SourceTime> value;
  friend bool operator==(const SourceRow&, const SourceRow&) = default;
};

/// A topic, and when a progress record last listed it, by the log's time.
struct ListedTopic {
  RosterEntry topic;
  WallTime listed;
  friend bool operator==(const ListedTopic&, const ListedTopic&) = default;
};

/// The detector's time and runs; one row.
struct TimeRow {
  std::vector<ListedTopic> roster;         ///< ordered by topic id
  std::optional<EventTime> time, last_run;
  std::chrono::milliseconds elapsed{0};    ///< wall time over progress records, each step counted up to 30 s
  WallTime last_wall, last_append;         ///< of the progress record with the highest wall time
  friend bool operator==(const TimeRow&, const TimeRow&) = default;
};

using WindowRow = std::variant<SightingRow, MarkRow, SourceRow, TimeRow>;

}  // namespace imdswatch
