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
  static std::uint64_t equal_pairs(const Bytes& a, const Bytes& wanted_a, const Bytes& b, const Bytes& wanted_b) {
    return zeros(join(differences(a, wanted_a, all(0xff)), b, wanted_b));
  }
  using Ground = LookGround;
  static std::size_t note(LookNotes::Place* out, std::uint64_t bits, const Ground& ground) {
    std::size_t count = 0;
    for (; bits != 0; bits &= bits - 1) out[count++] = static_cast<LookNotes::Place>(ground.at + static_cast<std::size_t>(std::countr_zero(bits)));
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

/// Each probe compared with. Where it fits, all its bytes differ in nothing from what it wants: the differences of each are joined by `or`, those
/// of all probes by the least.
class Signs {
 public:
  explicit Signs(const LookProbes& probes) {
    for (const LookProbes::Probe& probe : probes.probes())
      probes_[count_++] = {wanted(probe.first), wanted(probe.middle), wanted(probe.last)};
  }
  /// Zero where a sign stands.
  [[nodiscard]] Chunk::Bytes seen(const Chunk::Bytes& first, const Chunk::Bytes& middle, const Chunk& chunk) const {
    auto least = Chunk::join(Chunk::differences(first, Chunk::all('\\'), Chunk::all(0xff)), middle, Chunk::all('u'));
    least = Chunk::least(least, Chunk::join(Chunk::beyond(first, Chunk::all(' ')), middle, Chunk::all(':')));
    const Chunk::Bytes last = chunk.load(2);
    for (std::size_t i = 0; i < count_; ++i) {
      const auto outer = Chunk::either(Chunk::differences(first, probes_[i].first.value, probes_[i].first.bits),
                                       Chunk::differences(last, probes_[i].last.value, probes_[i].last.bits));
      least = Chunk::least(least, Chunk::join(outer, middle, probes_[i].middle.value));
    }
    return least;
  }
  static bool any(const Chunk::Bytes& seen) { return places(seen) != 0; }
  static std::uint64_t places(const Chunk::Bytes& seen) { return Chunk::zeros(seen); }

 private:
  struct Wanted {
    Chunk::Bytes value, bits;
  };
  static Wanted wanted(const LookProbes::Byte& byte) { return {Chunk::all(byte.value), Chunk::all(byte.bits)}; }
  struct {
    Wanted first, middle, last;
  } probes_[LookProbes::most];
  std::size_t count_ = 0;
};

}  // namespace
}  // namespace imdswatch

#include "look_pass.hpp"

namespace imdswatch {

LookProbes::LookProbes() {
  constexpr std::size_t escape = most, space = most + 1, other_blank = most + 2;
  set(0, '\\', escape);
  set(1, 'u', escape);
  set(0, ' ', space);
  for (const unsigned char byte : {'\t', '\n', '\r'}) set(0, byte, other_blank);
  for (const std::size_t sign : {space, other_blank}) set(1, ':', sign);
  for (unsigned char byte = 0; byte < classes_[2].size(); ++byte)
    for (const std::size_t sign : {escape, space, other_blank}) set(2, byte, sign);
}

void LookProbes::set(std::size_t place, std::size_t byte, std::size_t sign) {
  const auto bit = static_cast<std::uint8_t>(1u << sign);
  classes_[place][byte] |= bit;
  halves_[place].upper[byte >> 4] |= bit;
  halves_[place].lower[byte & 15] |= bit;
}

void LookProbes::add(const Probe& probe) {
  if (std::find(probes_.begin(), probes_.end(), probe) != probes_.end()) return;
  const auto has_middle = [&](const Probe& other) { return other.middle == probe.middle; };
  auto at = probes_.end();
  const std::size_t most_of_these = probe.middle.value == '.' ? most_dots : most_colons;
  if (static_cast<std::size_t>(std::count_if(probes_.begin(), probes_.end(), has_middle)) == most_of_these) {
    at = std::find_if(probes_.rbegin(), probes_.rend(), has_middle).base() - 1;
    const auto both = [](Byte a, Byte b) {
      return Byte{a.value, static_cast<std::uint8_t>(a.bits & b.bits & ~(a.value ^ b.value))};
    };
    *at = {both(at->first, probe.first), at->middle, both(at->last, probe.last)};
  } else {
    at = probes_.insert(probes_.end(), probe);
  }
  const std::array<Byte, 3> bytes{probe.first, probe.middle, probe.last};
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    for (std::size_t byte = 0; byte < classes_[place].size(); ++byte)
      if (bytes[place].fits(static_cast<std::uint8_t>(byte)))
        set(place, byte, static_cast<std::size_t>(at - probes_.begin()));
  }
}

LookResult run_look_plainly(const LookProbes& probes, std::string_view message, LookNotes& notes) {
  return Pass<Chunk, Signs>(probes, notes).run(message);
}

bool can_run(LookKernel kernel) {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("popcnt") != 0 &&
                    __builtin_cpu_supports("bmi") != 0;
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
                      __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vbmi") != 0 &&
                      __builtin_cpu_supports("avx512vbmi2") != 0;
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
