#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "imdswatch/base/ids.hpp"
#include "imdswatch/base/time.hpp"
#include "imdswatch/detector/doors.hpp"

/// What the kafka room has to tell. Each is emitted in one place; telemetry makes log lines and metrics of them.
namespace imdswatch::kafka {

struct NamedPartition {
  std::string topic;
  Partition partition;
  friend auto operator<=>(const NamedPartition&, const NamedPartition&) = default;
};

struct PartitionsAssigned { std::string group; std::vector<NamedPartition> partitions; };
/// `lost`: the group has given them to someone else already (this process was away for too long).
struct PartitionsRevoked { std::string group; std::vector<NamedPartition> partitions; bool lost = false; };
/// Reading of a raw partition begins at `from`; what lies before `next` is read for process starts only.
/// `passed_over`: messages before `next` that are never read, where nothing is committed and `start_at` is the latest.
struct SourceStarted { NamedPartition source; Offset from; Offset next; bool committed = false; std::int64_t passed_over = 0; };
/// The topic of this name is not the one that was read before: it is read from its beginning.
struct TopicMadeAnew { NamedPartition source; TopicId before; TopicId now; };
/// The log does not have the offset to go on from: what lay between is gone. Reading goes on from the earliest one.
struct OffsetOutOfRange { NamedPartition source; Offset wanted; Offset earliest; std::string detail; };
/// The call log's producer was thrown away; its partitions start again from their committed offsets after `retry_in`.
struct DeliveryFailed { std::string topic; std::string detail; std::chrono::milliseconds retry_in{}; };
/// A partition of the call log acknowledges nothing of what was written to it, or it does again (`over`): brokers with too few in-sync
/// replicas, or a full disk, refuse it, and it is tried again. `silent`: for how long, since `since`; `records`: that wait.
struct CallLogStalled {
  NamedPartition partition;
  std::uint64_t records = 0;
  std::chrono::milliseconds silent{};
  WallTime since;
  bool over = false;
};
struct OffsetsCommitted { std::string group; std::size_t partitions = 0; };
struct OffsetCommitFailed { std::string group; std::string detail; };
/// Rejected records that did not reach the dead-letter topic: over the rate, or not delivered.
struct DeadLettersDropped { std::uint64_t over_rate = 0; std::uint64_t failed = 0; std::string detail; };
/// Held back because it runs ahead of the detector's time, or let go again.
struct SourcePaused { NamedPartition source; bool paused = false; };
/// What runs ahead is held back by the detector's time as the call log tells it; or not, since that cannot be read (`why`).
struct PacingChanged { bool by_call_log = true; std::string why; };
/// While a broker is away librdkafka says so many times a second: the same code of a client is told every 10 s, with how many
/// more there were (`untold`).
struct BrokerError { std::string client; std::string code; std::string detail; bool fatal = false; std::uint64_t untold = 0; };
struct ShardTaken { Shard shard; };
struct ShardLeft { Shard shard; std::string why; };
/// A shard's turn failed; it is tried again after `retry_in`.
struct ShardFailed { Shard shard; std::string detail; std::chrono::milliseconds retry_in{}; };
struct StateRead { Shard shard; std::uint64_t rows = 0; std::chrono::milliseconds took{}; };
/// A record of the call log that does not decode; it is passed over.
struct CallLogRecordRejected { Shard shard; Offset offset; std::string detail; };
struct ShardCommitted {
  Shard shard;
  CommitOutcome outcome{};
  std::size_t alerts = 0, rows = 0;
  Offset next;
  std::chrono::microseconds took{};
  std::string detail;  ///< why, if it is not `committed`
};

using KafkaFact =
    std::variant<PartitionsAssigned, PartitionsRevoked, SourceStarted, TopicMadeAnew, OffsetOutOfRange, DeliveryFailed, CallLogStalled,
                 OffsetsCommitted, OffsetCommitFailed, DeadLettersDropped, SourcePaused, PacingChanged, BrokerError, ShardTaken,
                 ShardLeft, ShardFailed, StateRead, CallLogRecordRejected, ShardCommitted>;

/// Called from any of the room's threads, and librdkafka's: must not block, and not call back into the room.
using FactSink = std::function<void(const KafkaFact&)>;
/// librdkafka's own log lines: syslog level (0–7), facility, text. Same rules.
using LogSink = std::function<void(int level, std::string_view facility, std::string_view text)>;

struct Reporting {
  LogSink log;    ///< may be empty
  FactSink fact;  ///< may be empty
  void tell(const KafkaFact& what) const {
    if (fact) fact(what);
  }
};

}  // namespace imdswatch::kafka
