#include "huge_pages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace imdswatch {
namespace {

constexpr std::size_t page_bytes = std::size_t{2} << 20;

TEST(HugePages, AreZerosOnABoundaryUpToTheirEnd) {
  for (const std::size_t bytes : {page_bytes, page_bytes + 1, 3 * page_bytes}) {
    for (int round = 0; round < 3; ++round) {
      char* const at = static_cast<char*>(huge_pages()->allocate(bytes));
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(at) % page_bytes, 0u);
      for (std::size_t i = 0; i < bytes; i += 511) {
        ASSERT_EQ(at[i], 0);
        at[i] = 'x';
      }
      at[bytes - 1] = 'y';
      huge_pages()->deallocate(at, bytes);
    }
  }
}

TEST(HugePages, AContainerKeepsWhatItHoldsWhileItGrows) {
  std::pmr::vector<std::uint64_t> numbers(huge_pages());
  for (std::uint64_t i = 0; i < 1'000'000; ++i) numbers.push_back(i);
  std::vector<std::uint64_t> expected(1'000'000);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_TRUE(std::equal(numbers.begin(), numbers.end(), expected.begin(), expected.end()));
}

TEST(HugePages, WhatNoMachineHasIsRefused) { EXPECT_THROW(static_cast<void>(huge_pages()->allocate(std::size_t{1} << 60)), std::bad_alloc); }

}  // namespace
}  // namespace imdswatch
