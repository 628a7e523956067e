#include "imdswatch/base/expected_keys.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace imdswatch {
namespace {

struct Table {
  FlatIndex index;
  ExpectedKeys expected;
  std::vector<std::uint32_t> fetched;
  void expect(const std::vector<std::string>& keys) {
    fetched.clear();
    expected.expect(index, keys.size(), [&](std::size_t i) { return std::string_view(keys[i]); },
                    [&](std::uint32_t number) { fetched.push_back(number); });
  }
};

TEST(ExpectedKeys, AreFoundByWhereTheirTextStandsInTheOrderInWhichTheyWereExpected) {
  const std::vector<std::string> keys{"web-1", "web-2", "web-3"};
  Table table;
  for (std::uint32_t i = 0; i < 3; ++i) table.index.insert(stable_hash64(keys[i]), i + 10);
  table.expect(keys);
  EXPECT_EQ(table.fetched, (std::vector<std::uint32_t>{10, 11, 12}));
  EXPECT_EQ(table.expected.likely(keys[0]), 10U);
  EXPECT_EQ(table.expected.likely(keys[0]), 10U) << "a host with two sightings is asked for twice";
  EXPECT_EQ(table.expected.likely(keys[2]), 12U);
  EXPECT_EQ(table.expected.likely(keys[1]), FlatIndex::none) << "its turn is over";
}

TEST(ExpectedKeys, FindAlsoWhatWasNotExpectedOrIsAnothersByNow) {
  const std::vector<std::string> keys{"web-1", "web-2"};
  std::vector<std::string> names{"web-1", "web-2"};
  Table table;
  for (std::uint32_t i = 0; i < 2; ++i) table.index.insert(stable_hash64(keys[i]), i);
  const auto find = [&](std::string_view key) { return table.expected.find(table.index, key, [&](std::uint32_t number) { return names[number] == key; }); };
  EXPECT_EQ(find(keys[1]), 1U) << "not expected";
  table.expect(keys);
  EXPECT_EQ(find(keys[1]), 1U);
  names[1] = "web-3";
  EXPECT_EQ(find(keys[1]), FlatIndex::none) << "its number is another's";
}

TEST(ExpectedKeys, SayNothingOfWhatWasNotExpectedOrIsNotThere) {
  const std::vector<std::string> keys{"web-1", "web-2"};
  Table table;
  table.index.insert(stable_hash64(keys[1]), 7);
  table.expect(keys);
  EXPECT_EQ(table.fetched, std::vector<std::uint32_t>{7});
  EXPECT_EQ(table.expected.likely(keys[0]), FlatIndex::none);
  EXPECT_EQ(table.expected.likely(std::string(keys[1])), FlatIndex::none) << "the same text, elsewhere";
  EXPECT_EQ(table.expected.likely(keys[1]), 7U);
  table.expected.clear();
  EXPECT_EQ(table.expected.likely(keys[1]), FlatIndex::none);
}

}  // namespace
}  // namespace imdswatch
