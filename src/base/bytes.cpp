#include "imdswatch/base/bytes.hpp"

#include <cstring>

namespace imdswatch {
namespace {

template <class UInt>
void append_little_endian(std::string& out, UInt bits) {
  char bytes[sizeof bits];
  for (std::size_t i = 0; i < sizeof bits; ++i) bytes[i] = static_cast<char>((bits >> (8 * i)) & 0xff);
  out.append(bytes, sizeof bytes);
}

template <class UInt>
UInt read_little_endian(std::string_view bytes) {
  UInt bits = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) bits |= static_cast<UInt>(static_cast<std::uint8_t>(bytes[i])) << (8 * i);
  return bits;
}

}  // namespace

void ByteWriter::varint(std::uint64_t value) {
  char bytes[10];
  std::size_t size = 0;
  while (value >= 0x80) {
    bytes[size++] = static_cast<char>(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  bytes[size++] = static_cast<char>(value);
  out_.append(bytes, size);
}

void ByteWriter::zigzag(std::int64_t value) {
  varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

void ByteWriter::f64(double value) { append_little_endian(out_, std::bit_cast<std::uint64_t>(value)); }
void ByteWriter::f32(float value) { append_little_endian(out_, std::bit_cast<std::uint32_t>(value)); }

void ByteWriter::text(std::string_view value) {
  varint(value.size());
  out_.append(value);
}

std::string_view ByteReader::take(std::size_t size) {
  if (!ok_ || size > rest_.size()) {
    ok_ = false;
    return {};
  }
  const std::string_view out = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return out;
}

std::uint8_t ByteReader::u8() {
  const std::string_view byte = take(1);
  return byte.empty() ? 0 : static_cast<std::uint8_t>(byte[0]);
}

std::uint64_t ByteReader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const std::uint8_t byte = u8();
    if (!ok_) return 0;
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  ok_ = false;
  return 0;
}

std::int64_t ByteReader::zigzag() {
  const std::uint64_t value = varint();
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

double ByteReader::f64() {
  const std::string_view bytes = take(8);
  return ok_ ? std::bit_cast<double>(read_little_endian<std::uint64_t>(bytes)) : 0.0;
}

float ByteReader::f32() {
  const std::string_view bytes = take(4);
  return ok_ ? std::bit_cast<float>(read_little_endian<std::uint32_t>(bytes)) : 0.0F;
}

std::string_view ByteReader::text() { return take(varint()); }
std::string_view ByteReader::fixed(std::size_t size) { return take(size); }

}  // namespace imdswatch
