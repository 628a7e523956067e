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

/// A text of any length, with a quote or a backslash at any place in it or right behind it.
TEST(KeptTokens, TakesATextUnlessItMayEndBeforeItsLastQuote) {
  const std::string behind = R"(,"\":"\","a":0}            )";
  for (std::size_t size = 0; size < 70; ++size) {
    for (const char sign : {'"', '\\'}) {
      for (std::size_t at = 0; at <= size; ++at) {  // at `size` it stands behind
        std::string inside(size, 'x');
        if (at < size) inside[at] = sign;
        const std::string text = '"' + inside + '"';
        const std::string message = R"({"k":)" + text + behind;
        KeptTokens kept;
        ASSERT_TRUE(kept.append(message, 1, 2));
        const bool is_kept = at == size || (sign == '\\' && at + 1 < size);  // the last backslash is of the quote that ends it
        ASSERT_EQ(kept.append_text(message, std::string_view(message).substr(5, text.size())), is_kept) << size << " " << at;
        ASSERT_TRUE(kept.append(message, 2, 1));
        std::string_view bytes = kept.bytes();
        EXPECT_EQ(KeptTokens::take(bytes), message.substr(1, 2));
        EXPECT_EQ(is_kept ? KeptTokens::take(bytes) : text, text);
        EXPECT_EQ(KeptTokens::take(bytes), message.substr(2, 1));
        EXPECT_TRUE(bytes.empty());
      }
    }
  }
}

/// Quotes that are surely part of the text, at any place in it; and such as may end it.
TEST(KeptTokens, TakesATextWithEscapedQuotes) {
  for (std::size_t before = 0; before < 40; ++before) {
    for (std::size_t after = 0; after < 20; ++after) {
      const auto takes = [&](const std::string& sign) {
        const std::string text = '"' + std::string(before, 'x') + sign + std::string(after, 'x') + '"';
        const std::string message = R"({"k":)" + text + R"(,"a":0}                )";
        KeptTokens kept;
        const bool out = kept.append_text(message, std::string_view(message).substr(5, text.size()));
        EXPECT_EQ(kept.bytes().size(), out ? text.size() + 2 : 0);
        return out;
      };
      for (const auto* const sign : {R"(\"a\")", R"(\"\"\")", R"(\\)"}) ASSERT_TRUE(takes(sign)) << sign << before << ' ' << after;
      for (const auto* const sign : {R"(\\")", R"(\"")", R"(\\\")"}) ASSERT_FALSE(takes(sign)) << sign << before << ' ' << after;
    }
  }
}

TEST(KeptTokens, TakesAsATextOnlyWhatIsOne) {
  const std::string message = R"({"k":"text" ,"n":5}                )" + std::string(KeptTokens::max_bytes, ' ') + '"' +
                              std::string(KeptTokens::max_bytes - 2, 'x') + R"("                )";
  const std::string_view all = message;
  KeptTokens kept;
  for (const auto& [begin, size] : {std::pair<std::size_t, std::size_t>{5, 7}, {5, 5}, {6, 5}, {5, 1}, {5, 0}, {17, 1}})
    EXPECT_FALSE(kept.append_text(all, all.substr(begin, size))) << begin << " " << size;
  EXPECT_FALSE(kept.append_text(all, all.substr(message.find('x') - 1, KeptTokens::max_bytes))) << "too long";
  EXPECT_FALSE(kept.append_text(all.substr(0, 11), all.substr(5, 6))) << "nothing to read behind it";
  EXPECT_TRUE(kept.bytes().empty());
  EXPECT_TRUE(kept.append_text(all, all.substr(5, 6)));
}

}  // namespace
}  // namespace imdswatch
