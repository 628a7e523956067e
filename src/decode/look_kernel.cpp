#include "look_kernel.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace imdswatch {
namespace {

constexpr std::size_t reach_back = 3;  ///< bytes before a block that are looked at

}  // namespace

std::optional<std::uint64_t> LookKernel::run_plainly(Look& look, std::string_view message) {
  std::uint64_t sum = 0;
  std::uint64_t keys = 0;
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(message[i]); };
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (i % 64 == 0) look.words_[i / 64] = {0, keys};
    if (look.suspicious(message, i)) return std::nullopt;
    if (message[i] != '"' || i + 1 == message.size() || message[i + 1] != ':') continue;
    look.words_[i / 64].ends |= std::uint64_t{1} << (i % 64);
    ++keys;
    const int before = i >= 1 ? at(i - 1) : 0;
    const int third = i >= 3 ? at(i - 3) : 0;
    sum += static_cast<std::uint8_t>(before - third);
  }
  look.words_[(message.size() + 63) / 64] = {0, keys};
  return sum;
}

#if defined(__x86_64__)
namespace {

#define IMDS_AVX2 __attribute__((target("avx2,popcnt,bmi")))

IMDS_AVX2 inline __m256i load(const char* from) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)); }
IMDS_AVX2 inline __m256i all(std::uint8_t byte) { return _mm256_set1_epi8(static_cast<char>(byte)); }

/// One probe's bytes, each in all lanes.
struct PairLanes {
  __m256i first, second;
  std::ptrdiff_t distance;
};
struct TripleLanes {
  __m256i first, fold_first, second, third, fold_third;
};

/// The pass over one message. Pairs and Triples: how many probes there are, at most.
template <std::size_t Pairs, std::size_t Triples>
class Pass {
 public:
  IMDS_AVX2 Pass(const std::vector<Look::Pair>& pairs, const std::vector<Look::Triple>& triples)
      : pair_count_(pairs.size()), triple_count_(triples.size()) {
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs_[i] = {all(pairs[i].first), all(pairs[i].second), pairs[i].distance};
    for (std::size_t i = 0; i < triples.size(); ++i) {
      const Look::Triple& t = triples[i];
      triples_[i] = {all(t.first), all(t.fold_first), all(t.second), all(t.third), all(t.fold_third)};
    }
  }

  /// Where a probe fits in the 64 bytes at `p`; the key ends among them go to `ends`, and their letters to the sum.
  IMDS_AVX2 std::uint64_t block(const char* p, std::uint64_t& ends) {
    std::uint64_t low_hits = 0;
    std::uint64_t high_hits = 0;
    const std::uint64_t low = half(p, low_hits);
    const std::uint64_t high = half(p + 32, high_hits);
    ends = low | high << 32;
    return low_hits | high_hits << 32;
  }

  [[nodiscard]] IMDS_AVX2 std::uint64_t sum() const {
    alignas(32) std::array<std::uint64_t, 4> lanes{};
    _mm256_store_si256(reinterpret_cast<__m256i*>(lanes.data()), sum_);
    return lanes[0] + lanes[1] + lanes[2] + lanes[3];
  }

