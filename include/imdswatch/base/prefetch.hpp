#pragma once

#include <cstddef>

namespace imdswatch {

/// Has the first `bytes` of what will be read soon fetched while other work goes on. Changes nothing else.
inline void prefetch(const void* at, std::size_t bytes = 1) {
  constexpr std::size_t line = 64;
  const char* const from = static_cast<const char*>(at);
  for (std::size_t offset = 0; offset < bytes; offset += line) {
    __builtin_prefetch(from + offset);
    asm volatile("" : : "r"(from));  // GCC takes a function that does nothing but prefetch for one without effect, and drops its calls
  }
}

/// So many hosts ahead: enough to hide memory's latency, few enough to stay in the first cache.
inline constexpr std::size_t prefetch_block = 16;

}  // namespace imdswatch
