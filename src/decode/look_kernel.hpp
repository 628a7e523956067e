#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace imdswatch {

/// What a pass looks for besides keys: bytes at fixed distances, a cheap sign that an address may stand there. A `\u` always is one;
/// and a blank before a colon a sign that a key ends there which does not end in `":`.
struct LookProbes {
  static constexpr std::size_t most = 8;       ///< of each sort
  static constexpr std::ptrdiff_t reach = 16;  ///< no probe reaches further
  /// Of a dotted address: how far behind its first dot the others stand.
  struct Dots {
    std::uint8_t second, third;
    friend bool operator==(const Dots&, const Dots&) = default;
  };
  /// A hexadecimal digit, a colon, and another digit, in any case; 0 for any byte.
  struct Colon {
    std::uint8_t before, after;
    friend bool operator==(const Colon&, const Colon&) = default;
  };
  std::vector<Dots> dots;
  std::vector<Colon> colons;
};

/// What a pass notes of a message.
struct LookNotes {
  using Place = std::uint16_t;
  static constexpr std::size_t unasked = 32;  ///< so many more places than there are keys may be written
  struct Hit {
    std::ptrdiff_t at;   ///< of bit 0, in the message
    std::uint64_t bits;  ///< of the 64 bytes from there, where the first byte of a probe stands
  };
  std::vector<Place> key_ends;  ///< their closing quotes: with a colon right behind
  std::vector<Hit> hits;
};

struct LookResult {
  bool done;  ///< else there were more hits than can be noted
  std::size_t keys;
  std::size_t hits;
};

enum class LookKernel : std::uint8_t { plain, avx2, avx512 };  ///< tests hold them equal
bool can_run(LookKernel kernel);
/// The quickest that this machine can run.
LookKernel best_look_kernel();
LookResult run_look(LookKernel kernel, const LookProbes& probes, std::string_view message, LookNotes& notes);

LookResult run_look_plainly(const LookProbes& probes, std::string_view message, LookNotes& notes);
#if defined(__x86_64__)
LookResult run_look_avx2(const LookProbes& probes, std::string_view message, LookNotes& notes);
LookResult run_look_avx512(const LookProbes& probes, std::string_view message, LookNotes& notes);
#endif

}  // namespace imdswatch
