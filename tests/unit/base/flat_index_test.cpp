#include "imdswatch/base/flat_index.hpp"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

#include "imdswatch/base/pool.hpp"

namespace imdswatch {
namespace {

/// Few distinct hashes, so that many keys share a slot and are moved when another one goes.
std::uint64_t hash_of(std::uint32_t key) { return static_cast<std::uint64_t>(key % 97) << 32; }

TEST(FlatIndex, FindsWhatAMapFindsHoweverKeysComeAndGo) {
  FlatIndex index;
  std::unordered_map<std::uint32_t, std::uint32_t> plain;
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint32_t key = static_cast<std::uint32_t>(random() % 500);
    if (plain.contains(key)) {
      index.erase(hash_of(key), plain.at(key));
      plain.erase(key);
    } else {
      index.insert(hash_of(key), key + 1'000);
      plain.emplace(key, key + 1'000);
    }
    ASSERT_EQ(index.size(), plain.size());
    const std::uint32_t asked = static_cast<std::uint32_t>(random() % 500);
    const auto found = index.find(hash_of(asked), [&](std::uint32_t number) { return number == asked + 1'000; });
    ASSERT_EQ(found, plain.contains(asked) ? asked + 1'000 : FlatIndex::none);
  }
}

TEST(Pool, GivesBackPlacesAndNeverMovesWhatStandsInIt) {
  Pool<int> pool;
  const std::uint32_t first = pool.make();
  pool[first] = 7;
  const int* const stands = &pool[first];
  std::uint32_t last = first;
  for (int i = 0; i < 2'000; ++i) last = pool.make();
  EXPECT_EQ(&pool[first], stands);
  EXPECT_EQ(*stands, 7);
  pool[last] = 9;
  pool.give_back(last);
  EXPECT_EQ(pool.size(), 2'000U);
  EXPECT_EQ(pool.make(), last);
  EXPECT_EQ(pool[last], 0) << "as made by default";
}

}  // namespace
}  // namespace imdswatch
