#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace imdswatch {

/// What a pass looks for besides keys: three neighbouring bytes, a cheap sign that an address may stand there. A `\u` always is one;
/// and a blank before a colon a sign that a key ends there which does not end in `":`.
class LookProbes {
 public:
  static constexpr std::size_t most_dots = 2, most_colons = 3, most = most_dots + most_colons;
  static constexpr std::ptrdiff_t reach = 2;  ///< behind the first byte
  /// Those that have `bits` in common with `value`: all of them, or those but the one of letter case; or none, for any byte.
  struct Byte {
    std::uint8_t value, bits;
    [[nodiscard]] bool fits(std::uint8_t byte) const { return ((byte ^ value) & bits) == 0; }
    friend bool operator==(const Byte&, const Byte&) = default;
  };
  struct Probe {
    Byte first, middle, last;
    friend bool operator==(const Probe&, const Probe&) = default;
  };
  /// For each ASCII character, a bit for each sign that it may be a part of, at this place.
  using Classes = std::array<std::uint8_t, 128>;
  /// The same by a character's upper and by its lower four bits. Only where two probes had to become one have both halves a bit that it has not.
  struct Halves {
    std::array<std::uint8_t, 16> upper{}, lower{};
  };

  LookProbes();
  /// A dot or a colon in the middle. Beyond the most of these, the last one is made wide enough for both.
  void add(const Probe& probe);
  [[nodiscard]] const std::vector<Probe>& probes() const { return probes_; }
  /// Where all three bytes have a bit in common, stands a sign.
  [[nodiscard]] const std::array<Classes, 3>& classes() const { return classes_; }
  [[nodiscard]] const std::array<Halves, 3>& halves() const { return halves_; }

 private:
  void set(std::size_t place, std::size_t byte, std::size_t sign);

  std::vector<Probe> probes_;
  std::array<Classes, 3> classes_{};
  std::array<Halves, 3> halves_{};
};

/// What a pass notes of a message.
struct LookNotes {
  using Place = std::uint16_t;
  static constexpr std::size_t unasked = 32;  ///< so many more places than there are keys may be written
  struct Hit {
    std::ptrdiff_t at;   ///< of bit 0, in the message
    std::uint64_t bits;  ///< of the 64 bytes from there, where the first byte of a sign may stand
  };
  std::vector<Place> key_ends;  ///< their closing quotes: with a colon right behind
  std::vector<Hit> hits;
};

/// Where the 64 bytes at hand of a pass stand in the message, for kernels that add it to each place.
struct LookGround {
  std::uint64_t at = 0;
  void step() { at += 64; }
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
