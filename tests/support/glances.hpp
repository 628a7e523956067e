#pragma once

#include <optional>
#include <span>
#include <string>

#include "imdswatch/decode/decoder.hpp"

namespace imdswatch::testing {

/// What a decoder made of a message: by its looks where it knows them, as the sieve does, else in full.
struct Taken {
  std::optional<Glance::Kind> by_looks;
  std::string told;
};
Taken take(Decoder& decoder, std::string_view message, std::optional<Format> only = std::nullopt);

/// In what `taken` differs from what reading the whole message told, for a person; empty if in nothing that is used.
std::string difference(const Taken& taken, std::span<const Decoded> whole, const IpAddress& wanted);
bool has_call(std::span<const Decoded> all, const IpAddress& wanted);

}  // namespace imdswatch::testing
