#pragma once

#include <string>
#include <string_view>

#include "fleet/random.hpp"

namespace imdswatch::bench {

/// Puts `json`, an object without blanks between its tokens, into `out` with the members of each object in the order in which Go walks a
/// map: up to eight in a circle from any of them on, more in any order. So Beats write their events, but for the first `fixed` members.
void shuffle_members(std::string_view json, std::size_t fixed, fleet::Random& random, std::string& out);

}  // namespace imdswatch::bench
