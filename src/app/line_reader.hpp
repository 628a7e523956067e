#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "imdswatch/base/result.hpp"

namespace imdswatch {

/// Lines of a file or of standard input ("-"), plain, gzip or zstd by its first bytes, in constant memory.
class LineReader {
 public:
  static Result<LineReader> open(const std::string& path);
  ~LineReader();
  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;

  /// The next line without its end; valid until the next call; nothing at the end of input. A line beyond
  /// limits::max_message_bytes is cut just past that limit, so that whoever reads it sees it is too long.
  /// Where the input cannot be read on, the error comes after all that was read.
  Result<std::optional<std::string_view>> next();

  [[nodiscard]] std::uint64_t bytes_read() const;                   ///< of the file as it is stored
  [[nodiscard]] std::optional<std::uint64_t> bytes_total() const;   ///< none for a pipe

 private:
  struct Impl;
  explicit LineReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch
