#pragma once

#include <map>

#include "imdswatch/window/window.hpp"
#include "open_table.hpp"
#include "timekeeper.hpp"

namespace imdswatch {

struct Window::Impl {
  struct Mark {
    Origin highest;
    bool dirty = false;
  };

  explicit Impl(const Schedule& s) : schedule(s), clock(s.stall_timeout) {}

  bool take_origin(const Origin& origin);
  /// The bucket that the next run closes.
  [[nodiscard]] Bucket next_closing() const { return schedule.bucket_of(*clock.last_run()); }
  /// Whether the next run no longer sees the bucket.
  [[nodiscard]] bool has_left(Bucket bucket) const;
  [[nodiscard]] Run run_at(EventTime time) const;
  [[nodiscard]] std::optional<Run> next_run() const;
  template <class IsPlain>
  Added add(const Call& call, IsPlain&& is_plain);
  void join_and_drop(HostOpen& host, Bucket bucket);
  void judge_or_take(HostOpen& host, Open& open, const Screen& screen, std::vector<Candidate>& out);
  void take(HostOpen& host, Open& open, std::vector<Candidate>& out);
  [[nodiscard]] bool can_judge_now(const HostOpen& host, const Open& open) const;
  void look_at(HostOpen& host, Open& open);
  /// What the sightings of the bucket teach of the first prefetch_block hosts of those that are left; then drops them.
  void hand_out(std::span<HostOpen* const> left, Bucket bucket, const std::function<void(std::span<const LeavingLook>)>& learn);
  void forget_marks(WallTime now);
  void apply(const SightingRow& row);
  void apply(const MarkRow& row);

  Schedule schedule;
  Timekeeper clock;
  OpenTable table;
  OriginTable origins;
  std::map<TopicPartition, Mark> marks;
  std::vector<TopicPartition> dirty_marks, dropped_marks;
  bool marks_are_new = false;    ///< some mark's topic may be unknown to the clock
  std::map<TopicPartition, Mark>::iterator latest_mark = marks.end();
  std::vector<HostOpen*> fresh;  ///< hosts with calls that take_ready has not looked at
  std::vector<Open*> at_hand;    ///< scratch: a host's sightings of a bucket
  std::vector<LeavingLook> leaving;  ///< scratch: those of the hosts at hand
  std::size_t unseen_sightings = 0, open_calls = 0;
  std::uint32_t runs = 1;        ///< one more with each that ended; not kept
  std::uint64_t told_before = 0, late = 0, twins = 0;
};

}  // namespace imdswatch
