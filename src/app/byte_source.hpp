#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "imdswatch/base/result.hpp"

namespace imdswatch {

/// Bytes of a file or pipe, decompressed.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills some of `out`; 0 at the end of input. Errc::input_unreadable with the path.
  virtual Result<std::size_t> read(std::span<char> out) = 0;
  [[nodiscard]] virtual std::uint64_t stored_bytes_read() const = 0;
  [[nodiscard]] virtual std::optional<std::uint64_t> stored_bytes_total() const = 0;
};

/// Opens `path` ("-": standard input) and tells gzip and zstd by their first bytes.
Result<std::unique_ptr<ByteSource>> open_byte_source(const std::string& path);

}  // namespace imdswatch
