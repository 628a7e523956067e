#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/base/result.hpp"

namespace imdswatch::config_detail {

/// Line and column in the file, counted from 1; 0 where only the whole file can be meant.
struct Place {
  int line = 0, column = 0;
};

/// Everything that is wrong with a file; told together, in its order.
class Problems {
 public:
  void add(Place place, std::string message) { found_.push_back({place, std::move(message)}); }
  [[nodiscard]] bool empty() const { return found_.empty(); }
  [[nodiscard]] Error to_error(const std::string& name) const {
    auto sorted = found_;
    std::ranges::stable_sort(sorted, [](const Problem& a, const Problem& b) {
      return std::pair{a.place.line, a.place.column} < std::pair{b.place.line, b.place.column};
    });
    std::string text;
    for (const Problem& problem : sorted) {
      text += text.empty() ? "" : "\n";
      text += name;
      if (problem.place.line > 0) {
        text += ':' + std::to_string(problem.place.line) + ':' + std::to_string(problem.place.column);
      }
      text += ": " + problem.message;
    }
    return {Errc::config_invalid, text};
  }

 private:
  struct Problem {
    Place place;
    std::string message;
  };
  std::vector<Problem> found_;
};

/// `"text"`, cut to what a person wants to see of it, control characters masked.
std::string in_quotes(std::string_view text);
/// `a, b or c`.
std::string alternatives(const std::vector<std::string_view>& words);
/// The one of `words` that was probably meant, or empty.
std::string_view closest(std::string_view word, const std::vector<std::string_view>& words);

}  // namespace imdswatch::config_detail
