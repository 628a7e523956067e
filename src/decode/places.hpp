#pragma once

#include <cstddef>
#include <cstdint>

namespace imdswatch {

/// Places in a message, by their numbers: those at which a look saw keys end, or a survey values of interest begin and end.
class Places {
 public:
  using Place = std::uint16_t;
  explicit Places(const Place* of) : of_(of) {}
  std::size_t operator[](std::size_t number) const { return of_[number]; }

 private:
  const Place* of_;
};

/// A place in a message, told from another one: in what a look saw, from the closing quote of a key; with the number of keys, from the message's end.
struct Spot {
  std::uint32_t from;   ///< its number
  std::int32_t offset;  ///< bytes; negative for before it
  /// Beyond any message where it would lie before this one.
  [[nodiscard]] std::size_t in(Places places) const { return places[from] + static_cast<std::size_t>(offset); }
};

}  // namespace imdswatch
