#pragma once

#include <string>

#include "imdswatch/config/config.hpp"

namespace imdswatch {

/// `imdswatch run`: until SIGTERM or SIGINT, or until something that trying again cannot mend. Exit code.
int run_daemon(const Config& config, const std::string& config_file);

}  // namespace imdswatch
