#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "imdswatch/decode/decoder.hpp"
#include "imdswatch/sieve/call.hpp"
#include "place_index.hpp"
#include "place_log.hpp"
#include "process_key.hpp"

namespace imdswatch {

/// Process starts, to be found by the calls of their processes. Bounded by bytes and by age; the oldest go first.
/// Where a call and a start both have an entity id of the same shipper, these decide. Else the pid does: the latest start of
/// that pid not after the call, if the names and the paths behind the volume do not differ. Where both tell when the process
/// began, starts of another time do not count.
class ProcessTable {
 public:
  /// Clocks of one machine's sources may differ by so much: a start this little after its call is still before it.
  static constexpr EventClock::duration slack = std::chrono::seconds{2};

  /// `seed`: of its hash tables; changes nothing that is told.
  ProcessTable(std::size_t max_bytes, std::uint64_t seed, std::pmr::memory_resource* memory = std::pmr::get_default_resource())
      : max_bytes_(max_bytes), log_(max_bytes < fewest_chunks * PlaceLog::large_chunk ? PlaceLog::small_chunk : PlaceLog::large_chunk, memory), by_entity_(seed, memory), by_pid_(seed, memory) {}

  /// Has what an `add` of `key` will need fetched.
  void fetch(const ProcessKey& key) const {
    by_entity_.fetch(key.entity);
    by_pid_.fetch(key.pid);
  }
  /// `told` is what the start told, as the shipper wrote it or, without a shape, as packed Evidence; it is copied.
  /// `now` is the stream's time where the start stood, for its age. A start told again is not kept again.
  /// Returns how many others went out for it.
  std::size_t add(const ProcessKey& key, EventTime time, EventTime now, const KeptStart& told);

  struct Found {
    KeptStart told;                  ///< lives until the next `add`
    std::optional<EventTime> start;  ///< nothing for a process that ran already when it was told
  };
  /// The start of the process of which a call was made at `time`.
  [[nodiscard]] std::optional<Found> find(const ProcessKey& key, EventTime time) const;

  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  using Place = PlaceLog::Place;
  static constexpr std::size_t fewest_chunks = 8;  ///< so that what is not yet filled of one, or not yet dropped, is little of all

  /// What stands in the log before what was told.
  struct Start {
    ProcessKey key;
    EventTime time, seen;
    Place former_of_pid;
    std::uint32_t shape;
    std::uint32_t told_bytes;
  };
  /// Shapes are few and starts many: a start has the number of its shape, and the last one lets it go.
  struct Shape {
    std::shared_ptr<const StartShape> shape;
    std::size_t starts = 0, bytes = 0;
  };

  [[nodiscard]] const Start* at(Place place) const;
  [[nodiscard]] bool told_before(const ProcessKey& key, EventTime time) const;
  [[nodiscard]] const Start* find_by_pid(const ProcessKey& key, EventTime time) const;
  std::uint32_t take_shape(const std::shared_ptr<const StartShape>& shape);
  /// Of the oldest start, of which there is one.
  EventTime first_seen();
  void drop_oldest();
  static std::size_t cost(const Start& start);

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::size_t size_ = 0;
  EventTime now_{};
  PlaceLog log_;
  Place first_ = log_.end();        ///< of the oldest start
  std::optional<EventTime> first_seen_;  ///< read only by the add after the one that made it the oldest: it is being fetched until then
  PlaceIndex by_entity_, by_pid_;   ///< to the newest
  std::vector<Shape> shapes_;       ///< by number
  std::vector<std::uint32_t> free_; ///< numbers that no start has
  std::unordered_map<const StartShape*, std::uint32_t> numbers_;
  std::array<std::uint32_t, 64> lately_{};  ///< some of these numbers, or no longer: found without searching
};

}  // namespace imdswatch
