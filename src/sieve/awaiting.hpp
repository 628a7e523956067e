#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "imdswatch/sieve/call.hpp"
#include "place_index.hpp"
#include "process_key.hpp"

namespace imdswatch {

/// Calls that went out without a process start, so that one that comes late can be sent after them. Bounded by number and age.
class Awaiting {
 public:
  static constexpr EventClock::duration max_age = std::chrono::hours{1};

  /// `seed`: of its hash tables; changes nothing that is told.
  explicit Awaiting(std::uint64_t seed) : by_entity_(seed), by_pid_(seed) {}

  /// `own_time` is the call's by its host's clock; `now` the stream's time. Returns how many others went out for space.
  std::size_t add(const Call& call, const ProcessKey& key, EventTime own_time, EventTime now);

  /// Whether any call may wait for a start with this key.
  [[nodiscard]] bool may_wait(const ProcessKey& key) const { return by_entity_.find(key.entity, first_) != 0 || by_pid_.find(key.pid, first_) != 0; }
  /// Lineage for each call that `start` explains, in the order in which the calls went out; they wait no longer.
  std::vector<Lineage> take(const ProcessKey& key, EventTime time, const Evidence& start);

  [[nodiscard]] std::size_t size() const { return calls_.size(); }

 private:
  using Sequence = PlaceIndex::Place;
  struct Waiting {
    ProcessKey key;
    Origin origin;
    HostId host;
    EventTime call_time, own_time, seen;
    Sequence former_of_entity = 0, former_of_pid = 0;
    bool explained = false;
  };

  [[nodiscard]] Waiting* at(Sequence sequence);
  static bool explains(const ProcessKey& key, EventTime time, const Waiting& call, bool by_entity);

  EventTime now_{};
  Sequence first_ = 1;
  std::deque<Waiting> calls_;
  PlaceIndex by_entity_, by_pid_;  ///< to the newest
};

}  // namespace imdswatch
