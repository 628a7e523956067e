#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "byte_mask.hpp"

namespace imdswatch {

/// The 32 bytes before a place in a text. Inline, so that it is compiled for the machine that its caller is compiled for.
class LastLetters {
 public:
  static constexpr std::size_t count = 32;
  /// So many bytes must be readable before `end`.
  [[gnu::always_inline]] static LastLetters before(const char* end) { return LastLetters(end - count); }

#if defined(__SSE2__)
  /// One bit for each byte that is `c`; the last byte's is the highest.
  [[gnu::always_inline]] std::uint32_t places_of(char c) const {
    const __m128i all = _mm_set1_epi8(c);
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(halves_[0], all))) |
           static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(halves_[1], all))) << 16;
  }
  /// Zeros in place of what stands before the last `size`.
  [[gnu::always_inline]] void keep(std::size_t size) {
    const LastLetters before(reinterpret_cast<const char*>(ones_and_zeros<count>.data()) + size);
    for (int i : {0, 1}) halves_[i] = _mm_andnot_si128(before.halves_[i], halves_[i]);
  }
  /// `other`: 32 bytes.
  [[gnu::always_inline]] bool are(const char* other) const {
    const LastLetters those(other);
    return _mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(halves_[0], those.halves_[0]), _mm_cmpeq_epi8(halves_[1], those.halves_[1]))) == 0xffff;
  }
  /// The last eight as a number.
  [[gnu::always_inline]] std::uint64_t number() const {
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(halves_[1], halves_[1])));
  }

 private:
  [[gnu::always_inline]] explicit LastLetters(const char* begin) {
    for (int i : {0, 1}) halves_[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(begin) + i);
  }
  __m128i halves_[2];
#else
  std::uint32_t places_of(char c) const {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < count; ++i) out |= static_cast<std::uint32_t>(bytes_[i] == c) << i;
    return out;
  }
  void keep(std::size_t size) { std::memset(bytes_, 0, count - size); }
  bool are(const char* other) const { return std::memcmp(bytes_, other, count) == 0; }
  std::uint64_t number() const {
    std::uint64_t out;
    std::memcpy(&out, bytes_ + count - sizeof out, sizeof out);
    return out;
  }

 private:
  explicit LastLetters(const char* begin) { std::memcpy(bytes_, begin, count); }
  char bytes_[count];
#endif
};

}  // namespace imdswatch
