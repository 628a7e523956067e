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
  static constexpr std::size_t read = 65;  ///< bytes; of a message's last ones, only those that there are
  /// What stands right before a colon.
  struct Seen {
    __mmask64 quote, blank;
    [[nodiscard]] std::uint64_t quotes() const { return quote; }
    [[nodiscard]] bool any_blank() const { return blank != 0; }
    [[nodiscard]] std::uint64_t blanks() const { return blank; }
  };
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

  explicit Chunk(const char* from) : here_(_mm512_loadu_si512(from)), next_(_mm512_loadu_si512(from + 1)) {}
  /// The last `left` bytes of a message.
  Chunk(const char* from, std::size_t left) : here_(load_last(from, left)), next_(load_last(from + 1, left - 1)) {}
  [[gnu::always_inline]] [[nodiscard]] inline Seen before_colons() const {
    const __mmask64 colons = _mm512_cmpeq_epi8_mask(next_, _mm512_set1_epi8(':'));
    return {_mm512_mask_cmpeq_epi8_mask(colons, here_, _mm512_set1_epi8('"')), _mm512_mask_cmple_epu8_mask(colons, here_, _mm512_set1_epi8(' '))};
  }

 private:
  static __m512i load_last(const char* from, std::size_t left) {
    return _mm512_maskz_loadu_epi8(left >= 64 ? ~__mmask64{0} : (__mmask64{1} << left) - 1, from);
  }
  __m512i here_, next_;
};

}  // namespace
}  // namespace imdswatch

#include "look_pass.hpp"

namespace imdswatch {

LookCounts run_look_avx512(std::string_view message, LookNotes& notes) {
  return Pass<Chunk>(notes).run(message);
}

}  // namespace imdswatch

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
