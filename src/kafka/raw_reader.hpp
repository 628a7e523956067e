#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "imdswatch/kafka/sieve_runner.hpp"
#include "admin.hpp"
#include "asker.hpp"
#include "call_log_writer.hpp"
#include "client.hpp"
#include "dead_letters.hpp"
#include "end_watch.hpp"
#include "fencing.hpp"
#include "instant.hpp"
#include "message_batch.hpp"

namespace imdswatch::kafka {

using SteadyTime = std::chrono::steady_clock::time_point;

/// The work of SieveRunner's thread. Nothing in it waits for a broker but `finish`: what takes time is asked by `asker_`.
///
/// The group's rebalances are answered at once with an empty change; a partition is given to librdkafka, with an exact offset,
/// when all that is to be known of it is known. So reading starts without a seek, and starting again is taking away and giving.
class RawReader {
 public:
  RawReader(KafkaSettings settings, SieveRunnerConfig config, Reporting reporting, SieveRunner::DetectorTime detector_time);
  Result<void> open();
  /// One round: at most a batch of messages, some 50 ms where there are none.
  void turn();
  /// An error says what was read and is not committed.
  Result<void> finish(std::chrono::milliseconds deadline);
  [[nodiscard]] SieveFigures figures() const;
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  enum class Phase { waiting, preparing, reading };
  struct Source {
    Phase phase = Phase::waiting;
    std::uint64_t plan = 0;                  ///< answers to older questions fall away
    std::optional<SteadyTime> retry_at;      ///< while waiting: when to prepare it (again)
    std::optional<std::string> lost_offset;  ///< the log has lost our place: why; start at the earliest offset
    std::optional<TopicPartition> id;        ///< known once prepared; kept over a restart, to see a topic made anew
    bool in_sieve = false;
    Offset from, begin, next;                ///< where it was started, first one to be read in full, next one expected
    LeaderEpoch epoch{-1};
    bool read_any = false;                   ///< so that the sieve knows a position
    bool holds_place = false;                ///< began at the end: its place is committed before anything is read
    bool committed = false;
    std::int64_t passed_over = 0;            ///< where it began at the latest offset, and nothing was committed
    Offset checkpointed{-1};                 ///< last position given to the ledger
    bool eof = false;                        ///< by local belief; only for pacing
    bool ahead = false, paused = false;
    bool settled = false;
    std::optional<EventTime> told;           ///< watermark of its last progress record
    EndWatch end;
  };
  using SourceRef = std::map<NamedPartition, Source>::value_type;
  struct Prepared {
    std::optional<Error> error;
    std::map<std::string, TopicInfo> topics;
    std::map<NamedPartition, Committed> committed;
    std::map<NamedPartition, Offset> earliest, latest;
  };

  Result<void> join_group();
  void join_anew();

  // raw_assignment.cpp
  void on_rebalance(rd_kafka_resp_err_t what, const rd_kafka_topic_partition_list_t& list);
  void revoked(const std::vector<NamedPartition>& partitions);
  void prepare(std::vector<NamedPartition> partitions);
  void prepared(const std::map<NamedPartition, std::uint64_t>& plans, const Prepared& answer);
  std::optional<WallTime> place(SourceRef& source, const Prepared& answer);
  void start(SourceRef& source, std::optional<Offset> warm_from);
  void put_off(SourceRef& source, const std::string& why);
  void release(SourceRef& source);
  void start_again(SourceRef& source);
  Source* planned(const NamedPartition& name, std::uint64_t plan);
  void take_roster(std::map<std::string, TopicInfo> topics);
  void ask_roster();

  // raw_reader.cpp
  void read_batch();
  void handle(const rd_kafka_message_t& message);
  void handle_error(const rd_kafka_message_t& message);
  void emit(const rd_kafka_message_t* message, SteadyTime now);
  void housekeeping();
  void mind_the_writer(SteadyTime now);
  void pace_sources();
  void apply_pauses();

  // raw_progress.cpp
  void ask_ends();
  void write_progress(SteadyTime now);
  /// Whether a watermark has moved far since it was last told.
  [[nodiscard]] bool has_leapt() const;
  void commit_ready();
  std::map<TopicPartition, Checkpoint> newest_committable();
  void commit(const std::map<TopicPartition, Checkpoint>& ready);
  [[nodiscard]] Result<void> all_committed() const;
  void checkpoint_sources();
  static void on_commit(rd_kafka_t* client, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list, void* opaque);
  void committed(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* list);

  KafkaSettings settings_;
  SieveRunnerConfig config_;
  Reporting reporting_;
  SieveRunner::DetectorTime detector_time_;
  Sieve sieve_;
  SieveOutput out_;
  CallLogWriter writer_;
  DeadLetters dead_letters_;
  std::map<NamedPartition, Source> sources_;
  std::map<std::string, TopicInfo> topics_;
  std::vector<RosterEntry> roster_;
  std::set<NamedPartition> restart_;      ///< after the batch in hand
  MessageBatch batch_;
  SourceRef* current_ = nullptr;          ///< of the message before, within a batch
  const rd_kafka_topic_t* current_topic_ = nullptr;
  SteadyTime now_{};
  SteadyTime next_progress_{}, next_commit_{}, next_roster_{}, next_pacing_{}, next_leap_check_{};
  std::uint64_t plans_ = 0, producers_lost_ = 0, written_at_reopen_ = 0;
  std::optional<SteadyTime> reopen_at_;
  std::chrono::milliseconds backoff_{1'000};
  std::optional<SteadyTime> rebalancing_since_;
  std::optional<WallTime> first_message_, last_message_;
  Fencing fencing_;
  bool join_anew_ = false;                ///< after the batch in hand
  bool asking_ends_ = false, joined_ = false, closing_ = false;
  int commits_in_flight_ = 0;
  std::optional<std::string> commit_error_;  ///< of the latest commit
  Generation generation_{-1};
  std::optional<Error> failure_;
  std::atomic<bool> stopping_{false};     ///< cuts the asker's questions short
  std::optional<Client> consumer_;
  QueueHandle queue_, commit_queue_;
  std::optional<Asker> asker_;            // last: its thread uses the consumer
};

inline constexpr std::chrono::milliseconds question_timeout{5'000};

}  // namespace imdswatch::kafka
