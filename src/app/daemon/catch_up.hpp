#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "imdswatch/base/time.hpp"
#include "imdswatch/detector/detector.hpp"
#include "imdswatch/http/server.hpp"
#include "imdswatch/kafka/sieve_runner.hpp"

namespace imdswatch {

/// A shard that is held here, as it is seen from outside.
struct ShardSeen {
  Shard shard;
  Detector::Figures figures;
  std::optional<std::int64_t> call_log_lag;  ///< records; none while it is not known
};

/// How far a shard is behind now in event time while inputs are still being read; nothing if it keeps up. One whose inputs all stand at
/// their end keeps up whatever their events' times are.
std::optional<std::chrono::seconds> behind(const Detector::Figures& figures, WallTime now);

/// `caught_up` for /readyz: not ok while a shard or an input of this process is behind; says how far, in event time and messages.
Check catch_up(const std::vector<ShardSeen>& shards, const std::vector<kafka::SourceFigures>& sources, WallTime now);

}  // namespace imdswatch