 private:
  IMDS_AVX2 std::uint32_t half(const char* p, std::uint64_t& where) {
    const __m256i here = load(p);
    const __m256i next = load(p + 1);
    const __m256i ends = _mm256_and_si256(_mm256_cmpeq_epi8(here, all('"')), _mm256_cmpeq_epi8(next, all(':')));
    const __m256i letters = _mm256_and_si256(ends, _mm256_sub_epi8(load(p - 1), load(p - 3)));
    sum_ = _mm256_add_epi64(sum_, _mm256_sad_epu8(letters, _mm256_setzero_si256()));
    __m256i hits = _mm256_setzero_si256();
    for (std::size_t i = 0; i < (Pairs < Look::max_probes ? Pairs : pair_count_); ++i) {
      const __m256i first = _mm256_cmpeq_epi8(here, pairs_[i].first);
      hits = _mm256_or_si256(hits, _mm256_and_si256(first, _mm256_cmpeq_epi8(load(p + pairs_[i].distance), pairs_[i].second)));
    }
    for (std::size_t i = 0; i < (Triples < Look::max_probes ? Triples : triple_count_); ++i) {
      const TripleLanes& t = triples_[i];
      const __m256i first = _mm256_cmpeq_epi8(_mm256_or_si256(here, t.fold_first), t.first);
      const __m256i third = _mm256_cmpeq_epi8(_mm256_or_si256(load(p + 2), t.fold_third), t.third);
      hits = _mm256_or_si256(hits, _mm256_and_si256(_mm256_and_si256(first, third), _mm256_cmpeq_epi8(next, t.second)));
    }
    where = static_cast<std::uint32_t>(_mm256_movemask_epi8(hits));
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(ends));
  }

  PairLanes pairs_[Pairs];
  TripleLanes triples_[Triples];
  std::size_t pair_count_, triple_count_;
  __m256i sum_ = _mm256_setzero_si256();
};

constexpr std::size_t reach = 16;  ///< no probe looks further behind a block

/// First and last bytes of a message are read from a copy with zeros around, so that nothing outside of it is.
template <class Block>
IMDS_AVX2 bool at_edge(std::string_view message, std::size_t at, Block&& block) {
  std::array<char, reach_back + 64 + 32> edge{};
  const std::size_t back = std::min(at, reach_back);
  const std::size_t size = std::min(message.size() - at, edge.size() - reach_back);
  std::memcpy(edge.data() + reach_back - back, message.data() + at - back, size + back);
  return block(edge.data() + reach_back, at);
}

}  // namespace

struct Avx2Kernel {
  template <std::size_t Pairs, std::size_t Triples>
  IMDS_AVX2 static std::optional<std::uint64_t> run(Look& look, std::string_view message) {
    Pass<Pairs, Triples> pass(LookKernel::pairs(look), LookKernel::triples(look));
    Look::Word* word = LookKernel::words(look);
    std::uint64_t keys = 0;
    const auto block = [&](const char* p, std::size_t at) __attribute__((always_inline, target("avx2,popcnt,bmi"))) {
      std::uint64_t ends = 0;
      std::uint64_t hits = pass.block(p, ends);
      *word++ = {ends, keys};
      keys += static_cast<std::uint64_t>(__builtin_popcountll(ends));
      for (; hits != 0; hits &= hits - 1) {
        const std::size_t where = at + static_cast<std::size_t>(__builtin_ctzll(hits));
        if (where < message.size() && LookKernel::suspicious(look, message, where)) return false;
      }
      return true;
    };
    if (!at_edge(message, 0, block)) return std::nullopt;
    std::size_t at = 64;
    for (; at + 64 + reach <= message.size(); at += 64) {
      if (!block(message.data() + at, at)) return std::nullopt;
    }
    for (; at < message.size(); at += 64) {
      if (!at_edge(message, at, block)) return std::nullopt;
    }
    *word = {0, keys};
    return pass.sum();
  }
};

std::optional<std::uint64_t> LookKernel::run_avx2(Look& look, std::string_view message) {
  const bool usual = look.pairs_.size() == 2 && look.triples_.size() == 1;
  return usual ? Avx2Kernel::run<2, 1>(look, message) : Avx2Kernel::run<Look::max_probes, Look::max_probes>(look, message);
}

std::optional<std::uint64_t> LookKernel::run(Look& look, std::string_view message) {
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("popcnt") != 0 && __builtin_cpu_supports("bmi") != 0;
  return has_avx2 ? run_avx2(look, message) : run_plainly(look, message);
}
#else
std::optional<std::uint64_t> LookKernel::run_avx2(Look& look, std::string_view message) { return run_plainly(look, message); }
std::optional<std::uint64_t> LookKernel::run(Look& look, std::string_view message) { return run_plainly(look, message); }
#endif

}  // namespace imdswatch
