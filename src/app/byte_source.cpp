#include "byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace imdswatch {
namespace {

constexpr std::size_t compressed_chunk_bytes = 256u << 10;

Error unreadable(const std::string& path, const std::string& why) {
  return Error{Errc::input_unreadable, "cannot read " + (path == "-" ? std::string("standard input") : "'" + path + "'") + ": " + why};
}

/// A file descriptor, closed at the end unless it is standard input.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ > STDIN_FILENO) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

class PlainSource final : public ByteSource {
 public:
  PlainSource(std::string path, Descriptor fd) : path_(std::move(path)), fd_(std::move(fd)) {
    struct stat info {};
    if (::fstat(fd_.get(), &info) == 0 && S_ISREG(info.st_mode)) total_ = static_cast<std::uint64_t>(info.st_size);
  }

  Result<std::size_t> read(std::span<char> out) override {
    for (;;) {
      const ssize_t got = ::read(fd_.get(), out.data(), out.size());
      if (got >= 0) {
        read_ += static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
      }
      if (errno != EINTR) return unreadable(path_, std::strerror(errno));
    }
  }
  [[nodiscard]] std::uint64_t stored_bytes_read() const override { return read_; }
  [[nodiscard]] std::optional<std::uint64_t> stored_bytes_total() const override { return total_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  Descriptor fd_;
  std::optional<std::uint64_t> total_;
  std::uint64_t read_ = 0;
};

/// What the wrapped source gave before its kind was known, and then the rest of it.
class Prefixed {
 public:
  Prefixed(std::unique_ptr<PlainSource> plain, std::vector<char> prefix) : plain_(std::move(plain)), prefix_(std::move(prefix)) {}

  Result<std::size_t> read(std::span<char> out) {
    if (at_ == prefix_.size()) return plain_->read(out);
    const std::size_t take = std::min(out.size(), prefix_.size() - at_);
    std::memcpy(out.data(), prefix_.data() + at_, take);
    at_ += take;
    return take;
  }
  [[nodiscard]] const PlainSource& plain() const { return *plain_; }

 private:
  std::unique_ptr<PlainSource> plain_;
  std::vector<char> prefix_;
  std::size_t at_ = 0;
};

class Passed : public ByteSource {
 public:
  explicit Passed(Prefixed in) : in_(std::move(in)) {}
  Result<std::size_t> read(std::span<char> out) override { return in_.read(out); }
  [[nodiscard]] std::uint64_t stored_bytes_read() const override { return in_.plain().stored_bytes_read(); }
  [[nodiscard]] std::optional<std::uint64_t> stored_bytes_total() const override { return in_.plain().stored_bytes_total(); }

 protected:
  Prefixed in_;
};

class GzipSource final : public Passed {
 public:
  explicit GzipSource(Prefixed in) : Passed(std::move(in)), chunk_(compressed_chunk_bytes) {
    IMDS_CHECK(inflateInit2(&stream_, 15 + 16) == Z_OK);
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  Result<std::size_t> read(std::span<char> out) override {
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    while (stream_.avail_out == out.size()) {
      if (stream_.avail_in == 0) {
        auto got = in_.read(chunk_);
        if (!got) return got;
        if (*got == 0) {
          if (within_member_) return trouble("the gzip data ends in the middle; what came before it was read");
          return std::size_t{0};
        }
        stream_.next_in = reinterpret_cast<Bytef*>(chunk_.data());
        stream_.avail_in = static_cast<uInt>(*got);
      }
      within_member_ = true;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_STREAM_END) {  // another member may follow
        within_member_ = false;
        ended_member_ = true;
        IMDS_CHECK(inflateReset(&stream_) == Z_OK);
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return trouble(std::string("its gzip data is damaged (") + (stream_.msg ? stream_.msg : "zlib error") + ")");
      }
    }
    return out.size() - stream_.avail_out;
  }

 private:
  /// A member without a byte of text is likely none.
  [[nodiscard]] Error trouble(const std::string& why) const {
    const bool behind_the_last = ended_member_ && stream_.total_out == 0;
    return unreadable(in_.plain().path(), behind_the_last ? "what follows its gzip data is no gzip data; what came before it was read" : why);
  }

  z_stream stream_{};
  std::vector<char> chunk_;
  bool within_member_ = false, ended_member_ = false;
};

class ZstdSource final : public Passed {
 public:
  explicit ZstdSource(Prefixed in) : Passed(std::move(in)), context_(ZSTD_createDCtx()), chunk_(compressed_chunk_bytes) {
    IMDS_CHECK(context_ != nullptr);
  }
  ~ZstdSource() override { ZSTD_freeDCtx(context_); }
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;

  Result<std::size_t> read(std::span<char> out) override {
    ZSTD_outBuffer target{out.data(), out.size(), 0};
    while (target.pos == 0) {
      if (pending_.pos == pending_.size) {
        auto got = in_.read(chunk_);
        if (!got) return got;
        if (*got == 0) {
          if (within_frame_) return unreadable(in_.plain().path(), "the zstd data ends in the middle; what came before it was read");
          return std::size_t{0};
        }
        pending_ = {chunk_.data(), *got, 0};
      }
      const std::size_t left = ZSTD_decompressStream(context_, &target, &pending_);
      if (ZSTD_isError(left)) {
        return unreadable(in_.plain().path(), std::string("its zstd data is damaged (") + ZSTD_getErrorName(left) + ")");
      }
      within_frame_ = left != 0;
    }
    return target.pos;
  }

 private:
  ZSTD_DCtx* context_;
  std::vector<char> chunk_;
  ZSTD_inBuffer pending_{nullptr, 0, 0};
  bool within_frame_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_byte_source(const std::string& path) {
  const int fd = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return unreadable(path, std::strerror(errno));
  auto plain = std::make_unique<PlainSource>(path, Descriptor{fd});
  std::vector<char> head(4);
  std::size_t have = 0;
  while (have < head.size()) {
    auto got = plain->read(std::span(head).subspan(have));
    if (!got) return std::move(got).error();
    if (*got == 0) break;
    have += *got;
  }
  head.resize(have);
  const auto starts = [&](std::initializer_list<unsigned char> magic) {
    return std::equal(magic.begin(), magic.end(), head.begin(), head.begin() + static_cast<std::ptrdiff_t>(std::min(have, magic.size())),
                      [](unsigned char a, char b) { return a == static_cast<unsigned char>(b); });
  };
  const bool gzip = starts({0x1f, 0x8b});
  const bool zstd = starts({0x28, 0xb5, 0x2f, 0xfd});
  Prefixed in(std::move(plain), std::move(head));
  if (gzip) return std::unique_ptr<ByteSource>(std::make_unique<GzipSource>(std::move(in)));
  if (zstd) return std::unique_ptr<ByteSource>(std::make_unique<ZstdSource>(std::move(in)));
  return std::unique_ptr<ByteSource>(std::make_unique<Passed>(std::move(in)));
}

}  // namespace imdswatch
