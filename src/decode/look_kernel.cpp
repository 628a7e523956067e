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
  using Places = std::uint64_t;
  class Sum {
   public:
    void add(Places places, const Bytes& bytes) {
      for (; places != 0; places &= places - 1) value_ += bytes[static_cast<std::size_t>(std::countr_zero(places))];
    }
    [[nodiscard]] std::uint64_t value() const { return value_; }

   private:
    std::uint64_t value_ = 0;
  };
  static Bytes all(std::uint8_t byte) {
    Bytes out;
    out.fill(byte);
    return out;
  }
  static Bytes fold(Bytes bytes) {
    for (std::uint8_t& byte : bytes) byte |= 0x20;
    return bytes;
  }
  static Places equal(const Bytes& a, const Bytes& b) {
    Places out = 0;
    for (std::size_t i = 0; i < a.size(); ++i) out |= Places{a[i] == b[i]} << i;
    return out;
  }
  static Places and_equal(Places where, const Bytes& a, const Bytes& b) { return where & equal(a, b); }
  /// A blank, or a control character.
  static Places and_blank(Places where, const Bytes& bytes) {
    Places out = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) out |= Places{bytes[i] <= ' '} << i;
    return where & out;
  }
  static Places either(Places a, Places b) { return a | b; }
  static std::uint64_t bits(Places places) { return places; }
  static bool none(Places places) { return places == 0; }

  static std::uint64_t lowest(std::uint64_t bits) { return static_cast<std::uint64_t>(std::countr_zero(bits)); }

  explicit Chunk(const char* at) : Chunk(at, -LookProbes::reach_back, 64 + LookProbes::reach) {}
  /// The 64 bytes from `at` on of a message of `size` bytes: what lies outside of it is zero, and not touched.
  static Chunk at_edge(const char* message, std::ptrdiff_t at, std::ptrdiff_t size) { return {message + at, -at, size - at}; }
  [[nodiscard]] Bytes load(std::ptrdiff_t distance) const {
    Bytes out{};
    const std::ptrdiff_t begin = std::max(distance, first_);
    const std::ptrdiff_t end = std::min(distance + 64, end_);
    if (begin < end) std::memcpy(out.data() + (begin - distance), at_ + begin, static_cast<std::size_t>(end - begin));
    return out;
  }

 private:
  Chunk(const char* at, std::ptrdiff_t first, std::ptrdiff_t end) : at_(at), first_(first), end_(end) {}
  const char* at_;
  std::ptrdiff_t first_, end_;  ///< of what may be read, from at_
};

}  // namespace
}  // namespace imdswatch

#include "look_pass.hpp"

namespace imdswatch {

LookResult run_look_plainly(const LookProbes& probes, std::string_view message, LookNotes& notes) { return run_pass<Chunk>(probes, message, notes); }

bool can_run(LookKernel kernel) {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("popcnt") != 0 && __builtin_cpu_supports("bmi") != 0;
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0;
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
