#include "look.hpp"

#include <algorithm>
#include <limits>

#include "json_text.hpp"
#include "json_token.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t max_hits = 512;  ///< a message with more is read in full
constexpr std::size_t key_bits = 16;  ///< of the shape, for the number of keys
constexpr std::size_t sums_from = 40; ///< of the shape, for one of two sums: each has 24 bits

std::uint8_t folded(char c) { return static_cast<std::uint8_t>(c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c); }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const auto lower = static_cast<char>(folded(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::uint8_t digit(std::uint32_t value) { return static_cast<std::uint8_t>("0123456789abcdef"[value]); }

template <class Probe>
void add_once(std::vector<Probe>& probes, const Probe& probe) {
  if (std::find(probes.begin(), probes.end(), probe) == probes.end()) probes.push_back(probe);
}

/// A character that a written address can hold.
bool of_an_address(std::uint32_t code) { return code < 0x80 && (code == '.' || code == ':' || hex_value(static_cast<char>(code)) >= 0); }

/// An escape `\uXXXX` at `at` of such a character. Two backslashes before it may make a text of it: it counts all the same.
bool hides_address(std::string_view message, std::size_t at) {
  const auto code = hex4(message, at + 2);
  return code && of_an_address(*code);
}

/// Whether a key follows the `{` at `at` and the blanks behind it.
bool begins_object(std::string_view message, std::size_t at) {
  const std::size_t next = past_blanks(message, at + 1);
  return next < message.size() && message[next] == '"';
}

}  // namespace

Look::Look(const std::vector<IpAddress>& wanted, LookKernel kernel) : kernel_(kernel) {
  constexpr std::size_t most_keys = max_bytes / 2;  // `":":":`
  static_assert(most_keys < 1u << key_bits && most_keys * 255 < 1u << (sums_from - key_bits));
  static_assert(max_bytes - 1 <= std::numeric_limits<LookNotes::Place>::max());
  notes_.key_ends.resize(most_keys + LookNotes::unasked);
  notes_.hits.resize(max_hits);
  sound_ = !wanted.empty();
  for (const IpAddress& address : wanted) want(address);
  sound_ = sound_ && probes_.dots.size() <= LookProbes::most && probes_.colons.size() <= LookProbes::most;
}

void Look::want(const IpAddress& address) {
  const std::string text = to_string(address);
  std::size_t from = 0;  // of the groups, counted from the left
  if (text.find(':') == std::string::npos) {
    const std::size_t dot = text.find('.');
    dotted_.push_back({text, dot});
    add_once(probes_.dots, static_cast<std::uint8_t>(text.find('.', dot + 1) - dot));
    from = 6;
  }
  const auto group = [&](std::size_t i) { return static_cast<std::uint32_t>(address.bytes[2 * i] << 8 | address.bytes[2 * i + 1]); };
  // An IPv6 address's last two groups can be written dotted; those of a mapped one are found as such.
  const std::size_t end = from == 0 ? 6 : 8;
  for (std::size_t i = from; i + 1 < end; ++i) {
    if (group(i) == 0 || group(i + 1) == 0) continue;
    groups_.push_back({group(i), group(i + 1)});
    const std::uint32_t next = group(i + 1) >> 12;  // else zeros could be written before it, or left out
    add_once(probes_.colons, LookProbes::Colon{digit(group(i) & 15), next != 0 ? digit(next) : std::uint8_t{0}});
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
  const char next = at + 1 < message.size() ? message[at + 1] : '\0';
  if (message[at] == '.') return dotted_at(message, at);
  if (message[at] == '\\') return next == 'u' && hides_address(message, at);
  return next == ':' && groups_at(message, at + 1);
}

bool Look::clear_of_addresses(std::string_view message) {
  if (!sound_ || message.empty() || message.size() > max_bytes) return false;
  const LookResult seen = run_look(kernel_, probes_, message, notes_);
  if (!seen.done) return false;
  objects_ = seen.objects;
  for (std::size_t i = 0; i < seen.hits; ++i) {
    const LookNotes::Hit& hit = notes_.hits[i];
    for (std::uint64_t bits = hit.bits; bits != 0; bits &= bits - 1) {
      const auto at = static_cast<std::size_t>(hit.at + __builtin_ctzll(bits));
      if (message[at] == '{') {
        objects_ += begins_object(message, at) ? 1u : 0u;
      } else if (suspicious(message, at)) {
        return false;
      }
    }
  }
  shape_ = seen.last_letters << sums_from | seen.third_last_letters << key_bits | seen.keys;
  return true;
}

bool Look::is_key_end(std::size_t at) const {
  const std::size_t n = keys_before(at);
  return n < keys() && key_end(n) == at;
}

std::size_t Look::keys_before(std::size_t at) const {
  const auto begin = notes_.key_ends.begin();
  return static_cast<std::size_t>(std::lower_bound(begin, begin + static_cast<std::ptrdiff_t>(keys()), at) - begin);
}

}  // namespace imdswatch
