#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <cstring>

#include "look_kernel.hpp"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,popcnt,bmi"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,popcnt,bmi")
#endif

namespace imdswatch {
namespace {

class Chunk {
 public:
  struct Bytes {
    __m256i low, high;
  };
  struct Places {
    __m256i low, high;
  };
  class Sum {
   public:
    Sum() : lanes_(_mm256_setzero_si256()) {}  // a compiler-made one would lack the target
    void add(const Places& places, const Bytes& bytes) {
      const __m256i zero = _mm256_setzero_si256();
      lanes_ = _mm256_add_epi64(lanes_, _mm256_sad_epu8(_mm256_and_si256(places.low, bytes.low), zero));
      lanes_ = _mm256_add_epi64(lanes_, _mm256_sad_epu8(_mm256_and_si256(places.high, bytes.high), zero));
    }
    [[nodiscard]] std::uint64_t value() const {
      alignas(32) std::uint64_t lanes[4];
      _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), lanes_);
      return lanes[0] + lanes[1] + lanes[2] + lanes[3];
    }

   private:
    __m256i lanes_;
  };
  static Bytes all(std::uint8_t byte) {
    const __m256i lanes = _mm256_set1_epi8(static_cast<char>(byte));
    return {lanes, lanes};
  }
  static Bytes fold(const Bytes& bytes) {
    const __m256i bit = _mm256_set1_epi8(0x20);
    return {_mm256_or_si256(bytes.low, bit), _mm256_or_si256(bytes.high, bit)};
  }
  static Places equal(const Bytes& a, const Bytes& b) { return {_mm256_cmpeq_epi8(a.low, b.low), _mm256_cmpeq_epi8(a.high, b.high)}; }
  static Places and_equal(const Places& where, const Bytes& a, const Bytes& b) {
    const Places same = equal(a, b);
    return {_mm256_and_si256(where.low, same.low), _mm256_and_si256(where.high, same.high)};
  }
  static Places and_blank(const Places& where, const Bytes& bytes) {
    const __m256i blank = _mm256_set1_epi8(' ');
    return and_equal(where, {_mm256_min_epu8(bytes.low, blank), _mm256_min_epu8(bytes.high, blank)}, bytes);
  }
  static Places either(const Places& a, const Places& b) { return {_mm256_or_si256(a.low, b.low), _mm256_or_si256(a.high, b.high)}; }
  static std::uint64_t bits(const Places& places) {
    const auto low = static_cast<std::uint32_t>(_mm256_movemask_epi8(places.low));
    const auto high = static_cast<std::uint32_t>(_mm256_movemask_epi8(places.high));
    return low | std::uint64_t{high} << 32;
  }
  static bool none(const Places& places) {
    const __m256i any = _mm256_or_si256(places.low, places.high);
    return _mm256_testz_si256(any, any) != 0;
  }

  static std::uint64_t lowest(std::uint64_t bits) { return _tzcnt_u64(bits); }

  explicit Chunk(const char* at) : at_(at) {}
  /// The 64 bytes from `at` on of a message of `size` bytes: what lies outside of it is zero, and not touched.
  static Chunk at_edge(const char* message, std::ptrdiff_t at, std::ptrdiff_t size) {
    Chunk out(nullptr);
    const std::ptrdiff_t from = std::max<std::ptrdiff_t>(at - LookProbes::reach_back, 0);
    const std::ptrdiff_t to = std::min<std::ptrdiff_t>(at + 64 + LookProbes::reach, size);
    std::memcpy(out.copy_ + (from - (at - LookProbes::reach_back)), message + from, static_cast<std::size_t>(to - from));
    return out;
  }
  [[gnu::always_inline]] inline Bytes load(std::ptrdiff_t distance) const {
    const char* const from = (at_ != nullptr ? at_ : copy_ + LookProbes::reach_back) + distance;
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)), _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 32))};
  }

 private:
  const char* at_;
  char copy_[LookProbes::reach_back + 64 + LookProbes::reach] = {};
};

}  // namespace
}  // namespace imdswatch

#include "look_pass.hpp"

namespace imdswatch {

LookResult run_look_avx2(const LookProbes& probes, std::string_view message, LookNotes& notes) { return run_pass<Chunk>(probes, message, notes); }

}  // namespace imdswatch

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
