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

/// An address as events write it: alone, or with a port behind it ("10.0.0.7:80", "[fd00::1]:80"). Without brackets an IPv6 address takes
/// what could be its last group: "fd00::1:80" has no port.
struct Endpoint {
  IpAddress address;
  std::optional<std::uint16_t> port;
};
std::optional<Endpoint> parse_endpoint(std::string_view text);

/// Sysmon 9 writes some IPv4 destinations as an IPv6 one: the address in the first 32 bits, leftovers of memory behind it
/// (`a9fe:a9fe:0:0:18a2:6e00:e0:ffff`). Told for sure only where these bits are 169.254.169.254, since a9fe::/16 is given to
/// nobody; nothing for any other address. To be asked only where the event says DestinationIsIpv6.
std::optional<IpAddress> sysmon_repaired(const IpAddress& address);

/// Dotted for IPv4 and mapped, RFC 5952 otherwise.
std::string to_string(const IpAddress& address);

}  // namespace imdswatch
