#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "imdswatch/detector/detector.hpp"
#include "imdswatch/detector/doors.hpp"
#include "imdswatch/sieve/sieve.hpp"

/// What the program has to tell of itself. Each is a struct that is emitted in one place; telemetry makes log lines and metrics
/// of it. Text in a fact is for the log only, unless it says that it is a label: labels come from bounded sets.
namespace imdswatch::fact {

// The process.
struct Started {
  std::string version, config_version, config_file;
  std::map<std::string, std::string> libraries;  ///< name → version; labels of imdswatch_build_info
};
/// Every stage of this process has joined its group and restored its state, for the first time.
struct Ready { std::chrono::milliseconds after{}; };
/// Whether that holds now, as /readyz says.
struct Readiness { bool ready = false; };
struct Stopping { std::string why; };                 ///< "SIGTERM"
struct Stopped {
  enum class How { all_committed, incomplete, before_reading, failed };
  How how = How::all_committed;
  std::string detail;  ///< what is not committed; why it stopped before it read; what failed and what to do
};
/// A line of librdkafka's own; syslog level 0–7.
struct LibraryLog { int level = 6; std::string facility, text; };

// Stage one.
struct PartitionsAssigned { std::string group; std::size_t partitions = 0; std::string names; };
struct PartitionsRevoked { std::string group; std::size_t partitions = 0; bool lost = false; std::string names; };
struct SourceStarted { std::string topic; Partition partition; Offset from, next; bool committed = false; std::int64_t passed_over = 0; };
struct TopicMadeAnew { std::string topic; Partition partition; std::string before, now; };
struct OffsetOutOfRange { std::string topic; Partition partition; Offset wanted, earliest; std::string detail; };
struct DeliveryFailed { std::string topic, detail; std::chrono::milliseconds retry_in{}; };
/// A call log partition acknowledges nothing of the `records` that were written to it for `silent`; or does again (`over`).
struct CallLogStalled {
  std::string topic;
  Partition partition;
  std::uint64_t records = 0;
  std::chrono::milliseconds silent{};
  WallTime since;
  bool over = false;
};
struct OffsetCommitFailed { std::string group, detail; };
struct SourcePaused { std::string topic; Partition partition; bool paused = false; };
struct PacingChanged { bool by_call_log = true; std::string why; };  ///< not by it: why it cannot be read
struct DeadLettersDropped { std::uint64_t over_rate = 0, failed = 0; std::string detail; };  ///< since the last such fact
/// client, code: labels. `untold`: more of the same since the last one.
struct BrokerError { std::string client, code, detail; bool fatal = false; std::uint64_t untold = 0; };

/// A sieve's totals, every few seconds. They may begin anew; `sieve` tells the sieves of a process apart.
struct SieveFigures {
  int sieve = 0;
  SieveCounters counters;
  std::size_t process_table_bytes = 0;
  std::uint64_t call_log_records = 0, producers_lost = 0, dead_letters = 0;  ///< totals too
  std::uint64_t unacknowledged = 0;                                          ///< now
  std::chrono::milliseconds call_log_silent{};                               ///< of the call log partition that is stalled for longest
  std::optional<WallTime> first_message, last_message;                       ///< when messages were read
};
/// How far an owned input partition is. topic, partition: labels.
struct SourceFigures {
  std::string topic;
  Partition partition;
  std::optional<std::int64_t> lag_records;  ///< to the end that the broker last told
  std::optional<EventTime> watermark;
  bool at_end = false, paused = false;
};
struct SourceGone { std::string topic; Partition partition; };  ///< no longer owned: its figures are taken away

// Stage two. shard is a label.
struct ShardTaken { Shard shard; };
struct StateRestored { Shard shard; std::uint64_t rows = 0; std::chrono::milliseconds took{}; };
struct ShardLeft { Shard shard; std::string why; };
struct ShardRebuilt { Shard shard; CommitOutcome because{}; };           ///< after anything but `committed`
struct ShardFailed { Shard shard; std::string detail; std::chrono::milliseconds retry_in{}; };
struct CallLogRecordRejected { Shard shard; Offset offset; std::string detail; };
struct Committed {
  Shard shard;
  CommitOutcome outcome{};
  std::size_t alerts = 0, rows = 0;
  std::chrono::microseconds took{};
  std::string detail;                      ///< why, if it is not `committed`
};
/// A run whose effects are committed. `took`: from its first judgement to its end, in memory.
struct RunCompleted { Shard shard; RunSummary summary; std::chrono::microseconds took{}; };
/// Every few seconds.
struct DetectorFigures {
  Shard shard;
  Detector::Figures figures;
  std::optional<std::int64_t> call_log_lag_records;
  std::optional<std::uint64_t> state_rows;
  std::optional<std::chrono::seconds> behind;  ///< event time behind now; 0 while it keeps up, none while not known
};

}  // namespace imdswatch::fact

namespace imdswatch {

using Fact = std::variant<fact::Started, fact::Ready, fact::Readiness, fact::Stopping, fact::Stopped, fact::LibraryLog, fact::PartitionsAssigned,
                          fact::PartitionsRevoked, fact::SourceStarted, fact::TopicMadeAnew, fact::OffsetOutOfRange,
                          fact::DeliveryFailed, fact::CallLogStalled, fact::OffsetCommitFailed, fact::SourcePaused, fact::PacingChanged,
                          fact::DeadLettersDropped, fact::BrokerError, fact::SieveFigures, fact::SourceFigures, fact::SourceGone, fact::ShardTaken,
                          fact::StateRestored, fact::ShardLeft, fact::ShardRebuilt, fact::ShardFailed, fact::CallLogRecordRejected,
                          fact::Committed, fact::RunCompleted, fact::DetectorFigures>;

}  // namespace imdswatch
