#pragma once

#include <cstdint>
#include <vector>

#include "imdswatch/window/sighting.hpp"

namespace imdswatch {

/// What calls tell of a sighting, gathered within limits so that the result does not depend on the order of the calls: what is
/// kept of too much is chosen by content or origin, and what was once left out can never come in again.
/// Here `processes` is ordered by content; `order_by_first_call` puts it into the order in which it is shown.

/// Where a call's process went; the places of those after it move.
struct Placed {
  std::size_t index = 0;
  bool kept = true;      ///< false: there are too many, its call is only counted
  bool inserted = false; ///< those from `index` on have moved up by one
  bool evicted = false;  ///< the last one fell out, its calls are only counted
};

Placed add_process(Sighting& sighting, const Call& call);
void add_user_id(Sighting& sighting, const std::string& user_id);
void add_host_ids(Sighting& sighting, const HostAttributes& attributes);
void add_source(Sighting& sighting, const SourceEvent& source);
void order_by_first_call(Sighting& sighting);

/// What is empty in `to` is taken from `from`, which a process start told; what the call itself told stands.
void fill(Evidence& to, const Evidence& from);

}  // namespace imdswatch
