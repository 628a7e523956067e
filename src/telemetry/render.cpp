#include <array>
#include <cstdio>

#include "log_line.hpp"

namespace imdswatch::telemetry_detail {
namespace {

constexpr std::size_t max_value_bytes = 2048;

bool is_plain(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f) return false;
  }
  return true;
}

/// Control characters masked, so that what an event or a broker says can neither start a line nor colour a terminal.
std::string one_line(std::string_view text) {
  std::string out(text.substr(0, max_value_bytes));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return out;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, max_value_bytes)) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      std::array<char, 8> code{};
      std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(c));
      out += code.data();
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

std::string render_text(const LogLine& line) {
  std::string out = one_line(line.message);
  for (const auto& [key, value] : line.fields) {
    if (value.empty()) continue;
    out += " " + key + "=";
    if (is_plain(value)) {
      out += value.substr(0, max_value_bytes);
    } else {
      out += json_string(one_line(value));
    }
  }
  return out;
}

std::string render_json(const LogLine& line) {
  std::string out = "\"event\":" + json_string(line.event) + ",\"message\":" + json_string(line.message);
  for (const auto& [key, value] : line.fields) out += "," + json_string(key) + ":" + json_string(value);
  return out;
}

}  // namespace imdswatch::telemetry_detail
