#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "imdswatch/decode/decoder.hpp"
#include "support/glances.hpp"

namespace imdswatch::glance_property {

inline const IpAddress metadata_service = *parse_ip_address("169.254.169.254");

struct Found {
  int glances = 0, identified = 0, calls = 0, of_custom = 0;
  std::map<Glance::Kind, int> kinds;
};

inline bool is_custom(const Decoded& decoded) {
  return std::visit([](const auto& what) { return what.format == Format::custom; }, decoded);
}

/// That there was enough of everything for the comparison to say something.
inline void expect_many_of_each(const Found& found) {
  EXPECT_GT(found.calls, 1'000);
  for (const auto kind : {Glance::Kind::ignored, Glance::Kind::elsewhere, Glance::Kind::start}) EXPECT_GT(found.kinds.contains(kind) ? found.kinds.at(kind) : 0, 1'000) << static_cast<int>(kind);
  EXPECT_GT(found.identified, 1'000);
}

/// One decoder that glances first, as the sieve does, against one that never does.
inline void compare(testing::Glancer& quick, Decoder& plain, const std::string& message, Found& found, std::optional<Format> only = std::nullopt) {
  const testing::Taken taken = quick.take(message, only);
  const auto all = plain.decode(message, only);
  found.of_custom += std::ranges::any_of(all, is_custom) ? 1 : 0;
  found.calls += testing::has_call(all, metadata_service) ? 1 : 0;
  if (taken.by_looks) ++found.kinds[*taken.by_looks], ++found.glances;
  found.identified += taken.identified ? 1 : 0;
  ASSERT_EQ(testing::difference(taken, all, metadata_service), "") << message;
}

}  // namespace imdswatch::glance_property
