#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/decode/custom.hpp"
#include "imdswatch/decode/event.hpp"

namespace imdswatch {

struct DecodeConfig {
  std::string namespace_field = {};  ///< `host.namespace`: dotted path such as "cloud.account.id", or empty
  std::string peer_field = {};       ///< `host.peer_field`: dotted path, or empty
  CustomMapping custom = {};    ///< `custom`; takes what no other format does
};

/// Bytes of one Kafka message → its events. Not for use by two threads at once: each has its own.
class Decoder {
 public:
  explicit Decoder(DecodeConfig config = {});
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  /// Every event of `message` ends in exactly one `Decoded`; a message that cannot be read at all is one `Rejected`.
  /// Never throws on input. The span and all text in it live until the next call.
  /// With `only`, an event of another format is ignored as `other_format`.
  std::span<const Decoded> decode(std::string_view message, std::optional<Format> only = std::nullopt);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch
