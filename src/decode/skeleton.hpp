#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "places.hpp"

namespace imdswatch {

/// What a message must say between its values: keys and braces; and the values that decide. Told from its keys, so that the other values
/// may be of any length. All of it is compared before anything is told of it, without a branch for each piece.
class Skeleton {
 public:
  /// `text` must stand at `begin`. False, and nothing added, where that is too far from its key, or makes too many pieces.
  bool add(const Spot& begin, std::string_view text);
  /// After the last `add`.
  void finish();
  /// Never of a message of less than 32 bytes (`step`).
  [[nodiscard]] bool fits(std::string_view message, Places places) const;
  [[nodiscard]] std::size_t heap_bytes() const;

 private:
  static constexpr std::size_t step = 32;  ///< what is compared at once; what is longer becomes several pieces
  static constexpr std::size_t max_pieces = 2048;
  struct Piece {
    std::uint16_t key;
    std::int16_t offset;
    std::uint32_t beyond;  ///< bytes of `step` that lie behind it
  };
  struct alignas(step) Text {
    char bytes[step];
  };

  std::vector<Piece> pieces_;
  std::vector<Text> texts_;  ///< theirs, filled up with zeros
};

}  // namespace imdswatch
