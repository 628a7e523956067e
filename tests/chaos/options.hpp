#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>

namespace imdswatch::testing {

struct ChaosOptions {
  double minutes = 5;  ///< of torment
  int kills = 0;       ///< goes on until so many are survived; 0: for the minutes
  int instances = 3;
  int brokers = 1;  ///< 1 or 3
  int shards = 2;
  std::uint64_t seed = 1;
  std::filesystem::path logs = "chaos-logs";  ///< where all that explains a failure is kept
  bool keep = false;                          ///< of a run that was good too
};

/// Set by SIGINT and SIGTERM: everything ends in good order, as failed.
inline std::atomic<bool> interrupted{false};

}  // namespace imdswatch::testing
