#include "look_kernel.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace imdswatch {
namespace {

/// Byte by byte, for machines without AVX2.
class Chunk {
 public:
  using Bytes = std::array<std::uint8_t, 64>;
  static Bytes all(std::uint8_t byte) {
    Bytes out;
    out.fill(byte);
    return out;
  }
  static Bytes either(const Bytes& a, const Bytes& b) {
    return of([&](std::size_t i) { return a[i] | b[i]; });
  }
  static Bytes least(const Bytes& a, const Bytes& b) {
    return of([&](std::size_t i) { return std::min(a[i], b[i]); });
  }
  /// In the bits of `mask`.
  static Bytes differences(const Bytes& a, const Bytes& b, const Bytes& mask) {
    return of([&](std::size_t i) { return (a[i] ^ b[i]) & mask[i]; });
  }
  /// 0 up to `b`.
  static Bytes beyond(const Bytes& a, const Bytes& b) {
    return of([&](std::size_t i) { return a[i] > b[i] ? a[i] - b[i] : 0; });
  }
  static Bytes join(const Bytes& other, const Bytes& a, const Bytes& b) {
    return of([&](std::size_t i) { return other[i] | (a[i] ^ b[i]); });
  }
  static std::uint64_t zeros(const Bytes& bytes) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) out |= std::uint64_t{bytes[i] == 0} << i;
    return out;
  }
  static bool any_zero(const Bytes& bytes) { return zeros(bytes) != 0; }
  static std::uint64_t equal_pairs(const Bytes& a, const Bytes& wanted_a, const Bytes& b, const Bytes& wanted_b) {
    return zeros(join(join(all(0), a, wanted_a), b, wanted_b));
  }
  static std::size_t note(LookNotes::Place* out, std::uint64_t bits, std::ptrdiff_t at) {
    std::size_t count = 0;
    for (; bits != 0; bits &= bits - 1) out[count++] = static_cast<LookNotes::Place>(at + std::countr_zero(bits));
    return count;
  }

  explicit Chunk(const char* from) : Chunk(from, 64 + LookProbes::reach) {}
  /// The last `left` bytes of a message: zeros follow, and nothing else is touched.
  Chunk(const char* from, std::ptrdiff_t left) : from_(from), left_(left) {}
  [[nodiscard]] Bytes load(std::ptrdiff_t distance) const {
    Bytes out{};
    if (distance < left_) std::memcpy(out.data(), from_ + distance, static_cast<std::size_t>(std::min<std::ptrdiff_t>(left_ - distance, 64)));
    return out;
  }

 private:
  static Bytes of(auto byte) {
    Bytes out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(byte(i));
    return out;
  }
  const char* from_;
  std::ptrdiff_t left_;
};

}  // namespace
}  // namespace imdswatch

#include "look_pass.hpp"

namespace imdswatch {

LookResult run_look_plainly(const LookProbes& probes, std::string_view message, LookNotes& notes) { return run_pass<Chunk>(probes, message, notes); }

bool can_run(LookKernel kernel) {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("popcnt") != 0 && __builtin_cpu_supports("bmi") != 0;
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi2") != 0;
  return kernel == LookKernel::plain || (kernel == LookKernel::avx2 ? avx2 : avx512);
#else
  return kernel == LookKernel::plain;
#endif
}

LookKernel best_look_kernel() {
  static const LookKernel best = [] {
    for (const LookKernel kernel : {LookKernel::avx512, LookKernel::avx2}) {
      if (can_run(kernel)) return kernel;
    }
    return LookKernel::plain;
  }();
  return best;
}

LookResult run_look(LookKernel kernel, const LookProbes& probes, std::string_view message, LookNotes& notes) {
#if defined(__x86_64__)
  if (kernel == LookKernel::avx512) return run_look_avx512(probes, message, notes);
  if (kernel == LookKernel::avx2) return run_look_avx2(probes, message, notes);
#else
  static_cast<void>(kernel);
#endif
  return run_look_plainly(probes, message, notes);
}

}  // namespace imdswatch
