#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "imdswatch/base/prefetch.hpp"

namespace imdswatch {

/// Hashed keys → the newest place of each, in one piece of memory. Places only grow, and what lies below `first` counts as forgotten:
/// forgetting costs nothing. Keys and places are never 0.
class PlaceIndex {
 public:
  using Place = std::uint64_t;

  /// A seed that nobody outside knows keeps them from making keys that meet.
  explicit PlaceIndex(std::uint64_t seed, std::pmr::memory_resource* memory = std::pmr::get_default_resource());
  /// Has the place of `key` fetched.
  void fetch(std::uint64_t key) const { prefetch(&slots_[home(key)]); }
  /// 0 if there is none, or it is forgotten.
  [[nodiscard]] Place find(std::uint64_t key, Place first) const;
  /// Sets the place of `key`; returns what `find` would have.
  Place exchange(std::uint64_t key, Place place, Place first);

 private:
  struct Slot {
    std::uint64_t key;
    Place place;
  };
  [[nodiscard]] std::size_t home(std::uint64_t key) const { return static_cast<std::size_t>((key * scatter_) >> shift_); }
  void rebuild(Place first);

  std::uint64_t scatter_;  ///< odd
  unsigned shift_;
  std::pmr::vector<Slot> slots_;
  std::size_t used_ = 0;   ///< forgotten ones too
};

}  // namespace imdswatch
