#include "look.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace imdswatch {
namespace {

/// Text dense in what the kernels look for.
std::string random_message(std::mt19937_64& random) {
  static const std::vector<std::string> parts{"\":", "\"", ":", "x", "key", "  ", "{", "}", "\t", " :", "\r:", "\xa0:", "\" :", "\":\":", "\\\":", "\xc3\xa4", "1::1", ",\"a\":"};
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

/// A quote and nothing but blanks before a colon.
bool has_hidden_key(std::string_view message) {
  for (std::size_t colon = message.find(':'); colon != std::string_view::npos; colon = message.find(':', colon + 1)) {
    const std::size_t end = message.find_last_not_of(" \t\r\n", colon == 0 ? 0 : colon - 1);
    if (colon > 0 && end != std::string_view::npos && end + 1 < colon && message[end] == '"') return true;
  }
  return false;
}

/// Every kernel, on many messages.
void hold_to_the_bytes(LookKernel kernel) {
  std::mt19937_64 random(7);
  int seen = 0, hidden = 0;
  Look look(kernel);
  Look plain(LookKernel::plain);
  for (int round = 0; round < 40'000; ++round) {
    const std::string text = random_message(random);
    if (text.empty()) continue;
    const std::unique_ptr<char[]> alone(new char[text.size()]);  // so that a sanitizer sees a read outside of it
    text.copy(alone.get(), text.size());
    const std::string_view message(alone.get(), text.size());
    const bool hides_one = has_hidden_key(message);
    ASSERT_EQ(look.over(message), !hides_one) << message;
    if (hides_one) {
      ++hidden;
      continue;
    }
    ++seen;
    ASSERT_TRUE(plain.over(message));
    ASSERT_EQ(look.shape(), plain.shape()) << message;
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; at + 1 < message.size(); ++at)
      if (message.substr(at, 2) == "\":") ends.push_back(at);
    ASSERT_NO_FATAL_FAILURE(expect_keys(look, ends, message.size())) << message;
  }
  EXPECT_GT(seen, 1'000);
  EXPECT_GT(hidden, 1'000);
}

TEST(Look, EveryKernelSeesAllKeys) {
  for (const auto kernel : {LookKernel::plain, LookKernel::avx2, LookKernel::avx512}) {
    if (!can_run(kernel)) continue;
    ASSERT_NO_FATAL_FAILURE(hold_to_the_bytes(kernel)) << static_cast<int>(kernel);
  }
}

/// Else a key could hide from what counts them.
TEST(Look, AKeyWithABlankBeforeItsColonIsNoneToPassOver) {
  for (const auto kernel : {LookKernel::plain, LookKernel::avx2, LookKernel::avx512}) {
    if (!can_run(kernel)) continue;
    Look look(kernel);
    for (const std::string blanks : {" ", "\t", "\r\n", "  \t"}) {
      for (std::size_t padding = 0; padding < 140; ++padding)
        ASSERT_FALSE(look.over(R"({"a":")" + std::string(padding, 'x') + R"(","b")" + blanks + ":1}")) << padding;
    }
    EXPECT_TRUE(look.over(R"({"a":"b :c","d":"- :","e": "f"})"));
  }
}

/// As many keys as there can be, and some only near the end of the longest message.
TEST(Look, FindsKeysUpToTheEndOfTheLongestMessage) {
  for (const auto kernel : {LookKernel::plain, LookKernel::avx2, LookKernel::avx512}) {
    if (!can_run(kernel)) continue;
    Look look(kernel);
    std::string full;
    std::vector<std::size_t> ends;
    for (; full.size() + 2 <= Look::max_bytes; full += "\":") ends.push_back(full.size());
    full.resize(Look::max_bytes, 'x');
    ASSERT_TRUE(look.over(full));
    ASSERT_NO_FATAL_FAILURE(expect_keys(look, ends, full.size())) << static_cast<int>(kernel);
    std::string sparse(Look::max_bytes, 'x');
    ends = {1, 32'767, 32'769, Look::max_bytes - 200, Look::max_bytes - 66, Look::max_bytes - 2};
    for (const std::size_t end : ends) sparse.replace(end, 2, "\":");
    ASSERT_TRUE(look.over(sparse));
    ASSERT_NO_FATAL_FAILURE(expect_keys(look, ends, sparse.size())) << static_cast<int>(kernel);
  }
}

TEST(Look, FindsEveryKeyByItsNumber) {
  const std::string message = R"({"a":1,")" + std::string(200, 'k') + R"(":{"b":2},"c":"d"})";
  Look look;
  ASSERT_TRUE(look.over(message));
  ASSERT_EQ(look.keys(), 4u);
  for (std::size_t n = 0; n < look.keys(); ++n) {
    const std::size_t at = look.key_end(n);
    EXPECT_EQ(message.substr(at, 2), "\":");
  }
}

TEST(Look, IsOfMessagesUpToItsLimit) {
  Look look;
  EXPECT_TRUE(look.over(std::string(Look::max_bytes, '"')));
  EXPECT_FALSE(look.over(std::string(Look::max_bytes + 1, '"')));
}

}  // namespace
}  // namespace imdswatch
