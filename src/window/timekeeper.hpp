#pragma once

#include <chrono>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "imdswatch/window/rows.hpp"

namespace imdswatch {

/// The detector's time, from progress records alone: the minimum of the watermarks of the partitions that are read.
///
/// - A partition at its confirmed end stands aside; if all do, time moves by the wall time between progress records.
/// - One without progress for `silent_after`, by `elapsed` or by the log's time, is silent: it no longer stands aside but holds time
///   where it is, and is left out after the stall timeout, until it reports again. Nor does one stand aside by the word of an older
///   generation than is heard of others: so what was said of its end before an outage lets no other run past what it got meanwhile.
/// - How long that is is measured by `elapsed`: wall time over progress records, each step counted up to 30 s, so that an outage
///   of everything counts as nothing.
class Timekeeper {
 public:
  explicit Timekeeper(std::chrono::milliseconds stall_timeout) : stall_timeout_(stall_timeout) {}

  /// False if it is of an overtaken generation, or of a partition that its own roster does not list: it says nothing then.
  bool add(const Progress& progress, WallTime append_time);

  [[nodiscard]] std::optional<EventTime> time() const { return row_.time; }
  [[nodiscard]] std::optional<EventTime> last_run() const { return row_.last_run; }
  /// A topic of which something is kept, listed or not. One that no roster has listed for a month is forgotten.
  void remember(const TopicId& topic, WallTime now);
  /// Forgotten since this was asked last.
  [[nodiscard]] std::vector<TopicId> take_forgotten() { return std::exchange(forgotten_, {}); }
  void complete(EventTime run);
  /// As if time had come to `time`; never goes back.
  void advance_to(EventTime time);

  struct Figures {
    std::size_t partitions = 0, silent = 0, left_out = 0, stood_aside = 0;
    std::uint64_t stale_generation = 0;
    std::optional<WallTime> heard;  ///< the log's time of the newest progress record; none before any
  };
  [[nodiscard]] Figures figures() const;

  void drain(std::vector<WindowRow>& out);
  void rows(std::vector<WindowRow>& out) const;
  void apply(const SourceRow& row);
  void apply(const TimeRow& row) { row_ = row; }

 private:
  /// By the log's time, and the highest generation that it has told of late.
  struct Moment {
    WallTime now;
    Generation newest;
  };
  [[nodiscard]] Moment moment(WallTime now) const;
  bool overtaken(const SourceTime& source, const Progress& progress, WallTime append_time) const;
  void list_topics(const std::vector<RosterEntry>& roster, WallTime append_time);
  ListedTopic& remembered(const TopicId& topic, WallTime now);
  void match_sources_to_roster();
  std::chrono::milliseconds count_step(WallTime wall, WallTime append_time);
  void leave_out_stalled();
  void move(std::chrono::milliseconds pace, const Moment& now);
  [[nodiscard]] bool silent(const SourceTime& source) const;
  [[nodiscard]] bool stands_aside(const SourceTime& source, const Moment& now) const;
  [[nodiscard]] bool all_stand_aside(const Moment& now) const;
  [[nodiscard]] std::optional<EventTime> minimum(const Moment& now) const;
  SourceTime& changed(const TopicPartition& source);

  std::chrono::milliseconds stall_timeout_;
  std::map<TopicPartition, SourceTime> sources_;  ///< of the roster, exactly
  TimeRow row_;
  std::vector<RosterEntry> listed_;               ///< of the roster, what was listed of late; ordered
  std::vector<TopicId> forgotten_;
  bool row_changed_ = false;
  std::set<TopicPartition> changed_, dropped_;    ///< since the last drain
  std::set<TopicPartition> stored_;               ///< drained at some time: a tombstone is due
  std::uint64_t stale_generation_ = 0;
};

}  // namespace imdswatch
