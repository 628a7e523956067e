#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "imdswatch/base/prefetch.hpp"

namespace imdswatch {

/// Finds what stands elsewhere under a number, by a hash of its key: open addressing, eight bytes a slot, so that a look takes one
/// cache line however many there are. It holds no keys and gives no order.
class FlatIndex {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  /// The number for which `same(number)` holds among those put in under the hash; none if there is none.
  template <class Same>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, Same&& same) const {
    if (slots_.empty()) return none;
    const std::uint32_t tag = tag_of(hash);
    for (std::size_t at = home(tag); slots_[at].number != none; at = after(at)) {
      if (slots_[at].tag == tag && same(slots_[at].number)) return slots_[at].number;
    }
    return none;
  }
  /// The key is looked for soon.
  void expect(std::uint64_t hash) const {
    if (!slots_.empty()) prefetch(&slots_[home(tag_of(hash))]);
  }
  /// The number that it most likely has; another key's it may be.
  [[nodiscard]] std::uint32_t likely(std::uint64_t hash) const {
    return find(hash, [](std::uint32_t) { return true; });
  }
  /// Of a key that is not there yet; `number` is not `none`.
  void insert(std::uint64_t hash, std::uint32_t number);
  /// Nothing happens if it is not there.
  void erase(std::uint64_t hash, std::uint32_t number);
  void clear();

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t tag = 0, number = none;
  };
  [[nodiscard]] static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  [[nodiscard]] std::size_t home(std::uint32_t tag) const { return tag & (slots_.size() - 1); }
  [[nodiscard]] std::size_t after(std::size_t at) const { return (at + 1) & (slots_.size() - 1); }
  void place(Slot slot);
  void grow();

  std::vector<Slot> slots_;  ///< a power of two of them, or none; a quarter at least is free
  std::size_t size_ = 0;
};

}  // namespace imdswatch
