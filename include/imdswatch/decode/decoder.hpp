#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/decode/event.hpp"

namespace imdswatch {

struct DecodeConfig {
  std::string namespace_field;  ///< `host.namespace`: dotted path such as "cloud.account.id", or empty
  std::string peer_field;       ///< `host.peer_field`: dotted path, or empty
};

/// Bytes of one Kafka message → its events. Not for use by two threads at once: each has its own.
class Decoder {
 public:
  explicit Decoder(DecodeConfig config = {});
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  /// `message` is JSON, or gzip or zlib data of such, as some shippers send it.
  /// Every event of it ends in exactly one `Decoded`; a message that cannot be read at all is one `Rejected`.
  /// Never throws on input. The span and all text in it live until the next call.
  std::span<const Decoded> decode(std::string_view message);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch
