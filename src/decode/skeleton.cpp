#include "skeleton.hpp"

#include <cstring>
#include <limits>

#include "byte_mask.hpp"
#include "for_each_machine.hpp"

namespace imdswatch {
namespace {

template <class Integer>
bool holds(std::int64_t value) {
  return value >= std::numeric_limits<Integer>::min() && value <= std::numeric_limits<Integer>::max();
}

}  // namespace

bool Skeleton::add(const Spot& begin, std::string_view text) {
  const auto size = static_cast<std::int64_t>(text.size());
  if (!holds<std::uint16_t>(begin.from) || !holds<std::int16_t>(begin.offset) || !holds<std::int16_t>(begin.offset + size) ||
      pieces_.size() + (text.size() + step - 1) / step > max_pieces)
    return false;
  for (std::size_t from = 0; from < text.size(); from += step) {
    const std::string_view part = text.substr(from, step);
    pieces_.push_back({static_cast<std::uint16_t>(begin.from), static_cast<std::int16_t>(begin.offset + static_cast<std::int32_t>(from)),
                       static_cast<std::uint32_t>(step - part.size())});
    part.copy(texts_.emplace_back().bytes, part.size());
  }
  return true;
}

void Skeleton::finish() {
  pieces_.shrink_to_fit();
  texts_.shrink_to_fit();
}

IMDSWATCH_FOR_EACH_MACHINE bool Skeleton::fits(std::string_view message, Places places) const {
  using Bytes [[gnu::vector_size(step)]] = std::uint64_t;
  constexpr const auto& ones = ones_and_zeros<step>;
  if (message.size() < step) return false;
  const std::size_t last = message.size() - step;  // of the places that can be read from
  const Text* text = texts_.data();
  Bytes all{};
  for (const Piece& piece : pieces_) {
    const std::size_t begin = Spot{piece.key, piece.offset}.in(places);
    Bytes here, wanted, mask;
    std::memcpy(&wanted, text++, step);
    if (begin > last) [[unlikely]] {
      if (begin > last + piece.beyond) return false;
      Bytes copied{};
      std::memcpy(&copied, message.data() + begin, step - piece.beyond);
      all |= copied ^ wanted;
      continue;
    }
    std::memcpy(&here, message.data() + begin, step);
    std::memcpy(&mask, ones.data() + piece.beyond, step);
    all |= (here ^ wanted) & mask;
  }
  return (all[0] | all[1] | all[2] | all[3]) == 0;
}

std::size_t Skeleton::heap_bytes() const { return pieces_.capacity() * sizeof(Piece) + texts_.capacity() * sizeof(Text); }

}  // namespace imdswatch
