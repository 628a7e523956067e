#include "inflate.hpp"

#include <algorithm>

#include "imdswatch/base/check.hpp"
#include "imdswatch/base/limits.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t first_bytes = 64u << 10;
constexpr std::size_t largest_kept_bytes = 1u << 20;
constexpr int zlib_window = 15, gzip_window = 15 + 16;  ///< as inflateInit2 names the 32 KiB window with either's frame

bool is_gzip(std::string_view message) { return message.starts_with("\x1f\x8b"); }

Rejected bad(std::string_view why) { return {Format::unknown, RejectReason::bad_compression, why}; }

}  // namespace

bool is_compressed(std::string_view message) {
  if (is_gzip(message)) return true;
  if (message.size() < 2 || message[0] != '\x78') return false;  // every zlib stream with the usual window
  return (0x78 * 256 + static_cast<unsigned char>(message[1])) % 31 == 0;
}

Inflater::Inflater() { IMDS_CHECK(inflateInit2(&stream_, gzip_window) == Z_OK); }
Inflater::~Inflater() { inflateEnd(&stream_); }

void Inflater::clear() {
  size_ = 0;
  if (buffer_.capacity() > largest_kept_bytes) std::vector<char>().swap(buffer_);
}

std::optional<Rejected> Inflater::inflate(std::string_view message) {
  constexpr std::size_t one_too_many = limits::max_message_bytes + 1;
  const bool gzip = is_gzip(message);
  IMDS_CHECK(inflateReset2(&stream_, gzip ? gzip_window : zlib_window) == Z_OK);
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(message.data()));  // zlib only reads it
  stream_.avail_in = static_cast<uInt>(message.size());
  size_ = 0;
  for (;;) {
    if (size_ == buffer_.size()) buffer_.resize(std::min(std::max(2 * buffer_.size(), first_bytes), one_too_many));
    const std::size_t room = buffer_.size() - size_;
    stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data() + size_);
    stream_.avail_out = static_cast<uInt>(room);
    const int status = ::inflate(&stream_, Z_NO_FLUSH);
    IMDS_CHECK(status != Z_MEM_ERROR && status != Z_STREAM_ERROR);
    size_ += room - stream_.avail_out;
    if (size_ == one_too_many) return Rejected{Format::unknown, RejectReason::message_too_large, "over 16 MiB when inflated"};
    if (status == Z_STREAM_END) {
      const std::string_view behind = message.substr(message.size() - stream_.avail_in);
      if (behind.find_first_not_of('\0') == std::string_view::npos) return std::nullopt;  // some senders fill a block up
      if (!gzip) return bad("something follows the zlib data");
      IMDS_CHECK(inflateReset(&stream_) == Z_OK);  // another member
    } else if (status == Z_NEED_DICT) {
      return bad("the zlib data wants a dictionary");
    } else if (status == Z_DATA_ERROR) {
      return bad(gzip ? "the gzip data is damaged" : "the zlib data is damaged");
    } else if (stream_.avail_in == 0 && stream_.avail_out > 0) {
      return bad(gzip ? "the gzip data is cut off" : "the zlib data is cut off");
    }
  }
}

}  // namespace imdswatch
