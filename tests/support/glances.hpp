#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "imdswatch/decode/decoder.hpp"

namespace imdswatch::testing {

/// What a decoder made of a message: by its looks where it knows them, as the sieve does, else in full.
struct Taken {
  std::optional<Glance::Kind> by_looks;
  bool identified = false;  ///< a start of which the glance told which process it is
  std::string told;
};

/// A decoder that glances first, and remembers which hosts and programs were told as written.
class Glancer {
 public:
  explicit Glancer(DecodeConfig config) : decoder(std::move(config)) {}
  Taken take(std::string_view message, std::optional<Format> only = std::nullopt);

  Decoder decoder;

 private:
  /// In what the identity differs from what was read, now or when the same was written before.
  std::string told_wrongly(const StartIdentity& identity, const Event& event);

  std::map<std::uint64_t, std::string> hosts_, programs_;
};

/// In what `taken` differs from what reading the whole message told, for a person; empty if in nothing that is used.
std::string difference(const Taken& taken, std::span<const Decoded> whole, const IpAddress& wanted);
bool has_call(std::span<const Decoded> all, const IpAddress& wanted);

}  // namespace imdswatch::testing
