#include "skeleton.hpp"

#include <gtest/gtest.h>

#include <string>

#include "look.hpp"

namespace imdswatch {
namespace {

Look look_at(const std::string& message) {
  Look out;
  EXPECT_TRUE(out.over(message));
  return out;
}

/// Of every length, so that each is compared in each way, whole.
TEST(Skeleton, SeesEveryByteOfAPieceOfAnyLength) {
  for (std::size_t size = 1; size < 200; ++size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    const std::string head = R"({"some":"thing of any length","k":)";
    const std::string message = head + text + R"(,"z":1})";
    Skeleton skeleton;
    ASSERT_TRUE(skeleton.add({1, 2}, text));  // behind "k":
    skeleton.finish();
    ASSERT_TRUE(skeleton.fits(message, look_at(message).places())) << size;
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = message;
      other[head.size() + i] = '0';
      ASSERT_FALSE(skeleton.fits(other, look_at(other).places())) << i << " of " << size;
    }
  }
}

TEST(Skeleton, TakesNoMoreThanAMessageHolds) {
  Skeleton skeleton;
  const std::string large(30'000, 'x');
  ASSERT_TRUE(skeleton.add({0, 0}, large));
  ASSERT_TRUE(skeleton.add({0, 0}, large));
  EXPECT_FALSE(skeleton.add({0, 0}, large));
  EXPECT_TRUE(skeleton.add({0, 0}, large.substr(0, 5'000))) << "nothing was added by the one that failed";
  EXPECT_FALSE(skeleton.add({0, 0}, large.substr(0, 5'000)));
}

TEST(Skeleton, FollowsItsKeysAndTheEnd) {
  Skeleton skeleton;
  ASSERT_TRUE(skeleton.add({0, -3}, R"({"a":)"));
  ASSERT_TRUE(skeleton.add({1, -3}, R"(,"b":)"));
  ASSERT_TRUE(skeleton.add({2, -2}, R"("})"));  // of the number of keys: the end
  skeleton.finish();
  for (const std::string message :
       {R"({"a":12345678901234567890,"b":"x"})", R"({"a":"a longer one, than that","b":"y"})",
        R"({"a":[1,2,3,4,5,6,7,8,9,10],"b":""})"})
    EXPECT_TRUE(skeleton.fits(message, look_at(message).places())) << message;
  for (const std::string message :
       {R"({"a":12345678901234567890,"c":"x"})", R"({"a":12345678901234567890,"b":2})",
        R"({"a":12345678901234567890, "b":"x"})", R"({"a":{"b":"a text that makes it long"}})",
        R"({"a":12345678901234567890,"b":"x"]})"})
    EXPECT_FALSE(skeleton.fits(message, look_at(message).places())) << message;
}

TEST(Skeleton, AMessageShorterThanAStepNeverFits) {
  for (std::size_t size = 0; size < 60; ++size) {
    const std::string message = R"({"a":)" + std::string(size, '1') + "}";
    Skeleton skeleton;
    ASSERT_TRUE(skeleton.add({0, -3}, R"({"a":)"));
    ASSERT_TRUE(skeleton.add({1, -1}, "}"));
    skeleton.finish();
    EXPECT_EQ(skeleton.fits(message, look_at(message).places()), message.size() >= 32) << message;
  }
}

TEST(Skeleton, APlaceOutsideOfTheMessageDoesNotFit) {
  const std::string message = R"({"a":123456789012345678901234567890})";
  for (const Spot& spot : {Spot{0, -30}, Spot{0, 60}, Spot{1, 1}, Spot{1, -39}, Spot{1, -32768}, Spot{1, -4}}) {
    for (const std::string& text :
         {std::string("}"), std::string(5, '}'), std::string(31, '}'), std::string(40, '}')}) {
      Skeleton skeleton;
      ASSERT_TRUE(skeleton.add(spot, text));
      skeleton.finish();
      EXPECT_FALSE(skeleton.fits(message, look_at(message).places())) << spot.from << ' ' << spot.offset << ' ' << text;
    }
  }
}

TEST(Skeleton, TakesNoPieceThatIsTooFarFromItsKey) {
  Skeleton skeleton;
  EXPECT_FALSE(skeleton.add({0, -40'000}, "x"));
  EXPECT_FALSE(skeleton.add({0, 32'000}, std::string(1'000, 'x')));
  EXPECT_FALSE(skeleton.add({70'000, 0}, "x"));
}

}  // namespace
}  // namespace imdswatch
