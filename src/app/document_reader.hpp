#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "line_reader.hpp"

namespace imdswatch {

/// Messages out of a file as people save them: one on each line, or JSON documents printed over several lines.
class DocumentReader {
 public:
  struct Document {
    std::size_t line = 0;  ///< where it begins, counted from 1
    std::string text;
  };
  explicit DocumentReader(LineReader lines) : lines_(std::move(lines)) {}

  /// The next one; nothing at the end of input. A document ends with the line on which its brackets close. One that does not close
  /// before limits::max_message_bytes, the end of input, or a line on which another object begins at the margin, is its first line
  /// alone, and the lines after it are read on their own. Where too many do not close, lines are no longer put together.
  Result<std::optional<Document>> next();

 private:
  Result<std::optional<Document>> line();

  LineReader lines_;
  std::size_t number_ = 0;
  std::vector<Document> again_;  ///< lines of a document that did not close, the next one last
  std::size_t told_ = 0;         ///< bytes of the lines that were taken
  std::size_t in_vain_ = 0;      ///< bytes looked through for an end that did not come
};

}  // namespace imdswatch
