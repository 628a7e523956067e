#if defined(__x86_64__)
#include <immintrin.h>

#include "look_kernel.hpp"

#if defined(__clang__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx2,popcnt,bmi"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx2,popcnt,bmi")
#endif

namespace imdswatch {
namespace {

class Chunk {
 public:
  using Bytes = __m512i;
  static Bytes all(std::uint8_t byte) { return _mm512_set1_epi8(static_cast<char>(byte)); }
  static std::uint64_t equal_pairs(Bytes a, Bytes wanted_a, Bytes b, Bytes wanted_b) {
    return _mm512_mask_cmpeq_epi8_mask(_mm512_cmpeq_epi8_mask(a, wanted_a), b, wanted_b);
  }
  /// A place's upper byte is the same for all 64. Eight at a time: hardly ever are there more, and of 64 bytes at most 32.
  static std::size_t note(LookNotes::Place* out, std::uint64_t bits, std::ptrdiff_t at) {
    const __m512i lanes =
        _mm512_set_epi64(0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120,
                         0x1f1e1d1c1b1a1918, 0x1716151413121110, 0x0f0e0d0c0b0a0908, 0x0706050403020100);
    const __m256i lower = _mm256_or_si256(_mm512_castsi512_si256(_mm512_maskz_compress_epi8(bits, lanes)),
                                          _mm256_set1_epi8(static_cast<char>(at)));
    const __m256i upper = _mm256_set1_epi8(static_cast<char>(at >> 8));
    const __m256i even = _mm256_unpacklo_epi8(lower, upper);
    const auto count = static_cast<std::size_t>(__builtin_popcountll(bits));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_castsi256_si128(even));
    if (count > 8) [[unlikely]] {
      const __m256i odd = _mm256_unpackhi_epi8(lower, upper);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm256_permute2x128_si256(even, odd, 0x20));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 16), _mm256_permute2x128_si256(even, odd, 0x31));
    }
    return count;
  }

  explicit Chunk(const char* from) : from_(from) {}
  /// The last `left` bytes of a message: zeros follow, and nothing else is touched.
  Chunk(const char* from, std::ptrdiff_t left) : from_(from), left_(left) {}
  [[gnu::always_inline]] inline Bytes load(std::ptrdiff_t distance) const {
    const std::ptrdiff_t left = left_ - distance;
    if (left >= 64) return _mm512_loadu_si512(from_ + distance);
    return _mm512_maskz_loadu_epi8(left <= 0 ? 0 : (std::uint64_t{1} << left) - 1, from_ + distance);
  }

 private:
  const char* from_;
  std::ptrdiff_t left_ = 64 + LookProbes::reach;
};

/// All signs at once: a byte's class is looked up by its lower seven bits. What is no ASCII character may so pass for one; a sign is looked at again.
class Signs {
 public:
  explicit Signs(const LookProbes& probes) {
    for (std::size_t i = 0; i < 3; ++i) {
      const LookProbes::Classes& classes = probes.classes()[i];
      tables_[i] = {_mm512_loadu_si512(classes.data()), _mm512_loadu_si512(classes.data() + 64)};
    }
  }
  [[gnu::always_inline]] inline __m512i seen(__m512i first, __m512i middle, const Chunk& chunk) const {
    return _mm512_ternarylogic_epi64(class_of(0, first), class_of(1, middle), class_of(2, chunk.load(2)), 0x80);
  }
  static bool any(__m512i seen) { return places(seen) != 0; }
  static std::uint64_t places(__m512i seen) { return _mm512_test_epi8_mask(seen, seen); }

 private:
  [[gnu::always_inline]] inline __m512i class_of(std::size_t place, __m512i bytes) const {
    return _mm512_permutex2var_epi8(tables_[place].low, bytes, tables_[place].high);
  }
  struct Table {
    __m512i low, high;
  } tables_[3];
};

}  // namespace
}  // namespace imdswatch

#include "look_pass.hpp"

namespace imdswatch {

LookResult run_look_avx512(const LookProbes& probes, std::string_view message, LookNotes& notes) {
  return Pass<Chunk, Signs>(probes, notes).run(message);
}

}  // namespace imdswatch

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
