#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imdswatch::triage {

/// A wildcard pattern, made ready once. Matching costs at most length of text × length of pattern, whatever both hold.
class Pattern {
 public:
  /// `path`: a backslash is always itself (see Condition::patterns).
  Pattern(std::string_view text, bool path);
  [[nodiscard]] bool matches(std::u32string_view folded) const;

 private:
  struct Token {
    enum class Kind : char { literal, any_one, any_run } kind;
    char32_t value = 0;
  };
  std::vector<Token> tokens_;
};

/// Code points with their case folded simply, for Latin, Greek and Cyrillic letters; bytes that are not UTF-8 stand for themselves.
std::u32string fold(std::string_view utf8);

}  // namespace imdswatch::triage
