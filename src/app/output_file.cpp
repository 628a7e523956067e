#include "output_file.hpp"

#include <cerrno>
#include <cstring>

namespace imdswatch {
namespace {

Error unwritable(const std::string& path) {
  return Error{Errc::input_unreadable, "cannot write '" + path + "': " + std::strerror(errno)};
}

}  // namespace

OutputFile::OutputFile(std::string path, std::FILE* file, bool owned)
    : path_(std::move(path)), file_(file, owned ? &std::fclose : &std::fflush) {}

Result<OutputFile> OutputFile::open(const std::string& path, std::FILE* standard) {
  if (path == "-") return OutputFile("standard output", standard, false);
  std::FILE* file = std::fopen(path.c_str(), "we");
  if (!file) return unwritable(path);
  return OutputFile(path, file, true);
}

void OutputFile::write(std::string_view text) { std::fwrite(text.data(), 1, text.size(), file_.get()); }

void OutputFile::write_line(std::string_view text) {
  write(text);
  std::fputc('\n', file_.get());
}

Result<void> OutputFile::close() {
  const bool failed = std::ferror(file_.get()) != 0;
  const auto finish = file_.get_deleter();
  if (finish(file_.release()) != 0 || failed) return unwritable(path_);
  return {};
}

}  // namespace imdswatch
