#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

namespace imdswatch {

/// Records of bytes in the order of coming, dropped from the oldest on. What lies there stays where it is.
class PlaceLog {
 public:
  using Place = std::uint64_t;  ///< counted over all that ever came; never 0
  static constexpr std::size_t chunk_bytes = 256u << 10;

  /// Room for a record of `size` bytes, at most chunk_bytes, aligned for anything.
  Place append(std::size_t size);
  /// Undoes the latest append.
  void take_back(Place place) {
    chunks_.back().used -= static_cast<std::size_t>(end_ - place);
    end_ = place;
  }
  /// Of a record that was not dropped.
  [[nodiscard]] char* at(Place place) { return chunks_[chunk_of(place)].bytes.get() + place % chunk_bytes; }
  [[nodiscard]] const char* at(Place place) const { return chunks_[chunk_of(place)].bytes.get() + place % chunk_bytes; }
  /// The place of the record after the one at `place`, which has `size` bytes; end() after the last.
  [[nodiscard]] Place after(Place place, std::size_t size) const;
  [[nodiscard]] Place end() const { return end_; }
  /// Drops all records before `first`, which is a record's or the end.
  void drop_before(Place first);

 private:
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    std::size_t used = 0;
  };
  [[nodiscard]] std::size_t chunk_of(Place place) const { return static_cast<std::size_t>(place / chunk_bytes - first_chunk_); }

  std::deque<Chunk> chunks_;
  std::uint64_t first_chunk_ = 1;  ///< the number of chunks_.front()
  Place end_ = chunk_bytes;        ///< behind the last record
  Chunk spare_;                    ///< the last one dropped
};

}  // namespace imdswatch
