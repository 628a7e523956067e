#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "produce.hpp"
#include "shard_doors.hpp"

/// One transaction for each commit: alerts, state rows and the call log's offset, or none of them.
namespace imdswatch::kafka {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds open_patience{60};
constexpr std::chrono::seconds patience_when_stopping{15};  ///< within a stop's deadline
constexpr int slice_ms = 2'000;
constexpr int membership_tries = 10;
constexpr std::chrono::milliseconds membership_wait{200};
constexpr std::chrono::milliseconds ask_timeout{15'000};

bool is_membership(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION || code == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ||
         code == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS;
}

}  // namespace

bool KafkaCommitOutlet::Patience::over() {
  if (stopping_ && !hurried_) {
    hurried_ = true;
    until_ = std::min(until_, Clock::now() + patience_when_stopping);
  }
  return Clock::now() > until_;
}

std::chrono::milliseconds KafkaCommitOutlet::transaction_timeout() const {
  const auto set = settings_.properties.find("transaction.timeout.ms");  // librdkafka has checked it
  return set == settings_.properties.end() ? usual_patience : std::chrono::milliseconds{std::strtoll(set->second.c_str(), nullptr, 10)};
}

void KafkaCommitOutlet::discard() {
  if (!producer_) return;
  static_cast<void>(rd_kafka_purge(producer_->get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING));
  producer_.reset();
}

Result<void> KafkaCommitOutlet::open() {
  discard();
  auto opened = Client::open(settings_, Role::shard_producer, reporting_, {},
                             {{"transactional.id", settings_.prefix + "-shard-" + std::to_string(shard_.value())},
                              {"transaction.timeout.ms", std::to_string(transaction_timeout().count())}});
  if (!opened) return std::move(opened).error();
  producer_ = *std::move(opened);
  const auto until = Clock::now() + open_patience;
  while (true) {
    const ErrorHandle error{rd_kafka_init_transactions(producer_->get(), slice_ms)};
    if (!error) return note_topics();
    const bool again = rd_kafka_error_is_retriable(error.get()) != 0 && rd_kafka_error_is_fatal(error.get()) == 0;
    if (again && !stopping_ && Clock::now() < until) continue;
    auto code = errc_of(rd_kafka_error_code(error.get()));
    if (const auto dead = producer_->fatal()) code = dead->code;
    if (again) code = Errc::kafka_unavailable;
    const Error out{code, "shard " + std::to_string(shard_.value()) + ": init_transactions: " + describe(error)};
    discard();
    return out;
  }
}

Result<void> KafkaCommitOutlet::note_topics() {
  auto topics = ask_shard_topics(producer_->get(), settings_.topics, ask_timeout);
  if (!topics) {
    discard();
    return std::move(topics).error();
  }
  topics_ = encode(*topics);
  return {};
}

CommitOutcome KafkaCommitOutlet::commit(const ShardCommit& commit) {
  const auto began = Clock::now();
  Step step{CommitOutcome::aborted, "the shard's producer is not open"};
  Patience patience{stopping_};
  for (int tries = 0; producer_ && tries < membership_tries; ++tries) {
    step = attempt(commit, patience);
    if (!step.stale_membership || stopping_) break;
    std::this_thread::sleep_for(membership_wait);  // the group settles; whether the shard is still ours it says then
  }
  const auto took = Clock::now() - began;
  if (step.outcome != CommitOutcome::committed && took > transaction_timeout()) {
    step.why += "; it took " + std::to_string(took / std::chrono::seconds{1}) +
                " s, and the brokers end a transaction after transaction.timeout.ms: raise that in kafka.properties";
  }
  if (step.outcome != CommitOutcome::committed) discard();  // nothing is committed any more before `open`
  reporting_.tell(ShardCommitted{shard_, step.outcome, commit.alerts.size(), commit.rows.size(), commit.next,
                                 std::chrono::duration_cast<std::chrono::microseconds>(took), step.why});
  return step.outcome;
}

KafkaCommitOutlet::Step KafkaCommitOutlet::attempt(const ShardCommit& commit, Patience& patience) {
  const ErrorHandle begun{rd_kafka_begin_transaction(producer_->get())};
  if (begun) return fatal(begun, false);  // nothing was sent: aborted, unless fenced
  if (auto failed = write(commit, patience)) return *std::move(failed);
  if (auto failed = send_offsets(commit.next, patience)) return *std::move(failed);
  return end_transaction(patience);
}

std::optional<KafkaCommitOutlet::Step> KafkaCommitOutlet::put(const Outgoing& message, Patience& patience) {
  while (true) {
    const auto code = produce(producer_->get(), message);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL || patience.over()) {
      return abort("produce to " + message.topic + ": " + describe(code), false, patience);
    }
    static_cast<void>(rd_kafka_poll(producer_->get(), 50));
  }
}

