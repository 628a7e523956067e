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
  static constexpr std::size_t read = 65;  ///< bytes; of a message's last ones, only those that there are
  /// What stands right before a colon: ones where it is that.
  struct Seen {
    __m256i quote[2], blank[2];
    [[nodiscard]] std::uint64_t quotes() const { return bits(quote[0], quote[1]); }
    [[nodiscard]] bool any_blank() const {
      const __m256i either = _mm256_or_si256(blank[0], blank[1]);
      return _mm256_testz_si256(either, either) == 0;
    }
    [[nodiscard]] std::uint64_t blanks() const { return bits(blank[0], blank[1]); }
  };
  using Ground = LookGround;
  /// Four at a time: hardly ever are there more.
  static std::size_t note(LookNotes::Place* out, std::uint64_t bits, const Ground& ground) {
    const auto count = static_cast<std::size_t>(__builtin_popcountll(bits));
    do {
#pragma GCC unroll 4
      for (std::size_t i = 0; i < 4; ++i) {
        *out++ = static_cast<LookNotes::Place>(ground.at + _tzcnt_u64(bits));
        bits &= bits - 1;
      }
    } while (__builtin_expect(bits != 0, 0) != 0);
    return count;
  }

  explicit Chunk(const char* from) {
    for (std::size_t half = 0; half < 2; ++half) {
      here_[half] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from) + half);
      next_[half] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 1) + half);
    }
  }
  /// The last `left` bytes of a message.
  Chunk(const char* from, std::size_t left) : Chunk(Copy(from, left).bytes) {}
  [[gnu::always_inline]] [[nodiscard]] inline Seen before_colons() const {
    const __m256i blank = _mm256_set1_epi8(' ');
    Seen out;
    for (std::size_t half = 0; half < 2; ++half) {
      const __m256i colons = _mm256_cmpeq_epi8(next_[half], _mm256_set1_epi8(':'));
      out.quote[half] = _mm256_and_si256(colons, _mm256_cmpeq_epi8(here_[half], _mm256_set1_epi8('"')));
      out.blank[half] = _mm256_and_si256(colons, _mm256_cmpeq_epi8(_mm256_max_epu8(here_[half], blank), blank));
    }
    return out;
  }

 private:
  struct Copy {
    Copy(const char* from, std::size_t left) { std::memcpy(bytes, from, std::min(left, sizeof bytes)); }
    char bytes[read] = {};
  };
  static std::uint64_t bits(__m256i low, __m256i high) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
           std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(high))} << 32;
  }
  __m256i here_[2], next_[2];
};

}  // namespace
}  // namespace imdswatch

#include "look_pass.hpp"

namespace imdswatch {

LookCounts run_look_avx2(std::string_view message, LookNotes& notes) {
  return Pass<Chunk>(notes).run(message);
}

}  // namespace imdswatch

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
