#include "look.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>


namespace imdswatch {
namespace {

std::vector<IpAddress> addresses(std::initializer_list<const char*> texts) {
  std::vector<IpAddress> out;
  for (const char* text : texts) out.push_back(*parse_ip_address(text));
  return out;
}

/// Text dense in what the kernels look for.
std::string random_message(std::mt19937_64& random) {
  static const std::vector<std::string> parts{
      "\":",   "\"",      ":",         "e:a",   "E:A",      "0:",       ".254.",  "169.254.169.25",
      "\\u00", "\\u0031", "x",         "key",   "  ",       "{",        "}",      "\t",
      " :",    "\xa0:",   "a9fe:",     "\\\\u", "\xc3\xa4", "168.63.",  "129.16", "100.100.100.200",
      "170.2", "ec2:",    "a83f:8110", "db8:",  "1::1",     "6464:64c8"};
  std::string out;
  const std::size_t size = random() % 400;
  while (out.size() < size) out += parts[random() % parts.size()];
  return out;
}

void expect_keys(const Look& look, const std::vector<std::size_t>& ends, std::size_t size) {
  ASSERT_EQ(look.keys(), ends.size());
  for (std::size_t n = 0; n < ends.size(); ++n) ASSERT_EQ(look.key_end(n), ends[n]) << n;
  ASSERT_EQ(look.key_end(ends.size()), size);
}

/// On many messages, for one address and for several.
void hold_equal(LookKernel kernel) {
  std::mt19937_64 random(7);
  int clear = 0;
  for (const auto& wanted :
       {addresses({"169.254.169.254"}), addresses({"169.254.169.254", "fd00:ec2::254", "168.63.129.16"}),
        addresses({"169.254.169.254", "168.63.129.16", "100.100.100.200", "169.254.170.2", "fd00:ec2::254",
                   "2001:db8:1::1"})}) {
    Look quick(wanted, kernel);
    Look plain(wanted, LookKernel::plain);
    for (int round = 0; round < 20'000; ++round) {
      const std::string text = random_message(random);
      if (text.empty()) continue;
      const std::unique_ptr<char[]> alone(new char[text.size()]);  // so that a sanitizer sees a read outside of it
      text.copy(alone.get(), text.size());
      const std::string_view message(alone.get(), text.size());
      const bool is_clear = quick.clear_of_addresses(message);
      ASSERT_EQ(is_clear, plain.clear_of_addresses(message)) << message;
      if (!is_clear) continue;
      ASSERT_EQ(quick.shape(), plain.shape()) << message;
      ++clear;
      std::vector<std::size_t> ends;
      for (std::size_t at = 0; at + 1 < message.size(); ++at)
        if (message.substr(at, 2) == "\":") ends.push_back(at);
      ASSERT_NO_FATAL_FAILURE(expect_keys(quick, ends, message.size())) << message;
    }
  }
  EXPECT_GT(clear, 1'000);
}

TEST(Look, TheKernelsSeeTheSame) {
  int compared = 0;
  for (const auto kernel : {LookKernel::avx2, LookKernel::avx512}) {
    if (!can_run(kernel)) continue;
    ++compared;
    ASSERT_NO_FATAL_FAILURE(hold_equal(kernel)) << static_cast<int>(kernel);
  }
  if (compared == 0) GTEST_SKIP() << "this machine has neither AVX2 nor AVX-512";
}

/// More than there are probes for, so that some share one.
TEST(Look, FindsEachOfManyAddressesAtEveryPlace) {
  const std::vector<std::string> texts{"169.254.169.254", "168.63.129.16", "100.100.100.200", "169.254.170.2", "10.1.2.3", "203.0.113.77", "fd00:ec2::254", "2001:db8:1::1"};
  std::vector<IpAddress> wanted;
  for (const std::string& text : texts) wanted.push_back(*parse_ip_address(text));
  for (const auto kernel : {LookKernel::plain, LookKernel::avx2, LookKernel::avx512}) {
    if (!can_run(kernel)) continue;
    Look look(wanted, kernel);
    std::vector<std::string> written = texts;
    for (const char* text : {"::ffff:169.254.169.254", "::FFFF:A9FE:A9FE", "0:0:0:0:0:ffff:a83f:8110", "FD00:0EC2:0:0::254", "2001:0DB8:1::1"}) written.emplace_back(text);
    for (const std::string& text : written) {
      for (std::size_t padding = 0; padding < 140; ++padding)
        ASSERT_FALSE(look.clear_of_addresses(R"({"a":")" + std::string(padding, 'x') + R"(","b":")" + text + R"("})")) << text << ' ' << padding;
    }
    EXPECT_TRUE(look.clear_of_addresses(R"({"a":"169.254.169.25","b":"9.2","c":"fd00:ec3::254","d":"e:a","e":"100.100.100.20"})"));
  }
}

/// Else a key could hide from what counts them.
TEST(Look, AKeyWithABlankBeforeItsColonIsNoneToPassOver) {
  Look look(addresses({"169.254.169.254"}));
  for (const std::string blanks : {" ", "\t", "\r\n", "  \t"}) {
    for (std::size_t padding = 0; padding < 140; ++padding)
      ASSERT_FALSE(look.clear_of_addresses(R"({"a":")" + std::string(padding, 'x') + R"(","b")" + blanks + ":1}")) << padding;
  }
  EXPECT_TRUE(look.clear_of_addresses(R"({"a":"b :c","d":"- :","e": "f"})"));
}

/// As many keys as there can be, and some only near the end of the longest message.
TEST(Look, FindsKeysUpToTheEndOfTheLongestMessage) {
  for (const auto kernel : {LookKernel::plain, LookKernel::avx2, LookKernel::avx512}) {
    if (!can_run(kernel)) continue;
    Look look(addresses({"169.254.169.254"}), kernel);
    std::string full;
    std::vector<std::size_t> ends;
    for (; full.size() + 2 <= Look::max_bytes; full += "\":") ends.push_back(full.size());
    full.resize(Look::max_bytes, 'x');
    ASSERT_TRUE(look.clear_of_addresses(full));
    ASSERT_NO_FATAL_FAILURE(expect_keys(look, ends, full.size())) << static_cast<int>(kernel);
    std::string sparse(Look::max_bytes, 'x');
    ends = {1, 32'767, 32'769, Look::max_bytes - 200, Look::max_bytes - 66, Look::max_bytes - 2};
    for (const std::size_t end : ends) sparse.replace(end, 2, "\":");
    ASSERT_TRUE(look.clear_of_addresses(sparse));
    ASSERT_NO_FATAL_FAILURE(expect_keys(look, ends, sparse.size())) << static_cast<int>(kernel);
  }
}

TEST(Look, FindsEveryKeyByItsNumber) {
  const std::string message = R"({"a":1,")" + std::string(200, 'k') + R"(":{"b":2},"c":"d"})";
  Look look(addresses({"169.254.169.254"}));
  ASSERT_TRUE(look.clear_of_addresses(message));
  ASSERT_EQ(look.keys(), 4u);
  for (std::size_t n = 0; n < look.keys(); ++n) {
    const std::size_t at = look.key_end(n);
    EXPECT_EQ(message.substr(at, 2), "\":");
  }
}

TEST(Look, AnAddressWithoutASafeSignMakesEveryMessageSuspicious) {
  Look look(addresses({"fd00::1"}));  // its two groups have zeros between them, which may be left out in many ways
  EXPECT_FALSE(look.clear_of_addresses(R"({"a":1})"));
  EXPECT_FALSE(Look({}).clear_of_addresses(R"({"a":1})"));
}

TEST(Look, IsOfMessagesUpToItsLimit) {
  Look look(addresses({"169.254.169.254"}));
  EXPECT_TRUE(look.clear_of_addresses(std::string(Look::max_bytes, '"')));
  EXPECT_FALSE(look.clear_of_addresses(std::string(Look::max_bytes + 1, '"')));
}

}  // namespace
}  // namespace imdswatch
