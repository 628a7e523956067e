#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "imdswatch/window/rows.hpp"
#include "imdswatch/window/window.hpp"
#include "moment_list.hpp"

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

/// A signature, once for all open sightings that hold it, and how many they are.
using PooledSignature = std::pair<const Signature, std::size_t>;

/// The calls of one signature on one host in one bucket, as small as can be: most are of what the host has learned.
struct Open {
  Bucket bucket;
  PooledSignature* pooled = nullptr;  ///< in the table
  std::uint64_t calls = 0, unseen = 0;
  EventTime first, last, unseen_first, unseen_last;
  std::optional<Judgement> judgement;
  bool late = false, clock_skewed = false;  ///< some unseen call is
  bool dirty = false, stored = false;       ///< changed since the last drain; was drained before
  bool listed = false, fresh = false;       ///< stands in the lists of what the next run, or take_ready, looks at
  bool plain = false;                       ///< the host had learned the signature when it was last asked…
  std::uint32_t plain_asked = 0;            ///< …after so many runs; 0: never
  std::string peer_value;
  MomentList moments;                       ///< by (time, origin)
  std::unique_ptr<Sighting> evidence;       ///< of unseen calls, key and figures not filled in; null: plain, or none

  [[nodiscard]] const Signature& signature() const { return pooled->first; }

  void add(const Call& call, bool is_plain, bool is_late, OriginTable& origins);
  /// The calls that no run saw before, as they stand.
  [[nodiscard]] Fresh look(const HostId& host) const;
  /// The calls that no run saw before; from now on they are seen.
  void take_unseen(const HostId& host, Sighting& out);
  /// The same, but nobody wants them.
  void pass_unseen();
  /// Where among `moments` the call stands; null if it is not kept.
  [[nodiscard]] Moment* find(const Origin& call, EventTime time, const OriginTable& origins);
  bool explain(const Lineage& lineage, const OriginTable& origins);

  /// After calls were taken out of `evidence`: processes without any go, and the times of the others are those of what is left.
  void drop_unused_processes();
  void measure_processes();

  /// Into `out`, whatever it held, whose memory is used again.
  void to_row(const HostId& host, const OriginTable& origins, OpenSighting& out) const;
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
