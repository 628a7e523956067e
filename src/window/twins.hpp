#pragma once

#include "open_table.hpp"

namespace imdswatch {

/// The same connection told twice is one call. Joins the unseen calls of a host's bucket that have unknown parts to the nearest
/// call in time (ties: the first in origin order) of the same name and folder whose signature agrees and knows strictly more.
/// A twin adds its time and its source to that call's sighting, not a further call, nor a user or a process: it makes no noise.
/// Returns how many were joined. Sightings that are left without calls stay, with `calls == 0`, for the caller to drop.
std::uint64_t join_twins(OpenTable& table, HostOpen& host, Bucket bucket, const OriginTable& origins);

}  // namespace imdswatch
