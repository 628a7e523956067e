#include <algorithm>
#include <array>
#include <cstdio>

#include "imdswatch/http/server.hpp"

namespace imdswatch {
namespace {

std::string json_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
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

std::string checks_json(const std::vector<Check>& checks, const std::string& good, const std::string& bad) {
  const bool fine = std::ranges::all_of(checks, [](const Check& check) { return check.ok || !check.required; });
  std::string out = "{\"status\":" + json_string(fine ? good : bad) + ",\"checks\":[";
  for (std::size_t i = 0; i < checks.size(); ++i) {
    const Check& check = checks[i];
    out += std::string(i == 0 ? "" : ",") + "{\"name\":" + json_string(check.name) + ",\"ok\":" + (check.ok ? "true" : "false") +
           ",\"required\":" + (check.required ? "true" : "false") + ",\"detail\":" + json_string(check.detail) + "}";
  }
  return out + "]}";
}

}  // namespace imdswatch
