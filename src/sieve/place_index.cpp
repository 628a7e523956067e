#include "place_index.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace imdswatch {
namespace {

constexpr unsigned least_bits = 4;

}  // namespace

PlaceIndex::PlaceIndex(std::uint64_t seed, std::pmr::memory_resource* memory)
    : scatter_((seed ^ 0x9e3779b97f4a7c15) | 1), shift_(64 - least_bits), slots_(std::size_t{1} << least_bits, memory) {}

PlaceIndex::Place PlaceIndex::find(std::uint64_t key, Place first) const {
  for (std::size_t i = home(key);; i = (i + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[i];
    if (slot.place == 0) return 0;
    if (slot.key == key) return slot.place < first ? 0 : slot.place;
  }
}

PlaceIndex::Place PlaceIndex::exchange(std::uint64_t key, Place place, Place first) {
  Slot* free = nullptr;
  for (std::size_t i = home(key);; i = (i + 1) & (slots_.size() - 1)) {
    Slot& slot = slots_[i];
    if (slot.place != 0 && slot.key == key) {
      const Place former = std::exchange(slot.place, place);
      return former < first ? 0 : former;
    }
    if (slot.place != 0 && (slot.place >= first || free != nullptr)) continue;
    if (slot.place != 0) {
      free = &slot;
      continue;
    }
    if (free == nullptr) {
      free = &slot;
      ++used_;
    }
    *free = {key, place};
    if (used_ * 4 > slots_.size() * 3) rebuild(first);
    return 0;
  }
}

void PlaceIndex::rebuild(Place first) {
  const std::pmr::vector<Slot> old = std::exchange(slots_, {});
  const auto live = static_cast<std::size_t>(std::count_if(old.begin(), old.end(), [&](const Slot& slot) { return slot.place != 0 && slot.place >= first; }));
  const std::size_t size = std::max(std::size_t{1} << least_bits, std::bit_ceil(live * 2));
  slots_.resize(size);
  shift_ = 64 - static_cast<unsigned>(std::countr_zero(size));
  used_ = live;
  for (const Slot& slot : old) {
    if (slot.place == 0 || slot.place < first) continue;
    std::size_t i = home(slot.key);
    while (slots_[i].place != 0) i = (i + 1) & (size - 1);
    slots_[i] = slot;
  }
}

}  // namespace imdswatch
