#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace imdswatch::bench {

/// A big-endian integer, as Kafka's protocol has them. `from`: sizeof(Integer) bytes.
template <class Integer>
Integer read_big_endian(const char* from) {
  std::make_unsigned_t<Integer> out = 0;
  for (std::size_t i = 0; i < sizeof out; ++i) out = static_cast<decltype(out)>(out << 8 | static_cast<unsigned char>(from[i]));
  return static_cast<Integer>(out);
}
template <class Integer>
void append_big_endian(std::string& to, Integer value) {
  for (std::size_t i = sizeof value; i-- > 0;) to += static_cast<char>(static_cast<std::make_unsigned_t<Integer>>(value) >> 8 * i);
}

/// The record batches (magic 2) of one partition, in order, out of the broker's own files, where they lie as a producer sent them:
/// compressed, and without a producer id if it was not an idempotent one.
class RecordBatches {
 public:
  /// `folder`: of the partition, in the broker's log folder.
  explicit RecordBatches(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.path().extension() == ".log") segments_.push_back(entry.path());
    std::ranges::sort(segments_, std::ranges::greater{});
  }

  /// False behind the last. Throws std::runtime_error where a file holds something else.
  bool next() {
    bytes_.resize(header_size);
    while (!segment_.read(bytes_.data(), header_size)) {
      if (segment_.gcount() != 0) throw std::runtime_error("a log segment ends within a record batch");
      if (segments_.empty()) return false;
      segment_ = std::ifstream(segments_.back(), std::ios::binary);
      if (!segment_) throw std::runtime_error("cannot read " + segments_.back().string());
      segments_.pop_back();
    }
    if (bytes_[16] != 2) throw std::runtime_error("a log segment holds no record batches of magic 2");
    bytes_.resize(12 + static_cast<std::size_t>(read_big_endian<std::int32_t>(bytes_.data() + 8)));
    if (!segment_.read(bytes_.data() + header_size, static_cast<std::streamsize>(bytes_.size()) - header_size)) throw std::runtime_error("a log segment ends within a record batch");
    std::fill_n(bytes_.begin(), 8, '\0');  // the base offset, which a broker gives; no checksum covers it
    return true;
  }

  // Of the batch for which `next` said true last.
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  [[nodiscard]] std::int32_t records() const { return read_big_endian<std::int32_t>(bytes_.data() + 57); }

 private:
  static constexpr std::streamsize header_size = 61;
  std::vector<std::filesystem::path> segments_;  ///< the last is next
  std::ifstream segment_;
  std::string bytes_;
};

/// Writes record batches as they are, by Produce requests: what a producer takes to make and compress them is not spent again. For a broker without
/// security that leads all partitions. Functions throw std::system_error, or std::runtime_error with the broker's error code.
class BatchWriter {
 public:
  /// `bootstrap`: IPv4 address and port.
  BatchWriter(const std::string& bootstrap, std::string topic) : topic_(std::move(topic)), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const std::size_t colon = bootstrap.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(bootstrap.substr(colon + 1))));
    const int one = 1;
    check(socket_ >= 0 && ::inet_pton(AF_INET, bootstrap.substr(0, colon).c_str(), &address.sin_addr) == 1 &&
          ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0 &&
          ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  BatchWriter(const BatchWriter&) = delete;
  BatchWriter& operator=(const BatchWriter&) = delete;
  ~BatchWriter() { ::close(socket_); }

  /// One batch to each partition; returns when the broker has it.
  void write(const std::vector<std::int32_t>& partitions, std::string_view batch) {
    request(partitions, batch);
    answer(partitions.size());
  }

 private:
  static constexpr std::int16_t produce = 0, version = 7;  // https://kafka.apache.org/protocol#The_Messages_Produce
  static constexpr std::int32_t timeout_ms = 30'000;

  static void check(bool went_well) {
    if (!went_well) throw std::system_error(errno, std::generic_category(), "a Produce request");
  }

  void append_text(std::string_view text) {
    append_big_endian(head_, static_cast<std::int16_t>(text.size()));
    head_ += text;
  }

  void request(const std::vector<std::int32_t>& partitions, std::string_view batch) {
    head_.assign(4, '\0');
    append_big_endian(head_, produce);
    append_big_endian(head_, version);
    append_big_endian(head_, std::int32_t{0});  // correlation id: one request at a time
    append_text("bench_latency");
    append_big_endian(head_, std::int16_t{-1});  // no transactional id
    append_big_endian(head_, std::int16_t{1});   // acknowledged by the leader
    append_big_endian(head_, timeout_ms);
    append_big_endian(head_, std::int32_t{1});
    append_text(topic_);
    append_big_endian(head_, static_cast<std::int32_t>(partitions.size()));
    std::string size;
    append_big_endian(size, static_cast<std::int32_t>(head_.size() - 4 + partitions.size() * (8 + batch.size())));
    size.copy(head_.data(), 4);
    for (const std::int32_t partition : partitions) {
      append_big_endian(head_, partition);
      append_big_endian(head_, static_cast<std::int32_t>(batch.size()));
      send_all(head_);
      send_all(batch);
      head_.clear();
    }
  }

  void send_all(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      check(sent > 0);
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  void answer(std::size_t partitions) {
    receive(4);
    receive(static_cast<std::size_t>(read_big_endian<std::int32_t>(answer_.data())));
    const std::size_t first = 4 + 4 + 2 + topic_.size() + 4;
    constexpr std::size_t each = 4 + 2 + 8 + 8 + 8;
    for (std::size_t i = 0; i < partitions; ++i)
      if (const auto code = read_big_endian<std::int16_t>(answer_.data() + first + i * each + 4); code != 0)
        throw std::runtime_error("the broker answers a Produce request to " + topic_ + " with error code " + std::to_string(code));
  }

  void receive(std::size_t size) {
    answer_.resize(size);
    for (std::size_t had = 0; had < size;) {
      const ssize_t got = ::recv(socket_, answer_.data() + had, size - had, 0);
      if (got == 0) throw std::runtime_error("the broker closed the connection");
      check(got > 0);
      had += static_cast<std::size_t>(got);
    }
  }

  std::string topic_;
  int socket_;
  std::string head_, answer_;
};

}  // namespace imdswatch::bench
