#include "line_reader.hpp"

#include <cstring>
#include <vector>

#include "byte_source.hpp"
#include "imdswatch/base/limits.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t chunk_bytes = 1u << 20;
constexpr std::size_t longest_line = limits::max_message_bytes + 1;

}  // namespace

struct LineReader::Impl {
  std::unique_ptr<ByteSource> source;
  std::vector<char> buffer = std::vector<char>(chunk_bytes);
  std::size_t begin = 0, end = 0;  ///< unread bytes of the buffer
  bool at_end = false;
  std::optional<Error> trouble;    ///< that ended the input early
  bool skipping = false;           ///< the rest of a line that was too long

  void fill();
  void skip_rest_of_line();
};

LineReader::LineReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LineReader::~LineReader() = default;
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;

Result<LineReader> LineReader::open(const std::string& path) {
  auto source = open_byte_source(path);
  if (!source) return std::move(source).error();
  auto impl = std::make_unique<Impl>();
  impl->source = *std::move(source);
  return LineReader(std::move(impl));
}

/// Makes room behind the unread bytes, and reads more of the source into it.
void LineReader::Impl::fill() {
  if (begin > 0) {
    std::memmove(buffer.data(), buffer.data() + begin, end - begin);
    end -= begin;
    begin = 0;
  }
  if (end == buffer.size()) buffer.resize(2 * buffer.size());
  auto got = source->read(std::span(buffer).subspan(end));
  if (!got) trouble = std::move(got).error();
  at_end = !got || *got == 0;
  if (got) end += *got;
}

void LineReader::Impl::skip_rest_of_line() {
  while (skipping) {
    const void* newline = std::memchr(buffer.data() + begin, '\n', end - begin);
    if (newline) {
      begin = static_cast<std::size_t>(static_cast<const char*>(newline) - buffer.data()) + 1;
      skipping = false;
    } else {
      begin = end;
      skipping = !at_end;
      if (skipping) fill();
    }
  }
}

Result<std::optional<std::string_view>> LineReader::next() {
  Impl& in = *impl_;
  in.skip_rest_of_line();
  std::size_t searched = 0;
  for (;;) {
    const char* start = in.buffer.data() + in.begin;
    const std::size_t size = in.end - in.begin;
    if (const void* newline = std::memchr(start + searched, '\n', size - searched)) {
      const auto length = static_cast<std::size_t>(static_cast<const char*>(newline) - start);
      in.begin += length + 1;
      return std::optional{std::string_view(start, std::min(length, longest_line))};
    }
    if (size >= longest_line) {
      in.begin += longest_line;
      in.skipping = true;
      return std::optional{std::string_view(start, longest_line)};
    }
    if (in.at_end) {
      in.begin = in.end;
      if (size > 0) return std::optional{std::string_view(start, size)};
      if (in.trouble) return *in.trouble;
      return std::optional<std::string_view>{};
    }
    searched = size;
    in.fill();
  }
}

std::uint64_t LineReader::bytes_read() const { return impl_->source->stored_bytes_read(); }
std::optional<std::uint64_t> LineReader::bytes_total() const { return impl_->source->stored_bytes_total(); }

}  // namespace imdswatch
