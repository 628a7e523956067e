#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <memory_resource>

namespace imdswatch {

/// Records of bytes in the order of coming, dropped from the oldest on. What lies there stays where it is.
class PlaceLog {
 public:
  using Place = std::uint64_t;  ///< counted over all that ever came; never 0
  static constexpr std::size_t small_chunk = std::size_t{256} << 10, large_chunk = std::size_t{2} << 20;  ///< bytes; large: a huge page

  /// Memory is taken in chunks of `chunk` bytes, a power of two.
  explicit PlaceLog(std::size_t chunk, std::pmr::memory_resource* memory = std::pmr::get_default_resource())
      : memory_(memory), chunk_bits_(static_cast<unsigned>(std::countr_zero(chunk))), end_(chunk) {}

  /// Room for a record of `size` bytes, at most a chunk, aligned for anything.
  Place append(std::size_t size);
  /// Undoes the latest append.
  void take_back(Place place) {
    chunks_.back().used -= static_cast<std::size_t>(end_ - place);
    end_ = place;
  }
  /// Of a record that was not dropped.
  [[nodiscard]] char* at(Place place) { return chunks_[chunk_of(place)].bytes.get() + (place & (chunk_bytes() - 1)); }
  [[nodiscard]] const char* at(Place place) const { return chunks_[chunk_of(place)].bytes.get() + (place & (chunk_bytes() - 1)); }
  /// The place of the record after the one at `place`, which has `size` bytes; end() after the last.
  [[nodiscard]] Place after(Place place, std::size_t size) const;
  [[nodiscard]] Place end() const { return end_; }
  /// Drops all records before `first`, which is a record's or the end.
  void drop_before(Place first);

 private:
  struct Free {
    std::pmr::memory_resource* memory;
    std::size_t bytes;
    void operator()(char* at) const { memory->deallocate(at, bytes); }
  };
  struct Chunk {
    std::unique_ptr<char[], Free> bytes;
    std::size_t used = 0;
  };
  [[nodiscard]] std::size_t chunk_bytes() const { return std::size_t{1} << chunk_bits_; }
  [[nodiscard]] std::size_t chunk_of(Place place) const { return static_cast<std::size_t>((place >> chunk_bits_) - first_chunk_); }

  std::pmr::memory_resource* memory_;
  unsigned chunk_bits_;
  std::deque<Chunk> chunks_;
  std::uint64_t first_chunk_ = 1;  ///< the number of chunks_.front()
  Place end_;                      ///< behind the last record
  Chunk spare_;                    ///< the last one dropped
};

}  // namespace imdswatch
