#pragma once

#include <array>
#include <cstddef>

namespace imdswatch {

/// `Size` bytes of ones and as many zeros: read from `Size - n` on, a mask of the first `n` of `Size` bytes.
template <std::size_t Size>
alignas(2 * Size) inline constexpr auto ones_and_zeros = [] {
  std::array<unsigned char, 2 * Size> out{};
  for (std::size_t i = 0; i < Size; ++i) out[i] = 0xff;
  return out;
}();

}  // namespace imdswatch
