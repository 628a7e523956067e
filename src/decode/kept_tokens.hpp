#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "imdswatch/base/check.hpp"

namespace imdswatch {

/// What is kept of a process start: tokens one after the other, as they were written, each behind its length in two bytes.
class KeptTokens {
 public:
  static constexpr std::size_t max_bytes = 8u << 10;  ///< a start with more is read at once

  void clear() { size_ = 0; }
  /// `size` bytes of `message`, from `begin` on. False, and nothing is kept, if that makes too many.
  bool append(std::string_view message, std::size_t begin, std::size_t size) {
    if (size_ + length_bytes + size > max_bytes) return false;
    char* const out = bytes_.data() + size_;
    out[0] = static_cast<char>(size & 0xff);
    out[1] = static_cast<char>(size >> 8);
    copy(out + length_bytes, message, begin, size);
    size_ += length_bytes + size;
    return true;
  }
  [[nodiscard]] std::string_view bytes() const { return {bytes_.data(), size_}; }

  /// Takes the first token off `bytes`.
  static std::string_view take(std::string_view& bytes) {
    IMDS_CHECK(bytes.size() >= length_bytes);
    const std::size_t size = static_cast<unsigned char>(bytes[0]) | std::size_t{static_cast<unsigned char>(bytes[1])} << 8;
    const std::string_view out = bytes.substr(length_bytes, size);
    bytes.remove_prefix(length_bytes + out.size());
    return out;
  }

 private:
  static constexpr std::size_t length_bytes = 2;
  static constexpr std::size_t step = 32;

  /// Most tokens are short: in steps, and so a little too far, where the message reaches that far.
  static void copy(char* to, std::string_view message, std::size_t begin, std::size_t size) {
    if (begin + size + step > message.size()) {
      std::memcpy(to, message.data() + begin, size);
      return;
    }
    for (std::size_t at = 0; at < size; at += step) std::memcpy(to + at, message.data() + begin + at, step);
  }

  std::array<char, max_bytes + step> bytes_;
  std::size_t size_ = 0;
};

}  // namespace imdswatch
