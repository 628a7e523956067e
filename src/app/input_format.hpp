#pragma once

#include <optional>
#include <string>
#include <vector>

#include "imdswatch/base/result.hpp"
#include "imdswatch/config/config.hpp"

namespace imdswatch {

/// What `--format` may name: auto, and every format that events can be of.
std::vector<std::string> input_format_names();

/// The one format of files' events; nothing where each event's is told by itself. `named` is one of the above, or empty: then what the
/// configuration fixes for all topics holds, since a file is of none. Errc::config_invalid if it is custom and there is no mapping.
Result<std::optional<Format>> format_of_inputs(const Config& config, const std::string& named);

}  // namespace imdswatch
