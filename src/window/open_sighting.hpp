#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "imdswatch/window/rows.hpp"

namespace imdswatch {

/// A source partition in one leader epoch, numbered in the order of first use: moments hold the number.
class OriginTable {
 public:
  static constexpr std::uint32_t limit = 1U << 19;  ///< partitions × leader epochs since start; beyond it, moments are not kept
  /// `limit` if there is no room for it.
  std::uint32_t number(const Origin& origin);
  [[nodiscard]] Origin origin(std::uint32_t number, Offset offset, std::uint32_t place) const;

 private:
  struct Entry {
    TopicPartition source;
    LeaderEpoch epoch;
  };
  std::vector<Entry> entries_;
  std::uint32_t latest_ = 0;
};

/// CallMoment in 24 bytes.
struct Moment {
  static constexpr std::uint32_t no_process = (1U << 12) - 1;
  std::int64_t time_us;
  Offset offset;
  std::uint32_t place;
  std::uint32_t origin : 19;
  std::uint32_t process : 12;
  std::uint32_t seen : 1;
};
static_assert(sizeof(Moment) == 24);

/// The calls of one signature on one host in one bucket, as small as can be: most are of what the host has learned.
struct Open {
  Bucket bucket;
  const Signature* signature = nullptr;  ///< in the table's pool
  std::uint64_t calls = 0, unseen = 0;
  EventTime first, last, unseen_first, unseen_last;
  std::optional<Judgement> judgement;
  bool late = false, clock_skewed = false;  ///< some unseen call is
  bool dirty = false, stored = false;       ///< changed since the last drain; was drained before
  bool listed = false, fresh = false;       ///< stands in the lists of what the next run, or take_ready, looks at
  std::string peer_value;
  std::vector<Moment> moments;              ///< by (time, origin)
  std::unique_ptr<Sighting> evidence;       ///< of unseen calls, key and figures not filled in; null: plain, or none

  void add(const Call& call, bool plain, bool is_late, OriginTable& origins);
  /// The calls that no run saw before; from now on they are seen.
  void take_unseen(const HostId& host, Sighting& out);
  /// Where among `moments` the call stands; null if it is not kept.
  [[nodiscard]] Moment* find(const Origin& call, EventTime time, const OriginTable& origins);
  bool explain(const Lineage& lineage, const OriginTable& origins);

  /// After calls were taken out of `evidence`: processes without any go, and the times of the others are those of what is left.
  void drop_unused_processes();
  void measure_processes();

  [[nodiscard]] OpenSighting to_row(const HostId& host, const OriginTable& origins) const;
  void from_row(const OpenSighting& row, OriginTable& origins);

 private:
  Moment* insert_moment(const Call& call, OriginTable& origins);
  void place_process(const Call& call, Moment* moment);
  void add_evidence(const Call& call, Moment* moment, bool first, bool last);
  void fill_figures(const HostId& host, Sighting& out) const;
};

/// Orders moments by time, then origin.
bool earlier(const Moment& a, const Moment& b, const OriginTable& origins);

}  // namespace imdswatch
