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
  /// Where the 64 bytes at hand stand in the message: kept as it is added.
  class Ground {
   public:
    Ground() : places_(_mm512_setzero_si512()) {}
    void step() { places_ = _mm512_add_epi16(places_, _mm512_set1_epi16(64)); }
    [[nodiscard]] __m512i places() const { return places_; }

   private:
    __m512i places_;
  };
  /// Eight at a time: hardly ever are there more, and of 64 bytes at most 32.
  static std::size_t note(LookNotes::Place* out, std::uint64_t bits, const Ground& ground) {
    const __m512i lanes =
        _mm512_set_epi64(0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120,
                         0x1f1e1d1c1b1a1918, 0x1716151413121110, 0x0f0e0d0c0b0a0908, 0x0706050403020100);
    const __m512i places = _mm512_maskz_compress_epi8(bits, lanes);
    const auto count = static_cast<std::size_t>(__builtin_popcountll(bits));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out),
                     _mm_add_epi16(_mm_cvtepu8_epi16(_mm512_castsi512_si128(places)), _mm512_castsi512_si128(ground.places())));
    if (count > 8) [[unlikely]]
      _mm512_storeu_si512(out, _mm512_add_epi16(_mm512_cvtepu8_epi16(_mm512_castsi512_si256(places)), ground.places()));
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

/// All signs at once: a byte's class is looked up by its lower six bits, in one instruction. Another byte with the same may so pass for it; a
/// sign is looked at again.
class Signs {
 public:
  explicit Signs(const LookProbes& probes) {
    for (std::size_t i = 0; i < 3; ++i) {
      const LookProbes::Classes& classes = probes.classes()[i];
      tables_[i] = _mm512_or_si512(_mm512_loadu_si512(classes.data()), _mm512_loadu_si512(classes.data() + 64));
    }
  }
  [[gnu::always_inline]] inline __m512i seen(__m512i first, __m512i middle, const Chunk& chunk) const {
    return _mm512_ternarylogic_epi64(class_of(0, first), class_of(1, middle), class_of(2, chunk.load(2)), 0x80);
  }
  static bool any(__m512i seen) { return places(seen) != 0; }
  static std::uint64_t places(__m512i seen) { return _mm512_test_epi8_mask(seen, seen); }

 private:
  [[gnu::always_inline]] inline __m512i class_of(std::size_t place, __m512i bytes) const {
    return _mm512_permutexvar_epi8(bytes, tables_[place]);
  }
  __m512i tables_[3];
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
