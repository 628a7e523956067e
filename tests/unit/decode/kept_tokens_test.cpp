#include "kept_tokens.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace imdswatch {
namespace {

TEST(KeptTokens, GivesBackWhatItWasGiven) {
  const std::string message = std::string(300, 'a') + "bc" + std::string(70, 'd');
  const std::unique_ptr<char[]> alone(new char[message.size()]);  // so that a sanitizer sees a read outside of it
  message.copy(alone.get(), message.size());
  const std::string_view text(alone.get(), message.size());
  KeptTokens kept;
  for (int round = 0; round < 2; ++round) {
    kept.clear();
    const std::pair<std::size_t, std::size_t> tokens[] = {{0, 300}, {299, 2}, {302, 0}, {302, 70}, {301, 1}, {340, 32}, {371, 1}};
    for (const auto& [begin, size] : tokens) ASSERT_TRUE(kept.append(text, begin, size));
    std::string_view bytes = kept.bytes();
    for (const auto& [begin, size] : tokens) EXPECT_EQ(KeptTokens::take(bytes), message.substr(begin, size)) << begin;
    EXPECT_TRUE(bytes.empty());
  }
}

TEST(KeptTokens, TakesUpToItsLimit) {
  const std::string message(KeptTokens::max_bytes + 100, 'x');
  KeptTokens kept;
  EXPECT_FALSE(kept.append(message, 0, KeptTokens::max_bytes - 1));
  EXPECT_TRUE(kept.bytes().empty());
  EXPECT_TRUE(kept.append(message, 0, KeptTokens::max_bytes - 2));
  EXPECT_FALSE(kept.append(message, 0, 0));
  EXPECT_EQ(kept.bytes().size(), KeptTokens::max_bytes);
}

}  // namespace
}  // namespace imdswatch
