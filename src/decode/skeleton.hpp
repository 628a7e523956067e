#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "look.hpp"

namespace imdswatch {

/// A place in a message, told from the closing quote of its key number `key`; with the number of keys, from the message's end.
struct Spot {
  std::uint32_t key;
  std::int32_t offset;  ///< bytes; negative for before it
  /// Beyond any message where it would lie before this one.
  [[nodiscard]] std::size_t in(const Look& look) const { return look.key_end(key) + static_cast<std::size_t>(offset); }
};

/// What a message must say between its values: keys and braces; and the values that decide. Told from its keys, so that the other values
/// may be of any length. Pieces of about one size are compared together, without a branch for each.
class Skeleton {
 public:
  /// `text` must stand at `begin`. False, and nothing added, where that is too far from its key.
  bool add(const Spot& begin, std::string_view text);
  /// After the last `add`.
  void finish();
  [[nodiscard]] bool fits(std::string_view message, const Look& look) const;
  [[nodiscard]] std::size_t heap_bytes() const;

 private:
  struct Piece {
    std::uint16_t key;
    std::int16_t offset;
    std::uint16_t size;
    std::uint16_t text;  ///< where its bytes begin in texts_
    /// Where it must stand; beyond any message where that would be before it.
    [[nodiscard]] std::size_t begin(const Look& look) const { return Spot{key, offset}.in(look); }
  };
  /// Of the groups; a piece of `n` to `2n - 1` bytes is compared by its first and its last `n`.
  static constexpr std::array<std::size_t, 5> words{1, 4, 8, 16, 32};
  static constexpr std::size_t longest = words.back() * 2 - 1;  ///< what is longer becomes several pieces
  static std::size_t group_of(const Piece& piece);

  template <class Word>
  [[nodiscard]] bool group_fits(std::size_t group, std::string_view message, const Look& look) const;

  std::vector<Piece> pieces_;                             ///< by group
  std::array<std::size_t, words.size() + 1> groups_{};  ///< where each begins
  std::string texts_;
};

}  // namespace imdswatch
