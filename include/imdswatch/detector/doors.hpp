#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "imdswatch/alert/alert.hpp"
#include "imdswatch/base/result.hpp"
#include "imdswatch/calllog/record.hpp"
#include "imdswatch/state/row.hpp"

namespace imdswatch {

/// The few doors through which a shard meets the world: Kafka in `run`, vectors in `demo`, `replay` and the simulator.

/// Reads a shard's state topic, read-committed, to the end that stood when reading began.
class StateReader {
 public:
  virtual ~StateReader() = default;
  /// Calls `row` for each record in the topic's order (later ones win); stops at its first error.
  virtual Result<void> read(const std::function<Result<void>(const StateRow&)>& row) = 0;
};

/// A shard's call log.
class LogSource {
 public:
  virtual ~LogSource() = default;
  /// Goes on from `next`; without one, from the log's beginning. An offset that the log no longer has is Errc::kafka_fatal.
  virtual Result<void> seek(std::optional<Offset> next) = 0;
  /// At most `max_records`, in order; none if there are none at the moment.
  virtual Result<std::vector<LogRecord>> poll(std::size_t max_records) = 0;
};

/// What a step sequence leads to; all of it happens, or nothing.
struct ShardCommit {
  std::span<const Alert> alerts;
  std::span<const StateRow> rows;  ///< the position among them
  Offset next;                     ///< call log offset to go on from, committed for the consumer group too
};

enum class CommitOutcome : std::uint8_t { committed, aborted, unknown, fenced };

/// Writes in one transaction; one `transactional.id` per shard.
class CommitOutlet {
 public:
  virtual ~CommitOutlet() = default;
  /// Ends what a predecessor has open and fences it (init_transactions). To be called before the state is read.
  virtual Result<void> open() = 0;
  virtual CommitOutcome commit(const ShardCommit& commit) = 0;
};

}  // namespace imdswatch
