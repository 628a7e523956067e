#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imdswatch {

/// An IPv6 address, or an IPv4 one in its mapped form (::ffff:a.b.c.d), so that both spellings compare equal.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

/// Any written form: dotted, compressed, expanded, mapped, upper or lower case, with a zone ("%eth0") or brackets.
/// Nothing if `text` is not an address.
std::optional<IpAddress> parse_ip_address(std::string_view text);

/// Dotted for IPv4 and mapped, RFC 5952 otherwise.
std::string to_string(const IpAddress& address);

}  // namespace imdswatch
