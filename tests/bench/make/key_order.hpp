#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "fleet/random.hpp"

namespace imdswatch::bench {

/// An event with the members of each object, but those within arrays, in the order in which Go walks a map: up to eight in a circle from any of them on, more in any order. So Beats write their events, but for the first `fixed` members.
std::string shuffled_members(std::string_view json, std::size_t fixed, fleet::Random& random);

}  // namespace imdswatch::bench
