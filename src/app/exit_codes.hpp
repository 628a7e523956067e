#pragma once

namespace imdswatch {

/// docs/operations.md, "Exit codes".
enum ExitCode : int {
  exit_ok = 0,
  exit_failed = 1,         ///< the message says what and what to do; trying again may help
  exit_usage = 2,
  exit_configuration = 78, ///< EX_CONFIG: systemd does not restart on it
};

}  // namespace imdswatch
