#include "text.hpp"

#include <cstdint>

namespace imdswatch {
namespace {

/// How the capitals of a range stand to their small letters.
enum class Step : std::uint8_t { add, even, odd };  ///< a fixed distance, or the next code point after even / odd ones
struct Range {
  std::uint16_t first, last;
  Step step;
  std::int16_t distance;
};

constexpr Range ranges[] = {
    {0x00C0, 0x00D6, Step::add, 32},  {0x00D8, 0x00DE, Step::add, 32},  {0x0100, 0x012F, Step::even, 1},
    {0x0132, 0x0137, Step::even, 1},  {0x0139, 0x0148, Step::odd, 1},   {0x014A, 0x0177, Step::even, 1},
    {0x0178, 0x0178, Step::add, -121}, {0x0179, 0x017E, Step::odd, 1},  {0x0386, 0x0386, Step::add, 38},
    {0x0388, 0x038A, Step::add, 37},  {0x038C, 0x038C, Step::add, 64},  {0x038E, 0x038F, Step::add, 63},
    {0x0391, 0x03A1, Step::add, 32},  {0x03A3, 0x03AB, Step::add, 32},  {0x0400, 0x040F, Step::add, 80},
    {0x0410, 0x042F, Step::add, 32},  {0x0460, 0x0481, Step::even, 1},  {0x048A, 0x04BF, Step::even, 1},
    {0x04C0, 0x04C0, Step::add, 15},  {0x04C1, 0x04CE, Step::odd, 1},   {0x04D0, 0x052F, Step::even, 1},
    {0x0531, 0x0556, Step::add, 48},  {0x1E00, 0x1E95, Step::even, 1},  {0x1EA0, 0x1EFF, Step::even, 1},
    {0xFF21, 0xFF3A, Step::add, 32},
};

std::uint32_t fold_code_point(std::uint32_t c) {
  for (const Range& range : ranges) {
    if (c < range.first) return c;
    if (c > range.last) continue;
    const bool odd = (c & 1) != 0;
    if ((range.step == Step::even && odd) || (range.step == Step::odd && !odd)) return c;
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(c) + range.distance);
  }
  return c;
}

unsigned byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }
bool continues(std::string_view text, std::size_t i) { return i < text.size() && (byte_at(text, i) & 0xC0) == 0x80; }

}  // namespace

std::string fold_case(std::string_view text) {
  std::string out(text);
  char high = 0;
  for (char& c : out) {
    high |= c;
    c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  if (static_cast<signed char>(high) >= 0) return out;  // ASCII, as nearly all

  out.clear();
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = byte_at(text, i);
    if (lead < 0x80) {
      out.push_back(static_cast<char>(lead >= 'A' && lead <= 'Z' ? lead + 32 : lead));
      i += 1;
    } else if (lead >= 0xC2 && lead < 0xE0 && continues(text, i + 1)) {
      const std::uint32_t c = fold_code_point(((lead & 0x1F) << 6) | (byte_at(text, i + 1) & 0x3F));
      out.push_back(static_cast<char>(0xC0 | (c >> 6)));  // every two-byte capital has a two-byte small letter
      out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
      i += 2;
    } else if (lead >= 0xE0 && lead < 0xF0 && continues(text, i + 1) && continues(text, i + 2)) {
      const std::uint32_t c =
          fold_code_point(((lead & 0x0F) << 12) | ((byte_at(text, i + 1) & 0x3F) << 6) | (byte_at(text, i + 2) & 0x3F));
      out.push_back(static_cast<char>(0xE0 | (c >> 12)));
      out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
      out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
      i += 3;
    } else {
      out.push_back(text[i]);
      i += 1;
    }
  }
  return out;
}

std::string_view cut_utf8(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  while (end > 0 && max_bytes - end < 3 && continues(text, end)) --end;
  return text.substr(0, end);
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\"";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace imdswatch
