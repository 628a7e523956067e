#pragma once

#include <zlib.h>

#include <optional>
#include <string_view>
#include <vector>

#include "imdswatch/decode/event.hpp"

namespace imdswatch {

/// Whether a message begins as gzip (RFC 1952) or zlib (RFC 1950) data. No JSON text does.
bool is_compressed(std::string_view message);

/// Undoes a shipper's own compression of a message: gzip of one or more members, or one zlib stream; zero bytes may follow. Never twice.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;  // zlib's state refers to the stream
  Inflater& operator=(const Inflater&) = delete;

  /// `message` is_compressed. `text()` is what it holds, or the message is rejected whole: nothing of it has been checked before its end.
  /// It stops at limits::max_message_bytes, however small the message is.
  std::optional<Rejected> inflate(std::string_view message);
  /// Lives until the next call of the others.
  [[nodiscard]] std::string_view text() const { return {buffer_.data(), size_}; }
  /// Memory beyond the usual goes back.
  void clear();

 private:
  z_stream stream_{};
  std::vector<char> buffer_;
  std::size_t size_ = 0;
};

}  // namespace imdswatch
