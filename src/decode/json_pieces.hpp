#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace imdswatch {

/// Parts of JSON that need not be well-formed, told apart by quotes and brackets alone. Where these do not match, or stand where JSON
/// has none, nothing behind is trusted: after a lost quote, what a program wrote into a text could pass for an event.

/// Behind the value that begins at `begin`; nothing where its end cannot be trusted, or does not come.
std::optional<std::size_t> sound_end(std::string_view text, std::size_t begin);

/// The elements of an array, or the members of an object.
class JsonPieces {
 public:
  struct Piece {
    std::string_view key;    ///< between its quotes, as written; of an element none
    std::string_view value;  ///< empty where nothing stands between two commas
    bool sound = true;       ///< else the last one, and its value all that is left of the text
  };
  /// `text` begins with the bracket.
  explicit JsonPieces(std::string_view text) : text_(text), object_(text.front() == '{') {}

  /// The next one; nothing once the bracket has closed, or behind one that is not sound.
  std::optional<Piece> next();

 private:
  Piece unsound(Piece piece, std::size_t begin);

  std::string_view text_;
  std::size_t at_ = 1;
  bool object_;
  bool first_ = true;
  bool done_ = false;
};

}  // namespace imdswatch