std::optional<KafkaCommitOutlet::Step> KafkaCommitOutlet::put(const StateRow& row, Patience& patience) {
  Outgoing message{.topic = settings_.topics.state, .partition = shard_.value(), .key = row.key, .value = std::nullopt};
  if (row.value) message.value = *row.value;
  return put(message, patience);
}

std::optional<KafkaCommitOutlet::Step> KafkaCommitOutlet::write(const ShardCommit& commit, Patience& patience) {
  for (const auto& alert : commit.alerts) {
    if (auto failed = put({.topic = settings_.topics.alerts, .key = alert.key, .value = alert.json}, patience)) return failed;
  }
  for (const auto& row : commit.rows) {
    if (auto failed = put(row, patience)) return failed;
  }
  return put(*topics_, patience);
}

std::optional<KafkaCommitOutlet::Step> KafkaCommitOutlet::send_offsets(Offset next, Patience& patience) {
  const auto list = make_list(1);
  rd_kafka_topic_partition_list_add(list.get(), settings_.topics.call_log.c_str(), shard_.value())->offset = next.value();
  bool asked_again = false;
  while (true) {
    const auto membership = membership_();
    if (!membership) return abort("this instance is not a member of the group " + settings_.detector_group(), false, patience);
    const ErrorHandle error{rd_kafka_send_offsets_to_transaction(producer_->get(), list.get(), membership.get(), slice_ms)};
    if (!error) return std::nullopt;
    if (rd_kafka_error_is_fatal(error.get()) != 0) return fatal(error, false);
    const auto code = rd_kafka_error_code(error.get());
    // A write that is refused meanwhile ends the transaction under this call, which then tells only of the state: asked again, it tells why.
    if (code == RD_KAFKA_RESP_ERR__STATE && !std::exchange(asked_again, true)) continue;
    if (rd_kafka_error_is_retriable(error.get()) != 0 && rd_kafka_error_txn_requires_abort(error.get()) == 0 && !patience.over()) continue;
    auto step = abort("send_offsets_to_transaction: " + describe(error), false, patience);
    step.stale_membership = step.outcome == CommitOutcome::aborted && is_membership(code);
    return step;
  }
}

KafkaCommitOutlet::Step KafkaCommitOutlet::end_transaction(Patience& patience) {
  while (true) {
    const ErrorHandle error{rd_kafka_commit_transaction(producer_->get(), slice_ms)};
    if (!error) return {CommitOutcome::committed, {}};
    if (rd_kafka_error_is_fatal(error.get()) != 0) return fatal(error, true);
    if (rd_kafka_error_txn_requires_abort(error.get()) != 0) return abort("commit_transaction: " + describe(error), true, patience);
    if (rd_kafka_error_is_retriable(error.get()) == 0 || patience.over()) {
      return {CommitOutcome::unknown, "commit_transaction: " + describe(error)};
    }
  }
}

/// After this the transaction is known not to have happened, if the broker says so, or if its end was never asked for: a
/// transaction that nobody ends is aborted by `open` or by its timeout.
KafkaCommitOutlet::Step KafkaCommitOutlet::abort(std::string why, bool commit_tried, Patience& patience) {
  while (true) {
    const ErrorHandle error{rd_kafka_abort_transaction(producer_->get(), slice_ms)};
    if (!error) return {CommitOutcome::aborted, std::move(why)};
    if (rd_kafka_error_is_fatal(error.get()) != 0) {
      auto step = fatal(error, commit_tried);
      step.why = why + "; " + step.why;
      return step;
    }
    if (rd_kafka_error_is_retriable(error.get()) != 0 && !patience.over()) continue;
    return {commit_tried ? CommitOutcome::unknown : CommitOutcome::aborted, why + "; abort_transaction: " + describe(error)};
  }
}

KafkaCommitOutlet::Step KafkaCommitOutlet::fatal(const ErrorHandle& error, bool commit_tried) const {
  const auto dead = producer_->fatal();
  const bool fenced = errc_of(rd_kafka_error_code(error.get())) == Errc::fenced || (dead && dead->code == Errc::fenced);
  if (fenced) return {CommitOutcome::fenced, describe(error)};
  return {commit_tried ? CommitOutcome::unknown : CommitOutcome::aborted, describe(error)};
}

}  // namespace imdswatch::kafka
