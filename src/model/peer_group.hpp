#pragma once

#include <string>
#include <string_view>

#include "imdswatch/base/ids.hpp"
#include "imdswatch/model/policy.hpp"

namespace imdswatch {

/// The group of hosts that are like this one: "field:" and the configured field's value, else "stem:" and the stem of the
/// host's name, its namespace kept. Empty for the names that default images give, and for names without a stem.
std::string peer_group(const HostId& host, std::string_view peer_value, const ModelPolicy& policy);

}  // namespace imdswatch
