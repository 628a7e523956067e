#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "imdswatch/sieve/call.hpp"
#include "process_key.hpp"

namespace imdswatch {

/// Process starts, to be found by the calls of their processes. Bounded by bytes and by age; the oldest go first.
/// Where a call and a start both have an entity id of the same shipper, these decide. Else the pid does: the latest start of
/// that pid not after the call, if the names do not differ.
class ProcessTable {
 public:
  /// Clocks of one machine's sources may differ by so much: a start this little after its call is still before it.
  static constexpr EventClock::duration slack = std::chrono::seconds{2};

  explicit ProcessTable(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// `now` is the stream's time where the start stood, for its age. A start told again is not kept again.
  /// Returns how many others went out for it.
  std::size_t add(const ProcessKey& key, EventTime time, EventTime now, const Evidence& evidence);

  /// What the start of the process told, of which a call was made at `time`.
  [[nodiscard]] std::optional<Evidence> find(const ProcessKey& key, EventTime time) const;

  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return starts_.size(); }

 private:
  using Sequence = std::uint64_t;  ///< of a start over all that were ever kept, from 1; 0 for none

  struct Start {
    ProcessKey key;
    EventTime time, seen;
    Sequence former_of_pid;
    std::string blob;  ///< Evidence, compact
  };

  [[nodiscard]] const Start* at(Sequence sequence) const;
  [[nodiscard]] const Start* newest(const std::unordered_map<std::uint64_t, Sequence>& index, std::uint64_t key) const;
  [[nodiscard]] bool told_before(const ProcessKey& key, EventTime time) const;
  [[nodiscard]] const Start* find_by_pid(const ProcessKey& key, EventTime time) const;
  void drop_oldest();
  static std::size_t cost(const Start& start);

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  EventTime now_{};
  Sequence first_ = 1;        ///< of starts_.front()
  std::deque<Start> starts_;  ///< in the order of coming
  std::unordered_map<std::uint64_t, Sequence> by_entity_, by_pid_;  ///< to the newest; never walked
};

}  // namespace imdswatch
