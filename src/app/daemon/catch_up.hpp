#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "imdswatch/base/time.hpp"
#include "imdswatch/detector/detector.hpp"
#include "imdswatch/http/server.hpp"
#include "imdswatch/kafka/sieve_runner.hpp"

namespace imdswatch {

/// A shard that the group has given to this process, as it is seen from outside.
struct ShardSeen {
  Shard shard;
  std::optional<Detector::Figures> figures;  ///< none while it is being restored
  std::optional<std::int64_t> call_log_lag;  ///< records; none while it is not known
};

struct WorkSeen {
  bool given_out = false;  ///< the groups of all stages here have said what this process is to read
  std::vector<ShardSeen> shards;
  std::vector<kafka::SourceFigures> sources;
};

/// How far a shard is behind now in event time while inputs are still being read; 0 if it keeps up, none while that is not known. One whose
/// inputs all stand at their end keeps up whatever their events' times are.
std::optional<std::chrono::seconds> behind(const Detector::Figures& figures, WallTime now);

/// `caught_up` for /readyz: not ok while a shard or an input of this process is behind, or while it is not known whether it is. Says how
/// far, in event time and messages, or what is not known.
Check catch_up(const WorkSeen& seen, WallTime now);

}  // namespace imdswatch
