#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "imdswatch/base/flat_index.hpp"
#include "imdswatch/base/hash.hpp"
#include "imdswatch/base/prefetch.hpp"

namespace imdswatch {

/// The few keys of an index that are looked for next, mostly in this order: each is hashed here, once, and found again by where its
/// text stands. That text may have changed, and the number be another key's by then: who asks compares.
class ExpectedKeys {
 public:
  /// `key(i)` is the i-th of `count` texts, which are at most prefetch_block; `fetch(number)` fetches what is read of it first.
  template <class Key, class Fetch>
  void expect(const FlatIndex& index, std::size_t count, Key&& key, Fetch&& fetch) {
    std::array<std::uint64_t, prefetch_block> hashes;
    for (std::size_t i = 0; i < count; ++i) {
      hashes[i] = stable_hash64(key(i));
      index.expect(hashes[i]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      expected_[i] = {key(i).data(), index.likely(hashes[i])};
      if (expected_[i].number != FlatIndex::none) fetch(expected_[i].number);
    }
    count_ = count;
    next_ = 0;
  }
  /// The numbers that the keys most likely have.
  template <class Visit>
  void each(Visit&& visit) const {
    for (std::size_t i = 0; i < count_; ++i) {
      if (expected_[i].number != FlatIndex::none) visit(expected_[i].number);
    }
  }
  /// None if the key was not expected, or the index had nothing like it.
  [[nodiscard]] std::uint32_t likely(std::string_view key) const {
    for (std::size_t i = next_; i < count_; ++i) {
      if (expected_[i].text != key.data()) continue;
      next_ = i;
      return expected_[i].number;
    }
    return FlatIndex::none;
  }
  /// The number of `key` in the index, by `is`: whether a number is the key's. Hashed only where it was not expected.
  template <class Is>
  [[nodiscard]] std::uint32_t find(const FlatIndex& index, std::string_view key, Is&& is) const {
    const std::uint32_t number = likely(key);
    return number != FlatIndex::none && is(number) ? number : index.find(stable_hash64(key), is);
  }
  void clear() { count_ = 0; }

 private:
  struct Expected {
    const char* text = nullptr;  ///< compared, never read
    std::uint32_t number = FlatIndex::none;
  };
  std::array<Expected, prefetch_block> expected_;
  std::size_t count_ = 0;
  mutable std::size_t next_ = 0;  ///< those before it have had their turn
};

}  // namespace imdswatch
