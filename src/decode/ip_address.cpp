#include "imdswatch/decode/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace imdswatch {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

IpAddress from_ipv4(const std::uint8_t* four_bytes) {
  IpAddress out;
  std::copy(mapped_prefix.begin(), mapped_prefix.end(), out.bytes.begin());
  std::copy_n(four_bytes, 4, out.bytes.begin() + 12);
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  text = trimmed(text);
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  const bool is_ipv6 = text.find(':') != std::string_view::npos;
  if (const auto zone = text.find('%'); is_ipv6 && zone != std::string_view::npos) text = text.substr(0, zone);

  char terminated[INET6_ADDRSTRLEN + 1];
  if (text.empty() || text.size() >= sizeof terminated || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::memcpy(terminated, text.data(), text.size());
  terminated[text.size()] = '\0';

  if (is_ipv6) {
    IpAddress out;
    if (inet_pton(AF_INET6, terminated, out.bytes.data()) != 1) return std::nullopt;
    return out;
  }
  std::uint8_t four_bytes[4];
  if (inet_pton(AF_INET, terminated, four_bytes) != 1) return std::nullopt;
  return from_ipv4(four_bytes);
}

std::optional<IpAddress> sysmon_repaired(const IpAddress& address) {
  constexpr std::uint8_t metadata_service[4] = {169, 254, 169, 254};
  if (!std::equal(std::begin(metadata_service), std::end(metadata_service), address.bytes.begin())) return std::nullopt;
  return from_ipv4(metadata_service);
}

std::string to_string(const IpAddress& address) {
  char text[INET6_ADDRSTRLEN];
  const bool is_ipv4 = std::equal(mapped_prefix.begin(), mapped_prefix.end(), address.bytes.begin());
  const char* written = is_ipv4 ? inet_ntop(AF_INET, address.bytes.data() + 12, text, sizeof text)
                                : inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
  return written != nullptr ? written : "";
}

}  // namespace imdswatch
