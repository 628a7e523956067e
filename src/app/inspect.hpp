#pragma once

#include <string>
#include <vector>

#include "imdswatch/base/result.hpp"
#include "imdswatch/config/config.hpp"

namespace imdswatch {

struct InspectOptions {
  std::vector<std::string> inputs;  ///< files, or "-"
  std::string format;               ///< as in ReplayOptions
  bool json = false;                ///< one object for each event instead of a table
};

/// `imdswatch inspect`: what the decoder makes of each event, on standard output; how many ended in which account, on standard error.
Result<void> inspect(const Config& config, const InspectOptions& options);

}  // namespace imdswatch
