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
  static Bytes both(const Bytes& a, const Bytes& b) {
    return {_mm256_and_si256(a.low, b.low), _mm256_and_si256(a.high, b.high)};
  }
  static Bytes upper_halves(const Bytes& a) {
    return both({_mm256_srli_epi16(a.low, 4), _mm256_srli_epi16(a.high, 4)}, all(15));
  }
  /// By the lower half of each; 0 where the uppermost bit is set.
  static Bytes look_up(__m256i table, const Bytes& a) {
    return {_mm256_shuffle_epi8(table, a.low), _mm256_shuffle_epi8(table, a.high)};
  }
  static bool any(const Bytes& bytes) {
    const __m256i either = _mm256_or_si256(bytes.low, bytes.high);
    return _mm256_testz_si256(either, either) == 0;
  }
  static std::uint64_t zeros(const Bytes& bytes) {
    const __m256i none = _mm256_setzero_si256();
    return bits(_mm256_cmpeq_epi8(bytes.low, none), _mm256_cmpeq_epi8(bytes.high, none));
  }
  static std::uint64_t equal_pairs(const Bytes& a, const Bytes& wanted_a, const Bytes& b, const Bytes& wanted_b) {
    return bits(_mm256_and_si256(_mm256_cmpeq_epi8(a.low, wanted_a.low), _mm256_cmpeq_epi8(b.low, wanted_b.low)),
                _mm256_and_si256(_mm256_cmpeq_epi8(a.high, wanted_a.high), _mm256_cmpeq_epi8(b.high, wanted_b.high)));
  }
  using Ground = LookGround;
  /// Four at a time: hardly ever are there more.
  static std::size_t note(LookNotes::Place* out, std::uint64_t bits, const Ground& ground) {
    const auto count = static_cast<std::size_t>(__builtin_popcountll(bits));
    do {
      for (std::size_t i = 0; i < 4; ++i) {
        *out++ = static_cast<LookNotes::Place>(ground.at + _tzcnt_u64(bits));
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
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
           std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(high))} << 32;
  }

  const char* from_ = nullptr;
  char copy_[64 + LookProbes::reach];  ///< only where from_ is null
};

/// All signs at once: a byte's class is looked up by its halves. The last byte's by the lower one alone: where that is too much, a sign is looked
/// at again.
class Signs {
 public:
  explicit Signs(const LookProbes& probes) {
    for (std::size_t i = 0; i < 3; ++i) tables_[i] = {table(probes.halves()[i].lower), table(probes.halves()[i].upper)};
  }
  [[gnu::always_inline]] inline Chunk::Bytes seen(const Chunk::Bytes& first, const Chunk::Bytes& middle,
                                                  const Chunk& chunk) const {
    return Chunk::both(Chunk::both(class_of(0, first), class_of(1, middle)),
                       Chunk::look_up(tables_[2].lower, Chunk::both(chunk.load(2), Chunk::all(15))));
  }
  static bool any(const Chunk::Bytes& seen) { return Chunk::any(seen); }
  static std::uint64_t places(const Chunk::Bytes& seen) { return ~Chunk::zeros(seen); }

 private:
  static __m256i table(const std::array<std::uint8_t, 16>& halves) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(halves.data())));
  }
  [[gnu::always_inline]] inline Chunk::Bytes class_of(std::size_t place, const Chunk::Bytes& bytes) const {
    return Chunk::both(Chunk::look_up(tables_[place].lower, bytes),
                       Chunk::look_up(tables_[place].upper, Chunk::upper_halves(bytes)));
  }
  struct {
    __m256i lower, upper;
  } tables_[3];
};

}  // namespace
}  // namespace imdswatch

#include "look_pass.hpp"

namespace imdswatch {

LookResult run_look_avx2(const LookProbes& probes, std::string_view message, LookNotes& notes) {
  return Pass<Chunk, Signs>(probes, notes).run(message);
}

}  // namespace imdswatch

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
