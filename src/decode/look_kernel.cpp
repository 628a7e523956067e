#include "look_kernel.hpp"

namespace imdswatch {
namespace {

/// Byte by byte, for machines without AVX2.
LookCounts run_look_plainly(std::string_view message, LookNotes& notes) {
  LookCounts out{0, 0};
  for (std::size_t colon = message.find(':'); colon != std::string_view::npos; colon = message.find(':', colon + 1)) {
    if (colon == 0) continue;
    const std::size_t at = colon - 1;
    if (message[at] == '"') notes.key_ends[out.keys++] = static_cast<LookNotes::Place>(at);
    if (static_cast<unsigned char>(message[at]) > ' ') continue;
    const std::size_t begin = at - at % 64;
    if (out.blanks == 0 || notes.blanks[out.blanks - 1].at != begin) notes.blanks[out.blanks++] = {begin, 0};
    notes.blanks[out.blanks - 1].bits |= std::uint64_t{1} << at % 64;
  }
  return out;
}

}  // namespace

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

LookCounts run_look(LookKernel kernel, std::string_view message, LookNotes& notes) {
#if defined(__x86_64__)
  if (kernel == LookKernel::avx512) return run_look_avx512(message, notes);
  if (kernel == LookKernel::avx2) return run_look_avx2(message, notes);
#else
  static_cast<void>(kernel);
#endif
  return run_look_plainly(message, notes);
}

}  // namespace imdswatch
