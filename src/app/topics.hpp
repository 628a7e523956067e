#pragma once

#include "imdswatch/config/config.hpp"

namespace imdswatch {

struct TopicsOptions {
  bool check_only = false;
};

/// `imdswatch topics`: creates what is missing, and says what differs from what the daemon needs. Exit code.
int run_topics(const Config& config, const TopicsOptions& options);

}  // namespace imdswatch
