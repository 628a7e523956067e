#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace imdswatch {

/// How the objects of a message lie in one another: what stands between its values.
///
/// Two messages have it in common if they hold the same keys in the same order, and before each the same bytes from the value before it on.
/// For then each object that is not empty begins in both at the same key, and as many end; and where one ends, the same bytes say so.
struct Outline {
  struct Key {
    std::size_t begin;  ///< behind the value before it
    std::size_t name;   ///< its opening quote
    std::size_t end;    ///< its closing quote
    bool braces;        ///< whether an object begins or ends from `begin` on, and the key's value is none that holds something
  };
  std::vector<Key> keys;
  std::size_t tail = 0;  ///< where the last value ends

  /// Of a well-formed object. Nothing where arrays mix objects with other values, or where `records` is no array that begins with one.
  static std::optional<Outline> of(std::string_view message);
};

/// Whether a value that is no container may end in `c`.
constexpr bool ends_value(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return c == '"' || (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
}

}  // namespace imdswatch
