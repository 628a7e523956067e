#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "byte_mask.hpp"
#include "imdswatch/base/check.hpp"
#include "json_text.hpp"

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
    write_length(out, size);
    copy_soon(out + length_bytes, message, begin, size);
    size_ += length_bytes + size;
    return true;
  }
  /// The same of a text with its quotes, in one go with looking at what stands between them. False, and nothing is kept, if `token` is no such text, may be
  /// more than one, or stands within a step of the message's end.
  bool append_text(std::string_view message, std::string_view token) {
    if (token.size() < 2 || token.front() != '"' || token.back() != '"' || size_ + length_bytes + token.size() > max_bytes) return false;
    const auto begin = static_cast<std::size_t>(token.data() - message.data());
    if (begin + token.size() + step > message.size()) return false;
    char* const out = bytes_.data() + size_;
    write_length(out, token.size());
    out[length_bytes] = '"';
    const char* const from = token.data() + 1;
    char* const to = out + length_bytes + 1;
    const std::size_t size = token.size() - 2;
    Bytes quotes{};
    const auto copy_step = [&](std::size_t at) {
      Bytes here;
      std::memcpy(&here, from + at, step);
      std::memcpy(to + at, &here, step);
      return here == '"';
    };
    std::size_t at = 0;
    for (; at + step <= size; at += step) quotes |= copy_step(at);
    Bytes mask;
    std::memcpy(&mask, ones_and_zeros<step>.data() + step - (size - at), step);
    quotes |= copy_step(at) & mask;
    to[size] = '"';
    if (any(quotes) ? !is_one_text(token) : is_escaped(token, token.size() - 1)) return false;
    size_ += length_bytes + token.size();
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
  static constexpr std::size_t step = copied_at_once;
  using Bytes [[gnu::vector_size(step)]] = signed char;

  /// Whether the quote at `at`, not the first character, surely is part of the text: behind a backslash that is not itself behind one.
  static bool is_escaped(std::string_view token, std::size_t at) { return token[at - 1] == '\\' && token[at - 2] != '\\'; }
  /// Whether of all quotes surely the last one ends the text.
  static bool is_one_text(std::string_view token) {
    std::size_t at = find_soon(token, '"', 1);
    while (at + 1 < token.size() && is_escaped(token, at)) at = find_soon(token, '"', at + 1);
    return at + 1 == token.size() && !is_escaped(token, at);
  }
  static bool any(const Bytes& bytes) {
    std::uint64_t halves[2];
    std::memcpy(halves, &bytes, sizeof halves);
    return (halves[0] | halves[1]) != 0;
  }
  static void write_length(char* out, std::size_t size) {
    out[0] = static_cast<char>(size & 0xff);
    out[1] = static_cast<char>(size >> 8);
  }

  std::array<char, max_bytes + step> bytes_;
  std::size_t size_ = 0;
};

}  // namespace imdswatch
