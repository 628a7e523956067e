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
  static Bytes all(std::uint8_t byte) {
    const __m256i lanes = _mm256_set1_epi8(static_cast<char>(byte));
    return {lanes, lanes};
  }
  static Bytes either(const Bytes& a, const Bytes& b) { return {_mm256_or_si256(a.low, b.low), _mm256_or_si256(a.high, b.high)}; }
  static Bytes least(const Bytes& a, const Bytes& b) { return {_mm256_min_epu8(a.low, b.low), _mm256_min_epu8(a.high, b.high)}; }
  /// In the bits of `mask`.
  static Bytes differences(const Bytes& a, const Bytes& b, const Bytes& mask) {
    return {_mm256_and_si256(_mm256_xor_si256(a.low, b.low), mask.low), _mm256_and_si256(_mm256_xor_si256(a.high, b.high), mask.high)};
  }
  /// 0 up to `b`.
  static Bytes beyond(const Bytes& a, const Bytes& b) { return {_mm256_subs_epu8(a.low, b.low), _mm256_subs_epu8(a.high, b.high)}; }
  static Bytes join(const Bytes& other, const Bytes& a, const Bytes& b) {
    return {_mm256_or_si256(other.low, _mm256_xor_si256(a.low, b.low)), _mm256_or_si256(other.high, _mm256_xor_si256(a.high, b.high))};
  }
  static std::uint64_t zeros(const Bytes& bytes) { return equal(bytes, all(0)); }
  static bool any_zero(const Bytes& bytes) {
    return _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(bytes.low, bytes.high), _mm256_setzero_si256())) != 0;
  }
  static std::uint64_t equal_pairs(const Bytes& a, const Bytes& wanted_a, const Bytes& b, const Bytes& wanted_b) {
    return bits(_mm256_and_si256(_mm256_cmpeq_epi8(a.low, wanted_a.low), _mm256_cmpeq_epi8(b.low, wanted_b.low)),
                _mm256_and_si256(_mm256_cmpeq_epi8(a.high, wanted_a.high), _mm256_cmpeq_epi8(b.high, wanted_b.high)));
  }
  /// Four at a time: hardly ever are there more.
  static std::size_t note(LookNotes::Place* out, std::uint64_t bits, std::ptrdiff_t at) {
    const auto count = static_cast<std::size_t>(__builtin_popcountll(bits));
    do {
      for (std::size_t i = 0; i < 4; ++i) {
        *out++ = static_cast<LookNotes::Place>(static_cast<std::uint64_t>(at) + _tzcnt_u64(bits));
        bits &= bits - 1;
      }
    } while (__builtin_expect(bits != 0, 0) != 0);
    return count;
  }

  explicit Chunk(const char* from) : from_(from) {}
  /// The last `left` bytes of a message: zeros follow, and nothing else is touched.
  Chunk(const char* from, std::ptrdiff_t left) {
    std::memset(copy_, 0, sizeof copy_);
    std::memcpy(copy_, from, static_cast<std::size_t>(std::min<std::ptrdiff_t>(left, sizeof copy_)));
  }
  [[gnu::always_inline]] inline Bytes load(std::ptrdiff_t distance) const {
    const char* const from = (from_ != nullptr ? from_ : copy_) + distance;
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)), _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 32))};
  }

 private:
  static std::uint64_t bits(__m256i low, __m256i high) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) | std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(high))} << 32;
  }
  static std::uint64_t equal(const Bytes& a, const Bytes& b) { return bits(_mm256_cmpeq_epi8(a.low, b.low), _mm256_cmpeq_epi8(a.high, b.high)); }

  const char* from_ = nullptr;
  char copy_[64 + LookProbes::reach];  ///< only where from_ is null
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
