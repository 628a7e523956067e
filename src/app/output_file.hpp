#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "imdswatch/base/result.hpp"

namespace imdswatch {

/// A file that is written, or one of the standard streams for "-". What could not be written is an error at close().
class OutputFile {
 public:
  static Result<OutputFile> open(const std::string& path, std::FILE* standard);

  void write(std::string_view text);
  void write_line(std::string_view text);
  /// Errc::input_unreadable with the path, if anything did not reach the file.
  Result<void> close();

 private:
  OutputFile(std::string path, std::FILE* file, bool owned);
  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace imdswatch
