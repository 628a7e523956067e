#if defined(__x86_64__)
#include <immintrin.h>

#include "look_kernel.hpp"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vbmi2,avx2,popcnt,bmi"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vbmi2,avx2,popcnt,bmi")
#endif

namespace imdswatch {
namespace {

class Chunk {
 public:
  using Bytes = __m512i;
  static Bytes all(std::uint8_t byte) { return _mm512_set1_epi8(static_cast<char>(byte)); }
  static Bytes either(Bytes a, Bytes b) { return _mm512_or_si512(a, b); }
  static Bytes least(Bytes a, Bytes b) { return _mm512_min_epu8(a, b); }
  /// In the bits of `mask`.
  static Bytes differences(Bytes a, Bytes b, Bytes mask) { return _mm512_ternarylogic_epi64(a, b, mask, 0x28); }
  /// 0 up to `b`.
  static Bytes beyond(Bytes a, Bytes b) { return _mm512_subs_epu8(a, b); }
  static Bytes join(Bytes other, Bytes a, Bytes b) { return _mm512_ternarylogic_epi64(other, a, b, 0xf6); }
  static std::uint64_t zeros(Bytes bytes) { return _mm512_testn_epi8_mask(bytes, bytes); }
  static bool any_zero(Bytes bytes) { return zeros(bytes) != 0; }
  static std::uint64_t equal_pairs(Bytes a, Bytes wanted_a, Bytes b, Bytes wanted_b) {
    return _mm512_mask_cmpeq_epi8_mask(_mm512_cmpeq_epi8_mask(a, wanted_a), b, wanted_b);
  }
  /// Each is of two bytes: of 64 at most 32.
  static std::size_t note(LookNotes::Place* out, std::uint64_t bits, std::ptrdiff_t at) {
    const __m512i lanes = _mm512_set_epi64(0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120, 0x1f1e1d1c1b1a1918, 0x1716151413121110,
                                           0x0f0e0d0c0b0a0908, 0x0706050403020100);
    const __m256i found = _mm512_castsi512_si256(_mm512_maskz_compress_epi8(bits, lanes));
    _mm512_storeu_si512(out, _mm512_add_epi16(_mm512_set1_epi16(static_cast<short>(at)), _mm512_cvtepu8_epi16(found)));
    return static_cast<std::size_t>(__builtin_popcountll(bits));
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

}  // namespace
}  // namespace imdswatch

#include "look_pass.hpp"

namespace imdswatch {

LookResult run_look_avx512(const LookProbes& probes, std::string_view message, LookNotes& notes) { return run_pass<Chunk>(probes, message, notes); }

}  // namespace imdswatch

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
