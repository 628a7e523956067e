#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace imdswatch {

/// Writes one JSON object, nested ones by begin/end. Members whose value is empty are left out by their callers' choice:
/// text() skips empty text, flag() false. Bytes that are no UTF-8 become U+FFFD, so that what is written can be read.
class JsonWriter {
 public:
  JsonWriter() { out_.push_back('{'); }
  void begin(std::string_view key) { member(key).push_back('{'); }
  void begin_array(std::string_view key) { member(key).push_back('['); }
  void end() { out_.push_back('}'); }
  void end_array() { out_.push_back(']'); }
  void text(std::string_view key, std::string_view value) {
    if (!value.empty()) string(member(key), value);
  }
  void text_even_if_empty(std::string_view key, std::string_view value) { string(member(key), value); }
  void flag(std::string_view key, bool value) {
    if (value) boolean(key, true);
  }
  void boolean(std::string_view key, bool value) { member(key).append(value ? "true" : "false"); }
  void integer(std::string_view key, std::int64_t value) { member(key).append(std::to_string(value)); }
  void unsigned_integer(std::string_view key, std::uint64_t value) { member(key).append(std::to_string(value)); }
  /// An element of an array: an object to be filled and ended.
  void begin_element();
  std::string take();

 private:
  std::string& member(std::string_view key);
  void comma();
  static void string(std::string& out, std::string_view value);
  std::string out_;
};

}  // namespace imdswatch
