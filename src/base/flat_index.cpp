#include "imdswatch/base/flat_index.hpp"

#include <utility>

#include "imdswatch/base/check.hpp"

namespace imdswatch {

void FlatIndex::place(Slot slot) {
  std::size_t at = home(slot.tag);
  while (slots_[at].number != none) at = after(at);
  slots_[at] = slot;
}

void FlatIndex::grow() {
  constexpr std::size_t smallest = 16;
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.empty() ? smallest : slots_.size() * 2));
  for (const Slot& slot : old) {
    if (slot.number != none) place(slot);
  }
}

void FlatIndex::insert(std::uint64_t hash, std::uint32_t number) {
  IMDS_CHECK(number != none);
  if ((size_ + 1) * 4 > slots_.size() * 3) grow();
  place({tag_of(hash), number});
  ++size_;
}

/// What stands after the gap moves up as far as its home lets it, so that no search ends at the gap too early.
void FlatIndex::erase(std::uint64_t hash, std::uint32_t number) {
  if (slots_.empty()) return;
  std::size_t gap = home(tag_of(hash));
  while (slots_[gap].number != number) {
    if (slots_[gap].number == none) return;
    gap = after(gap);
  }
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = after(gap); slots_[at].number != none; at = after(at)) {
    const std::size_t from_home = (at - home(slots_[at].tag)) & mask, from_gap = (at - gap) & mask;
    if (from_home < from_gap) continue;
    slots_[gap] = slots_[at];
    gap = at;
  }
  slots_[gap] = {};
  --size_;
}

void FlatIndex::clear() {
  slots_.clear();
  size_ = 0;
}

}  // namespace imdswatch
