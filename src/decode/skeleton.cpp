#include "skeleton.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace imdswatch {
namespace {

using TwoWords [[gnu::vector_size(16)]] = std::uint64_t;
struct FourWords {
  TwoWords low, high;
  friend FourWords operator^(const FourWords& a, const FourWords& b) { return {a.low ^ b.low, a.high ^ b.high}; }
  FourWords& operator|=(const FourWords& other) {
    low |= other.low;
    high |= other.high;
    return *this;
  }
};

bool is_zero(std::uint64_t word) { return word == 0; }
bool is_zero(TwoWords words) { return is_zero(words[0] | words[1]); }
bool is_zero(const FourWords& words) { return is_zero(words.low | words.high); }

template <class Word>
Word at(const char* from) {
  Word out;
  std::memcpy(&out, from, sizeof out);
  return out;
}

template <class Integer>
bool holds(std::int64_t value) {
  return value >= std::numeric_limits<Integer>::min() && value <= std::numeric_limits<Integer>::max();
}

}  // namespace

bool Skeleton::add(const Spot& begin, std::string_view text) {
  const auto size = static_cast<std::int64_t>(text.size());
  if (!holds<std::uint16_t>(begin.key) || !holds<std::int16_t>(begin.offset) || !holds<std::int16_t>(begin.offset + size)) return false;
  if (!holds<std::uint16_t>(static_cast<std::int64_t>(texts_.size()) + size)) return false;
  for (std::size_t from = 0; from < text.size(); from += longest) {
    const std::string_view part = text.substr(from, longest);
    pieces_.push_back({static_cast<std::uint16_t>(begin.key), static_cast<std::int16_t>(begin.offset + static_cast<std::int32_t>(from)),
                       static_cast<std::uint16_t>(part.size()), static_cast<std::uint16_t>(texts_.size())});
    texts_ += part;
  }
  return true;
}

std::size_t Skeleton::group_of(const Piece& piece) {
  return static_cast<std::size_t>(std::upper_bound(words.begin(), words.end(), std::size_t{piece.size}) - words.begin()) - 1;
}

void Skeleton::finish() {
  pieces_.shrink_to_fit();
  texts_.shrink_to_fit();
  std::stable_sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) { return group_of(a) < group_of(b); });
  groups_.fill(0);
  for (const Piece& piece : pieces_) ++groups_[group_of(piece) + 1];
  for (std::size_t i = 1; i < groups_.size(); ++i) groups_[i] += groups_[i - 1];
}

template <class Word>
bool Skeleton::group_fits(std::size_t group, std::string_view message, const Look& look) const {
  Word all{};
  for (std::size_t i = groups_[group]; i < groups_[group + 1]; ++i) {
    const Piece& piece = pieces_[i];
    const std::size_t begin = piece.begin(look);
    if (message.size() < piece.size || begin > message.size() - piece.size) return false;
    const char* const here = message.data() + begin;
    const char* const wanted = texts_.data() + piece.text;
    const std::size_t last = piece.size - sizeof(Word);
    all |= at<Word>(here) ^ at<Word>(wanted);
    all |= at<Word>(here + last) ^ at<Word>(wanted + last);
  }
  return is_zero(all);
}

bool Skeleton::fits(std::string_view message, const Look& look) const {
  static_assert(words == std::array<std::size_t, 5>{1, sizeof(std::uint32_t), sizeof(std::uint64_t), sizeof(TwoWords), sizeof(FourWords)});
  for (std::size_t i = 0; i < groups_[1]; ++i) {
    const Piece& piece = pieces_[i];
    const std::size_t begin = piece.begin(look);
    if (begin > message.size() || message.substr(begin, piece.size) != std::string_view(texts_).substr(piece.text, piece.size)) return false;
  }
  return group_fits<std::uint32_t>(1, message, look) && group_fits<std::uint64_t>(2, message, look) && group_fits<TwoWords>(3, message, look) &&
         group_fits<FourWords>(4, message, look);
}

std::size_t Skeleton::heap_bytes() const {
  return pieces_.capacity() * sizeof(Piece) + (texts_.capacity() < sizeof texts_ ? 0 : texts_.capacity() + 1);
}

}  // namespace imdswatch
