#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "look.hpp"

namespace imdswatch {

/// The inner loop of Look: fills words_, and returns the sum over the keys' letters, or nothing if the message is suspicious.
/// The sum is of (byte before the closing quote − the byte two before that) mod 256.
struct LookKernel {
  static std::optional<std::uint64_t> run(Look& look, std::string_view message);
  /// The same, byte by byte, for machines without AVX2; tests hold the two equal.
  static std::optional<std::uint64_t> run_plainly(Look& look, std::string_view message);
  static std::optional<std::uint64_t> run_avx2(Look& look, std::string_view message);

  static const std::vector<Look::Pair>& pairs(const Look& look) { return look.pairs_; }
  static const std::vector<Look::Triple>& triples(const Look& look) { return look.triples_; }
  static Look::Word* words(Look& look) { return look.words_.data(); }
  static bool suspicious(const Look& look, std::string_view message, std::size_t at) { return look.suspicious(message, at); }
};

}  // namespace imdswatch
