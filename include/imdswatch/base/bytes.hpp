#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace imdswatch {

/// Appends values in a fixed, platform-independent form: unsigned LEB128, zigzag, IEEE 754 little-endian, length-prefixed text.
class ByteWriter {
 public:
  void u8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void varint(std::uint64_t value);
  void zigzag(std::int64_t value);
  void f64(double value);
  void f32(float value);
  void text(std::string_view value);
  void fixed(std::string_view bytes) { out_.append(bytes); }  ///< no length before it
  [[nodiscard]] const std::string& bytes() const { return out_; }
  std::string take() { return std::move(out_); }
  void clear() { out_.clear(); }  ///< its memory is used again

 private:
  std::string out_;
};

/// Reads what ByteWriter wrote. After the first read past the end `ok()` stays false and every read gives zero or empty.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  std::uint8_t u8();
  std::uint64_t varint();
  std::int64_t zigzag();
  double f64();
  float f32();
  std::string_view text();
  std::string_view fixed(std::size_t size);
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }
  [[nodiscard]] std::size_t remaining() const { return rest_.size(); }

 private:
  std::string_view take(std::size_t size);
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace imdswatch
