#pragma once

#include <string>
#include <vector>

#include "imdswatch/score/finding.hpp"

namespace imdswatch::triage {

/// Highest s first, then time, host, signature, bucket: the order in which things are told and in which the cap chooses.
bool told_before(const Finding& a, const Finding& b);
/// Time of the first call, then host, signature, bucket: the order in which findings are taken.
bool taken_before(const Finding& a, const Finding& b);

/// Adds the calls of `more` to `into`, within the limits of a sighting. The key stays; the score is the higher one.
void merge(Finding& into, const Finding& more);
/// Adds to a sorted set of at most limits::max_user_ids; what does not fit is not remembered.
void add_user_ids(std::vector<std::string>& into, const std::vector<std::string>& more);

}  // namespace imdswatch::triage
