#include "look.hpp"

#include <algorithm>
#include <cstring>

#include "json_text.hpp"
#include "look_kernel.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t key_bits = 16;  ///< of the shape, for the number of keys: enough for max_bytes / 4

std::uint8_t folded(char c) { return static_cast<std::uint8_t>(c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c); }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const auto lower = static_cast<char>(folded(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// A character that a written address can hold.
bool of_an_address(std::uint32_t code) { return code < 0x80 && (code == '.' || code == ':' || hex_value(static_cast<char>(code)) >= 0); }

/// An escape `\uXXXX` at `at` of such a character. Two backslashes before it may make a text of it: it counts all the same.
bool hides_address(std::string_view message, std::size_t at) {
  if (at + 6 > message.size()) return false;
  std::uint32_t code = 0;
  for (const char c : message.substr(at + 2, 4)) {
    const int digit = hex_value(c);
    if (digit < 0) return false;
    code = code * 16 + static_cast<std::uint32_t>(digit);
  }
  return of_an_address(code);
}

}  // namespace

Look::Look(const std::vector<IpAddress>& wanted) : ends_(max_bytes / 64 + 4) {
  static_assert(max_bytes / 4 < 1u << key_bits);
  sound_ = !wanted.empty();
  add({'\\', 'u', 1, 0, 0});
  for (const IpAddress& address : wanted) want(address);
  sound_ = sound_ && probes_.size() <= max_probes;
}

void Look::add(const Probe& probe) {
  if (std::find(probes_.begin(), probes_.end(), probe) == probes_.end()) probes_.push_back(probe);
}

void Look::want(const IpAddress& address) {
  const std::string text = to_string(address);
  std::size_t from = 0;  // of the groups, counted from the left
  if (text.find(':') == std::string::npos) {
    const std::size_t dot = text.find('.');
    dotted_.push_back({text, dot});
    add({'.', '.', static_cast<std::uint8_t>(text.find('.', dot + 1) - dot), 0, 0});
    from = 6;
  }
  const auto group = [&](std::size_t i) { return static_cast<std::uint32_t>(address.bytes[2 * i] << 8 | address.bytes[2 * i + 1]); };
  // An IPv6 address's last two groups can be written dotted; those of a mapped one are found as such.
  const std::size_t end = from == 0 ? 6 : 8;
  for (std::size_t i = from; i + 1 < end; ++i) {
    if (group(i) == 0 || group(i + 1) == 0) continue;
    groups_.push_back({group(i), group(i + 1)});
    const char digit = "0123456789abcdef"[group(i) & 15];
    const bool letter = digit >= 'a';
    add({static_cast<std::uint8_t>(digit), ':', 1, static_cast<std::uint8_t>(letter ? 0x20 : 0), 0});
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

bool Look::suspicious(std::string_view message, std::size_t begin, std::size_t end) const {
  for (std::size_t i = begin; i < std::min(end, message.size()); ++i) {
    const char next = i + 1 < message.size() ? message[i + 1] : '\0';
    if (message[i] == '.' && dotted_at(message, i)) return true;
    if (next == ':' && groups_at(message, i + 1)) return true;
    if (message[i] == '\\' && next == 'u' && hides_address(message, i)) return true;
  }
  return false;
}

bool Look::clear_of_addresses(std::string_view message) {
  if (!sound_ || message.empty() || message.size() > max_bytes) return false;
  const auto sum = LookKernel::run(*this, message);
  if (!sum) return false;
  std::size_t keys = 0;
  for (std::size_t word = 0; word * 64 < message.size(); ++word) keys += static_cast<std::size_t>(__builtin_popcountll(ends_[word]));
  shape_ = *sum << key_bits | keys;
  return true;
}

std::size_t Look::keys_before(std::size_t at) const {
  std::size_t out = 0;
  for (std::size_t word = 0; word < at / 64; ++word) out += static_cast<std::size_t>(__builtin_popcountll(ends_[word]));
  const std::uint64_t below = (std::uint64_t{1} << (at % 64)) - 1;
  return out + static_cast<std::size_t>(__builtin_popcountll(ends_[at / 64] & below));
}

}  // namespace imdswatch
