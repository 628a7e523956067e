#pragma once

#include <string>
#include <string_view>

#include "imdswatch/sieve/call.hpp"

namespace imdswatch {

/// Evidence as one string without slack, for tables of many. Never leaves the process. `process_start` and `joined` are left out.
std::string pack(const Evidence& evidence);
Evidence unpack(std::string_view blob);

}  // namespace imdswatch
