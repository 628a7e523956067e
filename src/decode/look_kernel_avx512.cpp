#if defined(__x86_64__)
#include <immintrin.h>

#include "look_kernel.hpp"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx2,popcnt,bmi"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx2,popcnt,bmi")
#endif

namespace imdswatch {
namespace {

class Chunk {
 public:
  using Bytes = __m512i;
  using Places = __mmask64;
  class Sum {
   public:
    Sum() : lanes_(_mm512_setzero_si512()) {}  // a compiler-made one would lack the target
    void add(Places places, Bytes bytes) {
      lanes_ = _mm512_add_epi64(lanes_, _mm512_sad_epu8(_mm512_maskz_mov_epi8(places, bytes), _mm512_setzero_si512()));
    }
    [[nodiscard]] std::uint64_t value() const { return static_cast<std::uint64_t>(_mm512_reduce_add_epi64(lanes_)); }

   private:
    Bytes lanes_;
  };
  static Bytes all(std::uint8_t byte) { return _mm512_set1_epi8(static_cast<char>(byte)); }
  static Bytes fold(Bytes bytes) { return _mm512_or_si512(bytes, all(0x20)); }
  static Places equal(Bytes a, Bytes b) { return _mm512_cmpeq_epi8_mask(a, b); }
  static Places and_equal(Places where, Bytes a, Bytes b) { return _mm512_mask_cmpeq_epi8_mask(where, a, b); }
  static Places and_blank(Places where, Bytes bytes) { return _mm512_mask_cmple_epu8_mask(where, bytes, all(' ')); }
  static Places either(Places a, Places b) { return a | b; }
  static std::uint64_t bits(Places places) { return places; }
  static bool none(Places places) { return places == 0; }

  static std::uint64_t lowest(std::uint64_t bits) { return _tzcnt_u64(bits); }

  explicit Chunk(const char* at) : at_(at), first_(at - 64), end_(at + 128) {}
  /// The 64 bytes from `at` on of a message of `size` bytes: what lies outside of it is zero, and not touched.
  static Chunk at_edge(const char* message, std::ptrdiff_t at, std::ptrdiff_t size) {
    Chunk out(message + at);
    out.first_ = message;
    out.end_ = message + size;
    out.whole_ = false;
    return out;
  }
  [[gnu::always_inline]] inline Bytes load(std::ptrdiff_t distance) const {
    const char* const from = at_ + distance;
    if (whole_) return _mm512_loadu_si512(from);
    const auto below = [](std::ptrdiff_t lane) { return lane >= 64 ? ~Places{0} : lane <= 0 ? Places{0} : (Places{1} << lane) - 1; };
    return _mm512_maskz_loadu_epi8(below(end_ - from) & ~below(first_ - from), from);
  }

 private:
  const char* at_;
  const char* first_;
  const char* end_;
  bool whole_ = true;
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
