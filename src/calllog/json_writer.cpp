#include "json_writer.hpp"

#include <array>
#include <utility>

namespace imdswatch {
namespace {

/// The length of the UTF-8 sequence at i, or 0 if there is none (overlong, surrogate, beyond U+10FFFF, cut off).
std::size_t sequence_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U; };
  const auto continues = [&](std::size_t k) { return (byte(k) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(i);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return continues(i + 1) ? 2 : 0;
  if (lead >= 0xE0 && lead < 0xF0) {
    const bool overlong = lead == 0xE0 && byte(i + 1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(i + 1) >= 0xA0;
    return continues(i + 1) && continues(i + 2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead < 0xF5) {
    const bool overlong = lead == 0xF0 && byte(i + 1) < 0x90;
    const bool beyond = lead == 0xF4 && byte(i + 1) >= 0x90;
    return continues(i + 1) && continues(i + 2) && continues(i + 3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

void escape(std::string& out, char c) {
  static constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto value = static_cast<unsigned char>(c);
  out += "\\u00";
  out.push_back(digits[value >> 4]);
  out.push_back(digits[value & 15]);
}

}  // namespace

void JsonWriter::string(std::string& out, std::string_view value) {
  out.push_back('"');
  for (std::size_t i = 0; i < value.size();) {
    const char c = value[i];
    const std::size_t length = sequence_length(value, i);
    if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\') {
      escape(out, c);
    } else if (length == 0) {
      out += "\uFFFD";
    } else {
      out.append(value, i, length);
    }
    i += length == 0 ? 1 : length;
  }
  out.push_back('"');
}

void JsonWriter::comma() {
  if (out_.back() != '{' && out_.back() != '[') out_.push_back(',');
}

std::string& JsonWriter::member(std::string_view key) {
  comma();
  out_.push_back('"');
  out_.append(key).append("\":");
  return out_;
}

void JsonWriter::begin_element() {
  comma();
  out_.push_back('{');
}

std::string JsonWriter::take() {
  end();
  return std::move(out_);
}

}  // namespace imdswatch
