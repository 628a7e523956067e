#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <map>
#include <random>

#include "../../../src/sieve/place_index.hpp"
#include "../../../src/sieve/place_log.hpp"

namespace imdswatch::test {
namespace {

TEST(PlaceIndex, FindsWhatAMapWouldWhileTheOldestAreForgotten) {
  std::mt19937_64 random(1);
  PlaceIndex index(7);
  std::map<std::uint64_t, PlaceIndex::Place> map;
  PlaceIndex::Place place = 0;
  PlaceIndex::Place first = 1;
  const auto in_map = [&](std::uint64_t key) {
    const auto found = map.find(key);
    return found == map.end() || found->second < first ? 0 : found->second;
  };
  for (int round = 0; round < 200'000; ++round) {
    const std::uint64_t key = 1 + random() % 5'000;
    ASSERT_EQ(index.find(key, first), in_map(key));
    if (random() % 2 == 0) {
      const PlaceIndex::Place former = in_map(key);
      map[key] = ++place;
      ASSERT_EQ(index.exchange(key, place, first), former);
    }
    if (random() % 2 == 0) first = std::max(first, place > 3'000 ? place - random() % 3'000 : 1);
  }
}

void keep_and_drop(std::size_t chunk) {
  std::mt19937_64 random(2);
  PlaceLog log(chunk);
  struct Record {
    PlaceLog::Place place;
    std::string bytes;
  };
  std::deque<Record> records;
  for (int round = 0; round < 20'000; ++round) {
    const std::size_t size = random() % 50 == 0 ? random() % chunk : 1 + random() % 3'000;
    const PlaceLog::Place place = log.append(size);
    if (!records.empty()) {
      ASSERT_EQ(log.after(records.back().place, records.back().bytes.size()), place);
    }
    ASSERT_EQ(place % alignof(std::max_align_t), 0u);
    records.push_back({place, std::string(size, static_cast<char>(random()))});
    std::memcpy(log.at(place), records.back().bytes.data(), size);
    ASSERT_EQ(log.after(place, size), log.end());
    for (std::size_t drop = random() % (records.size() > 500 ? 900 : 3); drop > 0 && !records.empty(); --drop) {
      const PlaceLog::Place next = log.after(records.front().place, records.front().bytes.size());
      ASSERT_EQ(std::string_view(log.at(records.front().place), records.front().bytes.size()), records.front().bytes);
      records.pop_front();
      ASSERT_EQ(next, records.empty() ? log.end() : records.front().place);
      log.drop_before(next);
    }
  }
}

TEST(PlaceLog, KeepsRecordsOfAnySizeUntilTheyAreDropped) {
  keep_and_drop(PlaceLog::small_chunk);
  keep_and_drop(PlaceLog::large_chunk);
}

}  // namespace
}  // namespace imdswatch::test
