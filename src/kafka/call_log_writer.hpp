#pragma once

#include <deque>
#include <optional>
#include <string>

#include "ack_watch.hpp"
#include "client.hpp"
#include "commit_ledger.hpp"

namespace imdswatch::kafka {

/// The call log's producer: in order and without a gap, or not at all. Never blocks: what librdkafka's queue does not take
/// waits here. After a failed delivery nothing more is written until `reopen`.
class CallLogWriter {
 public:
  /// `stalled_after`: without any acknowledgement from a partition for so long, a fact says so.
  CallLogWriter(const KafkaSettings& settings, Reporting reporting, std::chrono::milliseconds stalled_after)
      : settings_(settings), reporting_(std::move(reporting)), acks_(settings.shards, stalled_after) {}

  /// A new producer; what the one before held is thrown away, with every checkpoint that was not committable.
  Result<void> reopen();
  void write(Shard shard, std::string key, std::string value);
  /// Serves acknowledgements and hands over what waits.
  void poll(int timeout_ms = 0);
  /// Whether records wait here because the producer's queue is full: read no more until they are gone.
  [[nodiscard]] bool congested() const { return !waiting_.empty(); }
  /// What failed, since `reopen`.
  [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }
  [[nodiscard]] CommitLedger& ledger() { return ledger_; }
  [[nodiscard]] const CommitLedger& ledger() const { return ledger_; }
  [[nodiscard]] std::uint64_t written() const { return written_; }
  /// The partition that has acknowledged nothing for longest, once that is told.
  [[nodiscard]] std::optional<CallLogStalled> stalled() const;
  /// Throws away producer and queue; for the end of a stop.
  void close();

 private:
  struct Record {
    Shard shard;
    std::string key, value;
    std::uint64_t number;
  };
  bool produce(const Record& record);  ///< false: the queue is full
  void delivered(const rd_kafka_message_t& message);
  [[nodiscard]] CallLogStalled as_fact(const AckWatch::Stall& stall) const;

  const KafkaSettings& settings_;
  Reporting reporting_;
  CommitLedger ledger_;
  AckWatch acks_;
  AckWatch::Time now_{};  ///< of the last poll
  std::deque<Record> waiting_;
  std::optional<std::string> failure_;
  std::uint64_t written_ = 0;
  std::optional<Client> client_;  // last: its callbacks use what stands above
};

}  // namespace imdswatch::kafka
