#include "look.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "json_text.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t max_hits = 512;  ///< a message with more is read in full

std::uint8_t folded(char c) { return static_cast<std::uint8_t>(c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c); }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const auto lower = static_cast<char>(folded(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

LookProbes::Byte just(char c) { return {static_cast<std::uint8_t>(c), 0xff}; }
LookProbes::Byte anything() { return {0, 0}; }
/// A hexadecimal digit in any case.
LookProbes::Byte digit(std::uint32_t value) {
  constexpr std::uint8_t any_case = 0xdf;  // which bits of a letter say which one it is
  return {static_cast<std::uint8_t>("0123456789abcdef"[value]), value < 10 ? std::uint8_t{0xff} : any_case};
}

/// A character that a written address can hold.
bool of_an_address(std::uint32_t code) { return code < 0x80 && (code == '.' || code == ':' || hex_value(static_cast<char>(code)) >= 0); }

/// An escape `\uXXXX` at `at` of such a character. Two backslashes before it may make a text of it: it counts all the same.
bool hides_address(std::string_view message, std::size_t at) {
  if (at + 6 > message.size() || message[at + 2] != '0' || message[at + 3] != '0') return false;
  const int high = hex_value(message[at + 4]), low = hex_value(message[at + 5]);
  return high >= 0 && low >= 0 && of_an_address(static_cast<std::uint32_t>(high * 16 + low));
}

/// Whether a text may end before the blank at `at` and those before it.
bool ends_text(std::string_view message, std::size_t at) {
  while (at > 0 && is_blank(message[at])) --at;
  return message[at] == '"';
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
  std::uint64_t out = keys;
  for (std::size_t i = 0; i < asked; ++i) {
    std::uint32_t word = 0;
    std::memcpy(&word, message.data() + key_ends[i * (keys - 1) / (asked - 1)] - letters, sizeof word);  // the quote, too
    out += word * factors[i];
  }
  return out * 0x9e3779b97f4a7c15;
}

}  // namespace

Look::Look(const std::vector<IpAddress>& wanted, LookKernel kernel) : kernel_(kernel) {
  constexpr std::size_t most_keys = max_bytes / 2;  // `":":":`
  static_assert(max_bytes <= std::numeric_limits<LookNotes::Place>::max());
  notes_.key_ends.resize(most_keys + LookNotes::unasked);
  notes_.hits.resize(max_hits);
  sound_ = !wanted.empty();
  for (const IpAddress& address : wanted) want(address);
}

void Look::want(const IpAddress& address) {
  const std::string text = to_string(address);
  std::size_t from = 0;  // of the groups, counted from the left
  if (text.find(':') == std::string::npos) {
    const std::size_t dot = text.find('.');
    dotted_.push_back({text, dot});
    probes_.add({just(text[dot - 1]), just('.'), just(text[dot + 1])});
    from = 6;
  }
  const auto group = [&](std::size_t i) { return static_cast<std::uint32_t>(address.bytes[2 * i] << 8 | address.bytes[2 * i + 1]); };
  // An IPv6 address's last two groups can be written dotted; those of a mapped one are found as such.
  const std::size_t end = from == 0 ? 6 : 8;
  for (std::size_t i = from; i + 1 < end; ++i) {
    if (group(i) == 0 || group(i + 1) == 0) continue;
    groups_.push_back({group(i), group(i + 1)});
    const std::uint32_t next = group(i + 1) >> 12;  // else zeros could be written before it, or left out
    probes_.add({digit(group(i) & 15), just(':'), next != 0 ? digit(next) : anything()});
    return;
  }
  sound_ = false;
}

bool Look::dotted_at(std::string_view message, std::size_t dot) const {
  return std::any_of(dotted_.begin(), dotted_.end(), [&](const Dotted& wanted) {
    return dot >= wanted.first_dot && message.substr(dot - wanted.first_dot).starts_with(wanted.text);
  });
}

bool Look::groups_at(std::string_view message, std::size_t colon) const {
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  const std::size_t begin = colon - std::min<std::size_t>(colon, 4);
  for (const char c : message.substr(begin, colon - begin)) {
    const int digit = hex_value(c);
    left = digit < 0 ? 0 : left * 16 + static_cast<std::uint32_t>(digit);
  }
  for (const char c : message.substr(colon + 1, 4)) {
    const int digit = hex_value(c);
    if (digit < 0) break;
    right = right * 16 + static_cast<std::uint32_t>(digit);
  }
  return std::any_of(groups_.begin(), groups_.end(), [&](const Groups& wanted) { return wanted.first == left && wanted.second == right; });
}

bool Look::suspicious(std::string_view message, std::size_t at) const {
  const char middle = message[at + 1];
  if (middle == '.') return dotted_at(message, at + 1);
  if (middle == 'u') return message[at] == '\\' && hides_address(message, at);
  if (middle != ':') return false;
  return is_blank(message[at]) ? ends_text(message, at) : groups_at(message, at + 1);
}

bool Look::clear_of_addresses(std::string_view message) {
  if (!sound_ || message.empty() || message.size() > max_bytes) return false;
  const LookResult seen = run_look(kernel_, probes_, message, notes_);
  if (!seen.done) return false;
  for (std::size_t i = 0; i < seen.hits; ++i) {
    const LookNotes::Hit& hit = notes_.hits[i];
    for (std::uint64_t bits = hit.bits; bits != 0; bits &= bits - 1) {
      if (suspicious(message, static_cast<std::size_t>(hit.at + __builtin_ctzll(bits)))) return false;
    }
  }
  keys_ = seen.keys;
  notes_.key_ends[keys_] = static_cast<LookNotes::Place>(message.size());
  shape_ = shape_of(message, notes_.key_ends, keys_);
  return true;
}

}  // namespace imdswatch
