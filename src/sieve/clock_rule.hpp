#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/base/time.hpp"

namespace imdswatch {

/// The rule on wrong clocks, for one partition, from its events alone and in their order.
///
/// The stream's time is the highest time accepted. An event at most an hour ahead of it is accepted. One further ahead, and
/// the partition's very first, is *pending* until
///   - it counts: a pending event of another host lies within 10 min of it, or 20 pending events, running without an accepted
///     one between them, lie within 10 min of one another. The stream jumps to the latest of them;
///   - the stream has come within an hour of it: it is accepted;
///   - it is given up: since it came, accepted events have moved the stream by the allowed disorder, or were a thousand, or
///     `max_pending` newer ones wait. It takes the time at which the stream stood when it came, and is skewed.
/// Where `max_pending` wait and no event was accepted since the oldest of them came, nothing speaks for the old time: the stream
/// goes on from the earliest that waits (a partition of one quiet host looks like this).
/// After a jump, what still waits is taken as if it had come just then.
class ClockRule {
 public:
  static constexpr EventClock::duration reach = std::chrono::hours{1};
  static constexpr EventClock::duration closeness = std::chrono::minutes{10};
  static constexpr std::size_t running_events = 20;
  static constexpr std::uint32_t patience_events = 1000;
  /// So many that the saved state stays under 3 KiB in the worst case.
  static constexpr std::size_t max_pending = 96;
  static constexpr std::size_t max_saved_bytes = 3071;

  using Ticket = std::uint64_t;    ///< names a candidate that waits; 0 for an event of which nothing is to be written
  using HostHash = std::uint32_t;  ///< 0 for an unknown host, which never confirms another

  struct Decision {
    Ticket ticket;
    EventTime time;
    bool skewed;
    friend bool operator==(const Decision&, const Decision&) = default;
  };

  explicit ClockRule(EventClock::duration disorder) : disorder_(disorder) {}

  [[nodiscard]] const std::optional<EventTime>& stream() const { return stream_; }
  [[nodiscard]] bool accepts(EventTime time) const { return stream_ && time <= *stream_ + reach; }
  /// An event that `accepts` allows. `out` gets what is decided by it, other than itself.
  void accept(EventTime time, std::vector<Decision>& out) {
    stream_ = std::max(stream_.value_or(time), time);
    ++accepted_;
    running_ = 0;
    if (!pending_.empty()) decide_pending(out);
  }
  /// Any other event. `out` gets what is decided by it, itself included.
  void hold(EventTime time, HostHash host, Ticket ticket, std::vector<Decision>& out);
  /// Decides all that waits: as skewed, or, where no event was accepted since it came, at its own time.
  void finish(std::vector<Decision>& out);

  /// Printable, versioned, at most max_saved_bytes; tickets are not saved.
  [[nodiscard]] std::string save() const;
  /// Nothing if `text` is not what this version or an older one saved.
  static std::optional<ClockRule> load(std::string_view text, EventClock::duration disorder);

 private:
  struct Pending {
    EventTime time;
    EventTime stream;        ///< where it stood when this came; of no meaning while there is none
    std::uint64_t accepted;  ///< accepted_ when this came
    Ticket ticket;
    HostHash host;
  };

  /// What an event that was accepted decides.
  void decide_pending(std::vector<Decision>& out);
  [[nodiscard]] bool counts(const Pending& newest) const;
  void jump(EventTime around, std::vector<Decision>& out);
  void take_within_reach(std::vector<Decision>& out);
  void give_up(std::vector<Decision>& out);
  void rebase();
  void overflow(std::vector<Decision>& out);
  /// Whether an event near the old time came after it.
  [[nodiscard]] bool contradicted(const Pending& event) const;
  static void decide(const Pending& event, EventTime time, bool skewed, std::vector<Decision>& out);

  EventClock::duration disorder_;
  std::optional<EventTime> stream_;
  std::uint64_t accepted_ = 0;  ///< accepted events, from any start
  std::size_t running_ = 0;     ///< newest pending events without an accepted one between them, at most running_events
  std::vector<Pending> pending_;  ///< in the order of coming
};

}  // namespace imdswatch
