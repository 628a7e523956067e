#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "imdswatch/base/result.hpp"
#include "imdswatch/config/config.hpp"

namespace imdswatch {

struct ReplayOptions {
  std::vector<std::string> inputs;  ///< files, or "-"; each is one partition
  std::string format;               ///< of all events: a format's name or "auto"; empty: as the configuration says
  std::string alerts = "-";         ///< where alerts go as NDJSON; "-": standard output
  std::string summary = "-";        ///< where the summary goes; "-": standard error
  bool drain = true;                ///< at the end time goes on until every call is judged
  bool progress_bar = false;
};

/// `imdswatch replay`: the same code as `run` over files, with no broker. The same input gives the same bytes of alerts.
Result<void> replay(const Config& config, const ReplayOptions& options);

/// The same over the call log topic of the configured broker, from its beginning: tries new settings on what was called.
Result<void> replay_call_log(const Config& config, const ReplayOptions& options);

}  // namespace imdswatch
