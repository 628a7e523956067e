#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "log_line.hpp"

namespace imdswatch::telemetry_detail {

/// Sees what figures and runs show only by change: learning begins and ends, a partition falls silent, a clock is wrong, an
/// exception has expired.
class Watch {
 public:
  /// Lines to log beside the fact's own.
  std::vector<LogLine> look(const Fact& what);

 private:
  void look(const fact::DetectorFigures& now, std::vector<LogLine>& out);
  void look(const fact::RunCompleted& run, std::vector<LogLine>& out);
  void look(const fact::SieveFigures& now, std::vector<LogLine>& out);

  struct Shown {
    bool learning = false;
    std::size_t silent = 0, left_out = 0;
  };
  std::map<Shard, Shown> shards_;
  std::set<std::string> expired_;                ///< exceptions told of
  std::map<int, std::uint64_t> clock_skewed_;  ///< by sieve
};

}  // namespace imdswatch::telemetry_detail
