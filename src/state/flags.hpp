#pragma once

#include <cstdint>

#include "imdswatch/base/bytes.hpp"

namespace imdswatch {

/// Which optional parts follow, one bit each.
class Flags {
 public:
  Flags& add(bool set) {
    if (set) bits_ = static_cast<std::uint8_t>(bits_ | (1U << next_));
    ++next_;
    return *this;
  }
  [[nodiscard]] std::uint8_t bits() const { return bits_; }

 private:
  std::uint8_t bits_ = 0;
  unsigned next_ = 0;
};

inline bool has(std::uint8_t bits, unsigned index) { return ((bits >> index) & 1U) != 0; }

/// No bit beyond the first `count`: what this version does not know it must not pass over.
inline bool read_flags(ByteReader& in, unsigned count, std::uint8_t& bits) {
  bits = in.u8();
  return in.ok() && (bits >> count) == 0;
}

}  // namespace imdswatch
