#pragma once

#include <random>
#include <vector>

#include "json_shapes.hpp"

namespace imdswatch::testing {

/// The golden events of all formats, each file's alone.
std::vector<Json> golden_events();
std::vector<Json*> scalars_of(Json& json);

/// Connections to the usual metadata service become others.
void lead_elsewhere(Json& event);
/// Most values stay of their sort; a few become something that changes the account, or hides a call.
void change_values(Json& event, std::mt19937_64& random);
/// Members under names of which several lead to one slot, or are nearly one that does, anywhere at the top.
void add_names_beside(Json& event, std::mt19937_64& random);
void swap_two_values(Json& event, std::mt19937_64& random);

}  // namespace imdswatch::testing
