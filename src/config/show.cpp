#include <array>
#include <charconv>

#include "imdswatch/config/schema.hpp"

namespace imdswatch {
namespace {

/// Plain where YAML reads it back as the same text, else in double quotes.
std::string yaml_text(std::string_view text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/^";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos && text.front() != '-') return std::string(text);
  if (text.starts_with("http") && text.find_first_of(" #\"\\") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string number_text(double value) {
  std::array<char, 32> out{};
  return {out.data(), std::to_chars(out.data(), out.data() + out.size(), value).ptr};
}

template <class T, class F>
std::string list(const std::vector<T>& items, F text) {
  std::string out;
  for (const T& item : items) out += (out.empty() ? "" : ", ") + text(item);
  return "[" + out + "]";
}

}  // namespace

std::string_view to_string(KeyType type) {
  switch (type) {
    case KeyType::text: return "text";
    case KeyType::field: return "field name";
    case KeyType::label: return "name";
    case KeyType::topic: return "topic name";
    case KeyType::boolean: return "true or false";
    case KeyType::integer: return "whole number";
    case KeyType::number: return "number";
    case KeyType::duration: return "duration";
    case KeyType::size: return "size";
    case KeyType::choice: return "one of";
    case KeyType::texts: return "list of texts";
    case KeyType::topics: return "list of topics";
    case KeyType::addresses: return "list of addresses";
    case KeyType::ports: return "list of ports";
    case KeyType::choices: return "list of";
    case KeyType::properties: return "map of properties";
    case KeyType::exceptions: return "list of exceptions";
    case KeyType::mapping: return "map of fields to JSON Pointers";
    case KeyType::conditions: return "map of JSON Pointers to values";
    case KeyType::time_format: return "time format";
    case KeyType::formats: return "auto, a format, or a map of topics to formats";
  }
  return "";
}

std::string show_duration(std::chrono::microseconds value) {
  struct Unit {
    std::int64_t us;
    std::string_view name;
  };
  static constexpr std::array<Unit, 5> units{
      {{86'400'000'000, "d"}, {3'600'000'000, "h"}, {60'000'000, "m"}, {1'000'000, "s"}, {1'000, "ms"}}};
  if (value.count() == 0) return "0s";
  if (value == std::chrono::hours{24}) return "24h";  // as people say it
  std::string out;
  std::int64_t rest = value.count();
  for (const Unit& unit : units) {
    if (rest >= unit.us) out += std::to_string(rest / unit.us) + std::string(unit.name);
    rest %= unit.us;
  }
  return out;
}

std::string show_size(std::int64_t bytes) {
  if (bytes % (1 << 30) == 0) return std::to_string(bytes >> 30) + "GiB";
  if (bytes % (1 << 20) == 0) return std::to_string(bytes >> 20) + "MiB";
  if (bytes % (1 << 10) == 0) return std::to_string(bytes >> 10) + "KiB";
  return std::to_string(bytes) + "B";
}

std::string show(const KeySpec& key, const KeyValue& value) {
  struct Shower {
    const KeySpec& key;
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::int64_t number) const {
      return key.type == KeyType::size ? show_size(number) : std::to_string(number);
    }
    std::string operator()(double number) const { return number_text(number); }
    std::string operator()(std::chrono::microseconds duration) const { return show_duration(duration); }
    std::string operator()(const std::string& text) const { return yaml_text(text); }
    std::string operator()(const std::vector<std::string>& texts) const { return list(texts, yaml_text); }
    std::string operator()(const std::vector<std::int64_t>& numbers) const {
      return list(numbers, [](std::int64_t number) { return std::to_string(number); });
    }
    std::string operator()(const std::map<std::string, std::string>& map) const {
      std::string out;
      for (const auto& [name, text] : map) out += (out.empty() ? "" : ", ") + name + ": " + text;
      return "{" + out + "}";
    }
    std::string operator()(const CustomMapping::Entries& entries) const {
      if (key.type == KeyType::formats && entries.empty()) return "auto";
      std::string out;
      for (const auto& [name, values] : entries) {
        const bool one = key.type == KeyType::formats;
        out += (out.empty() ? "" : ", ") + yaml_text(name) + ": " + (one ? yaml_text(values.front()) : list(values, yaml_text));
      }
      return "{" + out + "}";
    }
    std::string operator()(const std::vector<Exception>& exceptions) const {
      return list(exceptions, [](const Exception& exception) { return yaml_text(exception.name); });
    }
  };
  return std::visit(Shower{key}, value);
}

}  // namespace imdswatch
