#pragma once

#include <cstdint>

#include "imdswatch/base/time.hpp"
#include "imdswatch/model/policy.hpp"
#include "imdswatch/model/rows.hpp"

namespace imdswatch {

std::int32_t minute_of(EventTime run_time);
std::int32_t day_of(EventTime run_time);

/// A host's count at a run. One sighting and more is what was learned, and never fades below one.
float faded(const Seen& seen, std::int32_t minute, const ModelPolicy& policy);

/// What is left of a vote so many whole days after it was worth 1.
double vote_weight(std::int64_t days, const ModelPolicy& policy);

/// The sum of the votes on a later day: all of them fade by the same factor.
double faded(const Votes& votes, std::int32_t day, const ModelPolicy& policy);

/// Adds to the sum, as of `day`.
void add(Votes& votes, double weight, std::int32_t day, const ModelPolicy& policy);

}  // namespace imdswatch
