#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "places.hpp"

namespace imdswatch {

/// What a pass notes of a message.
struct LookNotes {
  using Place = Places::Place;
  static constexpr std::size_t unasked = 32;  ///< so many more places than there are keys may be written
  /// Blanks right before a colon; other bytes below a blank count as one.
  struct Blanks {
    std::size_t at;      ///< of bit 0, in the message
    std::uint64_t bits;  ///< of the 64 bytes from there
  };
  std::vector<Place> key_ends;  ///< their closing quotes: with a colon right behind
  std::vector<Blanks> blanks;   ///< room for every 64 bytes
};

/// How many of each were noted.
struct LookCounts {
  std::size_t keys, blanks;
};

/// Where the 64 bytes at hand of a pass stand in the message, for kernels that add it to each place.
struct LookGround {
  std::uint64_t at = 0;
  void step() { at += 64; }
};

enum class LookKernel : std::uint8_t { plain, avx2, avx512 };  ///< tests hold them equal
bool can_run(LookKernel kernel);
/// The quickest that this machine can run.
LookKernel best_look_kernel();
LookCounts run_look(LookKernel kernel, std::string_view message, LookNotes& notes);

#if defined(__x86_64__)
LookCounts run_look_avx2(std::string_view message, LookNotes& notes);
LookCounts run_look_avx512(std::string_view message, LookNotes& notes);
#endif

}  // namespace imdswatch
