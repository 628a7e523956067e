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
  std::fill_n(look.ends_.begin(), message.size() / 64 + 1, 0);
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(message[i]); };
  for (std::size_t i = 0; i + 1 < message.size(); ++i) {
    if (message[i] != '"' || message[i + 1] != ':') continue;
    look.ends_[i / 64] |= std::uint64_t{1} << (i % 64);
    const int before = i >= 1 ? at(i - 1) : 0;
    const int third = i >= 3 ? at(i - 3) : 0;
    sum += static_cast<std::uint8_t>(before - third);
  }
  if (look.suspicious(message, 0, message.size())) return std::nullopt;
  return sum;
}

#if defined(__x86_64__)
namespace {

/// Probes as vectors; at most Look::max_probes.
struct Vectors {
  __m256i first[Look::max_probes], second[Look::max_probes], fold_first[Look::max_probes];
  std::array<std::ptrdiff_t, Look::max_probes> distance{};
  std::size_t count = 0;
};

__attribute__((target("avx2"))) inline __m256i load(const char* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

/// 32 bytes: the mask of key ends, the sum of letters added, and whether any probe fits.
template <std::size_t Probes>
__attribute__((target("avx2"))) inline std::uint32_t block(const char* p, const Vectors& probes, __m256i& sum, __m256i& hits) {
  const __m256i here = load(p);
  const __m256i quotes = _mm256_cmpeq_epi8(here, _mm256_set1_epi8('"'));
  const __m256i ends = _mm256_and_si256(quotes, _mm256_cmpeq_epi8(load(p + 1), _mm256_set1_epi8(':')));
  const __m256i letters = _mm256_and_si256(ends, _mm256_sub_epi8(load(p - 1), load(p - 3)));
  sum = _mm256_add_epi64(sum, _mm256_sad_epu8(letters, _mm256_setzero_si256()));
#pragma GCC unroll 8
  for (std::size_t i = 0; i < (Probes == 0 ? probes.count : Probes); ++i) {
    const __m256i first = _mm256_cmpeq_epi8(_mm256_or_si256(here, probes.fold_first[i]), probes.first[i]);
    const __m256i second = _mm256_cmpeq_epi8(load(p + probes.distance[i]), probes.second[i]);
    hits = _mm256_or_si256(hits, _mm256_and_si256(first, second));
  }
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(ends));
}

}  // namespace

struct Avx2Pass {
  template <std::size_t Probes, class Suspicious>
  __attribute__((target("avx2"))) static bool over(std::string_view message, const Vectors& probes, std::size_t reach, std::uint64_t* ends,
                                                   std::uint64_t& sum_out, Suspicious suspicious) {
    __m256i sum = _mm256_setzero_si256();
    const auto pair = [&](const char* p, std::size_t at) __attribute__((target("avx2"))) {
      __m256i hits = _mm256_setzero_si256();
      const std::uint64_t low = block<Probes>(p, probes, sum, hits);
      const std::uint64_t high = block<Probes>(p + 32, probes, sum, hits);
      ends[at / 64] = low | high << 32;
      return _mm256_testz_si256(hits, hits) != 0 || !suspicious(at, at + 64);
    };
    // First and last bytes by a copy with zeros around, so that nothing outside of the message is read.
    std::array<char, 64 + 2 * 32> edge{};
    const auto at_edge = [&](std::size_t at) {
      edge.fill(0);
      const std::size_t back = std::min(at, reach_back);
      const std::size_t size = std::min(message.size() - at, edge.size() - reach_back);
      std::memcpy(edge.data() + reach_back - back, message.data() + at - back, size + back);
      return pair(edge.data() + reach_back, at);
    };
    if (!at_edge(0)) return false;
    std::size_t at = 64;
    for (; at + 64 + reach <= message.size(); at += 64) {
      if (!pair(message.data() + at, at)) return false;
    }
    for (; at < message.size(); at += 64) {
      if (!at_edge(at)) return false;
    }
    alignas(32) std::array<std::uint64_t, 4> lanes{};
    _mm256_store_si256(reinterpret_cast<__m256i*>(lanes.data()), sum);
    sum_out = lanes[0] + lanes[1] + lanes[2] + lanes[3];
    return true;
  }
};

__attribute__((target("avx2"))) std::optional<std::uint64_t> LookKernel::run_avx2(Look& look, std::string_view message) {
  Vectors probes;
  probes.count = look.probes_.size();
  std::size_t reach = 1;
  for (std::size_t i = 0; i < probes.count; ++i) {
    const Look::Probe& probe = look.probes_[i];
    probes.first[i] = _mm256_set1_epi8(static_cast<char>(probe.first));
    probes.second[i] = _mm256_set1_epi8(static_cast<char>(probe.second));
    probes.fold_first[i] = _mm256_set1_epi8(static_cast<char>(probe.fold_first));
    probes.distance[i] = probe.distance;
    reach = std::max<std::size_t>(reach, probe.distance);
  }
  const auto suspicious = [&](std::size_t begin, std::size_t end) { return look.suspicious(message, begin, end); };
  std::uint64_t sum = 0;
  const bool clear = probes.count == 3 ? Avx2Pass::over<3>(message, probes, reach, look.ends_.data(), sum, suspicious)
                                       : Avx2Pass::over<0>(message, probes, reach, look.ends_.data(), sum, suspicious);
  if (!clear) return std::nullopt;
  return sum;
}

std::optional<std::uint64_t> LookKernel::run(Look& look, std::string_view message) {
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  return has_avx2 ? run_avx2(look, message) : run_plainly(look, message);
}
#else
std::optional<std::uint64_t> LookKernel::run_avx2(Look& look, std::string_view message) { return run_plainly(look, message); }
std::optional<std::uint64_t> LookKernel::run(Look& look, std::string_view message) { return run_plainly(look, message); }
#endif

}  // namespace imdswatch
