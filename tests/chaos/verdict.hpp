#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace imdswatch::testing {

/// (event.id, imdswatch.version)
using Identity = std::pair<std::string, std::uint32_t>;

Identity identity_of(const std::string& alert);

struct Verdict {
  std::vector<Identity> missing, doubled, extra;
  [[nodiscard]] bool good() const { return missing.empty() && doubled.empty() && extra.empty(); }
};

/// Of a read-committed consumer's alerts against an undisturbed replay's.
Verdict compare(const std::vector<std::string>& expected, const std::vector<std::string>& seen);

}  // namespace imdswatch::testing
