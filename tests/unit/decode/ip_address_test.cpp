#include "imdswatch/decode/ip_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace imdswatch {
namespace {

IpAddress address(std::string_view text) {
  const auto out = parse_ip_address(text);
  EXPECT_TRUE(out) << text;
  return out.value_or(IpAddress{});
}

TEST(IpAddress, EveryWrittenFormOfTheMetadataServiceIsTheSameAddress) {
  for (const auto* text :
       {"169.254.169.254", "::ffff:169.254.169.254", "::FFFF:A9FE:A9FE", "0:0:0:0:0:ffff:a9fe:a9fe",
        "0000:0000:0000:0000:0000:FFFF:A9FE:A9FE", "0:0:0:0:0:ffff:169.254.169.254", "[::ffff:a9fe:a9fe]", " 169.254.169.254 ",
        "::ffff:a9fe:a9fe%eth0", "[::ffff:169.254.169.254%12]", "[169.254.169.254]"})
    EXPECT_EQ(address(text), address("169.254.169.254")) << text;
}

TEST(IpAddress, AnotherAddressIsAnother) {
  for (const auto* text : {"169.254.169.253", "::169.254.169.254", "::a9fe:a9fe", "a9fe:a9fe::", "fd00:ec2::254"})
    EXPECT_NE(address(text), address("169.254.169.254")) << text;
}

TEST(IpAddress, ExpandedAndCompressedIpv6AreTheSame) {
  EXPECT_EQ(address("fd00:0ec2:0000:0000:0000:0000:0000:0254"), address("FD00:EC2::254"));
}

TEST(IpAddress, TextThatIsNoAddressIsNone) {
  for (const auto* text : {"", " ", "-", "localhost", "169.254.169", "169.254.169.256", "169.254.169.254.1", "1.2.3.4:80", "[::1]:80",
                           "::ffff:169.254.169", "1::2::3", ":", "[]", "%", "::%", "12345::", "0xa9.0xfe.0xa9.0xfe"})
    EXPECT_EQ(parse_ip_address(text).has_value(), std::string_view(text) == "::%") << text;
  EXPECT_FALSE(parse_ip_address(std::string(1000, '1')));
  EXPECT_FALSE(parse_ip_address(std::string_view("1.2.3.4\0", 8)));
}

/// On texts that are nearly addresses.
TEST(IpAddress, DottedFormsAreThoseOfInetPton) {
  std::mt19937 random(5);
  int addresses = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string text;
    const auto parts = 3 + random() % 8 / 7 + (random() % 8 != 0 ? 1 : 0);
    for (std::size_t i = 0; i < parts; ++i) text += (i == 0 ? "" : ".") + std::to_string(random() % 280);
    if (random() % 4 == 0) text[random() % text.size()] = "0159.:/ x-"[random() % 10];
    if (text.front() == ' ' || text.back() == ' ') continue;  // left out before it is read
    std::uint8_t four_bytes[4];
    const bool is_address = inet_pton(AF_INET, text.c_str(), four_bytes) == 1;
    const auto parsed = parse_ip_address(text);
    ASSERT_EQ(parsed.has_value(), is_address) << text;
    if (!is_address) continue;
    ++addresses;
    ASSERT_TRUE(std::equal(std::begin(four_bytes), std::end(four_bytes), parsed->bytes.begin() + 12)) << text;
  }
  EXPECT_GT(addresses, 10'000);
}

TEST(IpAddress, AnEndpointIsAnAddressPerhapsWithAPort) {
  const auto port = [](std::string_view text) {
    const auto out = parse_endpoint(text);
    EXPECT_TRUE(out) << text;
    return out ? out->port : std::nullopt;
  };
  EXPECT_EQ(port("1.2.3.4"), std::nullopt);
  EXPECT_EQ(port("1.2.3.4:80"), 80);
  EXPECT_EQ(port("[::1]:65535"), 65535);
  EXPECT_EQ(port("fd00::1:80"), std::nullopt) << "part of the address";
  EXPECT_EQ(port("fd00::1:8080"), std::nullopt) << "part of the address";
  EXPECT_EQ(port("1:2:3:4:5:6:7:8:80"), 80) << "there is no ninth group";
  EXPECT_EQ(parse_endpoint(" [::ffff:1.2.3.4]:80 ")->address, address("1.2.3.4"));
  for (const auto* text : {"", "80", ":80", "[]:80", "1.2.3.4:", "1.2.3.4:x", "1.2.3.4:80x", "1.2.3.4:+80", "1.2.3.4:65536", "host:80", "[::1]80", "1.2.3:80"})
    EXPECT_FALSE(parse_endpoint(text)) << text;
}

TEST(IpAddress, IsWrittenDottedForIpv4AndCompressedOtherwise) {
  EXPECT_EQ(to_string(address("::ffff:a9fe:a9fe")), "169.254.169.254");
  EXPECT_EQ(to_string(address("FD00:0EC2:0:0:0:0:0:254")), "fd00:ec2::254");
}

TEST(IpAddress, OnlySysmonsMisplacedMetadataAddressIsRepaired) {
  EXPECT_EQ(sysmon_repaired(address("a9fe:a9fe:0:0:18a2:6e00:e0:ffff")), address("169.254.169.254"));
  EXPECT_EQ(sysmon_repaired(address("a9fe:a9fe::")), address("169.254.169.254"));
  EXPECT_FALSE(sysmon_repaired(address("a00:203:3000:3000:3000:3000:3000:3300")));
  EXPECT_FALSE(sysmon_repaired(address("fd00:ec2::254")));
  EXPECT_FALSE(sysmon_repaired(address("169.254.169.254")));
}

}  // namespace
}  // namespace imdswatch
