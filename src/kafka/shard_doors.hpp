#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "imdswatch/detector/doors.hpp"
#include "client.hpp"
#include "shard_topics.hpp"

/// What is left where a shard's state has no continuation in its call log.
inline constexpr const char* begin_anew = "Begin anew with a kafka.prefix and topics of its own, or see docs/operations.md, When the brokers fail";

/// A shard's three doors over Kafka. All of a shard's doors are used by one thread; `stopping` may be set by another one, and
/// cuts waiting short.
namespace imdswatch::kafka {

class KafkaStateReader final : public StateReader {
 public:
  /// Gives up where nothing came for `patience`.
  KafkaStateReader(const KafkaSettings& settings, Reporting reporting, Shard shard, const std::atomic<bool>& stopping,
                   std::chrono::seconds patience = std::chrono::seconds{60})
      : settings_(settings), reporting_(std::move(reporting)), shard_(shard), stopping_(stopping), patience_(patience) {}
  Result<void> read(const std::function<Result<void>(const StateRow&)>& row) override;

 private:
  Result<Offset> end_offset(rd_kafka_t* client);
  Result<void> expect_continuation(rd_kafka_t* client, bool has_state, const std::optional<ShardTopics>& then);
  Result<void> expect_same_topics(rd_kafka_t* client, const ShardTopics& then, bool has_committed);
  Result<std::uint64_t> read_to(Offset end, rd_kafka_t* client, const std::function<Result<void>(const StateRow&)>& row);
  /// Why there was nothing to read before `end`.
  [[nodiscard]] Error held_back(Offset end, rd_kafka_t* client) const;
  [[nodiscard]] NamedPartition partition() const { return {settings_.topics.state, Partition{shard_.value()}}; }
  const KafkaSettings& settings_;
  Reporting reporting_;
  Shard shard_;
  const std::atomic<bool>& stopping_;
  std::chrono::seconds patience_;
};

/// A consumer of its own with an assignment of its own, not the group's: where it reads from is the detector's state to say, and
/// no rebalance, seek or committed offset comes in between.
class KafkaLogSource final : public LogSource {
 public:
  KafkaLogSource(const KafkaSettings& settings, Reporting reporting, Shard shard, const std::atomic<bool>& stopping)
      : settings_(settings), reporting_(std::move(reporting)), shard_(shard), stopping_(stopping) {}
  Result<void> seek(std::optional<Offset> next) override;
  Result<std::vector<LogRecord>> poll(std::size_t max_records) override;
  /// Asks the brokers; after a seek.
  Result<Offset> ask_end();
  /// For figures; from any thread.
  [[nodiscard]] std::optional<Offset> next() const { return known(next_); }
  [[nodiscard]] std::optional<Offset> end() const { return known(end_); }

 private:
  static std::optional<Offset> known(const std::atomic<std::int64_t>& offset) {
    const auto value = offset.load();
    return value < 0 ? std::nullopt : std::optional{Offset{value}};
  }
  Result<void> take(const rd_kafka_message_t& message, std::vector<LogRecord>& out);
  const KafkaSettings& settings_;
  Reporting reporting_;
  Shard shard_;
  const std::atomic<bool>& stopping_;
  std::atomic<std::int64_t> next_{-1}, end_{-1};
  std::optional<Client> client_;
  QueueHandle queue_;
};

class KafkaCommitOutlet final : public CommitOutlet {
 public:
  /// The group's metadata at the moment of a commit: with it the broker refuses the commit of one who is no longer a member.
  using Membership = std::function<GroupMetadataHandle()>;
  KafkaCommitOutlet(const KafkaSettings& settings, Reporting reporting, Shard shard, const std::atomic<bool>& stopping,
                    Membership membership)
      : settings_(settings), reporting_(std::move(reporting)), shard_(shard), stopping_(stopping), membership_(std::move(membership)) {}
  ~KafkaCommitOutlet() override { discard(); }
  KafkaCommitOutlet(const KafkaCommitOutlet&) = delete;
  KafkaCommitOutlet& operator=(const KafkaCommitOutlet&) = delete;
  Result<void> open() override;
  CommitOutcome commit(const ShardCommit& commit) override;

 private:
  /// Also how long the brokers leave a transaction open, unless the user says otherwise.
  static constexpr std::chrono::seconds usual_patience{90};
  /// For how long a commit is tried; once the shard is to be left, for a shorter while.
  class Patience {
   public:
    explicit Patience(const std::atomic<bool>& stopping) : stopping_(stopping) {}
    [[nodiscard]] bool over();

   private:
    using Clock = std::chrono::steady_clock;
    const std::atomic<bool>& stopping_;
    bool hurried_ = false;
    Clock::time_point until_ = Clock::now() + usual_patience;
  };
  struct Step {
    CommitOutcome outcome{};
    std::string why;
    bool stale_membership = false;  ///< aborted because a rebalance went by: worth another try as it is
  };
  Result<void> note_topics();
  Step attempt(const ShardCommit& commit, Patience& patience);
  std::optional<Step> write(const ShardCommit& commit, Patience& patience);
  std::optional<Step> put(const struct Outgoing& message, Patience& patience);
  std::optional<Step> put(const StateRow& row, Patience& patience);
  std::optional<Step> send_offsets(Offset next, Patience& patience);
  Step end_transaction(Patience& patience);
  Step abort(std::string why, bool commit_tried, Patience& patience);
  [[nodiscard]] Step fatal(const ErrorHandle& error, bool commit_tried) const;
  [[nodiscard]] std::chrono::milliseconds transaction_timeout() const;
  void discard();

  const KafkaSettings& settings_;
  Reporting reporting_;
  Shard shard_;
  const std::atomic<bool>& stopping_;
  Membership membership_;
  std::optional<StateRow> topics_;  ///< goes with every commit
  std::optional<Client> producer_;
};

}  // namespace imdswatch::kafka
