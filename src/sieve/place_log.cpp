#include "place_log.hpp"

#include <utility>

#include "imdswatch/base/check.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t rounded(std::size_t size) { return (size + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) * alignof(std::max_align_t); }

}  // namespace

PlaceLog::Place PlaceLog::append(std::size_t size) {
  const std::size_t taken = rounded(size);
  IMDS_CHECK(taken <= chunk_bytes());
  if (chunks_.empty() || chunks_.back().used + taken > chunk_bytes()) {
    chunks_.push_back(std::exchange(spare_, {}));
    chunks_.back().used = 0;
    if (!chunks_.back().bytes) chunks_.back().bytes = {static_cast<char*>(memory_->allocate(chunk_bytes())), Free{memory_, chunk_bytes()}};
    end_ = (first_chunk_ + chunks_.size() - 1) * chunk_bytes();
  }
  const Place place = end_;
  chunks_.back().used += taken;
  end_ += taken;
  return place;
}

PlaceLog::Place PlaceLog::after(Place place, std::size_t size) const {
  const Place next = place + rounded(size);
  const std::size_t chunk = chunk_of(place);
  const bool last_of_chunk = next == (first_chunk_ + chunk) * chunk_bytes() + chunks_[chunk].used;
  return last_of_chunk && chunk + 1 < chunks_.size() ? (first_chunk_ + chunk + 1) * chunk_bytes() : next;
}

void PlaceLog::drop_before(Place first) {
  while (!chunks_.empty() && (first == end_ || first >> chunk_bits_ > first_chunk_)) {
    if (chunks_.size() == 1 && first == end_) {
      end_ = (first_chunk_ + 1) * chunk_bytes();
      first = end_;
    }
    spare_ = std::move(chunks_.front());
    chunks_.pop_front();
    ++first_chunk_;
  }
}

}  // namespace imdswatch
