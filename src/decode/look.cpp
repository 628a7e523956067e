#include "look.hpp"

#include <array>
#include <cstring>
#include <limits>

#include "json_text.hpp"

namespace imdswatch {
namespace {

/// Whether a text may end before the blank at `at` and those before it.
bool ends_text(std::string_view message, std::size_t at) {
  if (!is_blank(message[at])) return false;
  while (at > 0 && is_blank(message[at])) --at;
  return message[at] == '"';
}

bool ends_text(std::string_view message, const LookNotes::Blanks& blanks) {
  for (std::uint64_t bits = blanks.bits; bits != 0; bits &= bits - 1)
    if (ends_text(message, blanks.at + static_cast<std::size_t>(__builtin_ctzll(bits)))) return true;
  return false;
}

/// A hash of the three letters before the closing quotes of eight keys, which lie all over the message. Each by a factor of its own, so that none waits
/// for another.
std::uint64_t shape_of(std::string_view message, const std::vector<LookNotes::Place>& key_ends, std::size_t keys) {
  constexpr std::size_t asked = 8, letters = 3;
  if (keys == 0 || key_ends[0] < letters) return keys;
  constexpr auto factors = [] {
    std::array<std::uint64_t, asked> out{};
    std::uint64_t factor = 0x9e3779b97f4a7c15;
    for (auto& one : out) one = factor = factor * 0xd1342543de82ef95 + 2;  // odd, as the first
    return out;
  }();
  constexpr unsigned point = 32;  // from one to the next, in keys and parts of one; rounded up, so that the last is the last
  const std::size_t step = ((keys - 1) << point) / (asked - 1) + 1;
  std::uint64_t out = keys;
  for (std::size_t i = 0; i < asked; ++i) {
    std::uint32_t word = 0;
    std::memcpy(&word, message.data() + key_ends[i * step >> point] - letters, sizeof word);  // the quote, too
    out += word * factors[i];
  }
  return out * 0x9e3779b97f4a7c15;
}

}  // namespace

Look::Look(LookKernel kernel) : kernel_(kernel) {
  constexpr std::size_t most_keys = max_bytes / 2;  // `":":":`
  static_assert(max_bytes <= std::numeric_limits<LookNotes::Place>::max());
  notes_.key_ends.resize(most_keys + LookNotes::unasked);
  notes_.blanks.resize(max_bytes / 64 + 1);
}

bool Look::over(std::string_view message) {
  if (message.empty() || message.size() > max_bytes) return false;
  const LookCounts seen = run_look(kernel_, message, notes_);
  for (std::size_t i = 0; i < seen.blanks; ++i)
    if (ends_text(message, notes_.blanks[i])) return false;
  keys_ = seen.keys;
  notes_.key_ends[keys_] = static_cast<LookNotes::Place>(message.size());
  shape_ = shape_of(message, notes_.key_ends, keys_);
  return true;
}

}  // namespace imdswatch
