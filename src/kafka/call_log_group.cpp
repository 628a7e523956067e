#include "imdswatch/kafka/call_log_group.hpp"

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include "admin.hpp"
#include "fencing.hpp"
#include "shard_workers.hpp"
#include "thread_name.hpp"

namespace imdswatch::kafka {
namespace {

constexpr int poll_ms = 100;
constexpr std::chrono::seconds leave_patience{10};
constexpr std::chrono::seconds heartbeat_patience{5};  ///< for its answer

}  // namespace

struct CallLogGroup::Impl {
  Impl(KafkaSettings settings_in, Reporting reporting_in, ShardFactory factory)
      : settings(std::move(settings_in)),
        reporting(std::move(reporting_in)),
        workers(settings, reporting, std::move(factory), [this](const Error& error) { ended(error); }) {}

  Result<void> join_group() {
    Callbacks callbacks;
    callbacks.rebalance = [this](rd_kafka_resp_err_t what, const rd_kafka_topic_partition_list_t& list) { on_rebalance(what, list); };
    auto opened = Client::open(settings, Role::shard_member, reporting, std::move(callbacks));
    if (!opened) return std::move(opened).error();
    member = *std::move(opened);
    const auto list = make_list(1);
    rd_kafka_topic_partition_list_add(list.get(), settings.topics.call_log.c_str(), RD_KAFKA_PARTITION_UA);
    const auto code = rd_kafka_subscribe(member->get(), list.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return Error{Errc::config_invalid, "subscribe to the call log: " + describe(code)};
    return {};
  }

  /// The member owns shards in the group's eyes, but reads nothing: its own assignment stays empty.
  void on_rebalance(rd_kafka_resp_err_t what, const rd_kafka_topic_partition_list_t& list) {
    const auto nothing = make_list(0);
    const auto partitions = to_partitions(list);
    if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      const ErrorHandle error{rd_kafka_incremental_assign(member->get(), nothing.get())};
      reporting.tell(PartitionsAssigned{settings.detector_group(), partitions});
      if (!leaving) {
        for (const auto& one : partitions) take(Shard{one.partition.value()});
      }
      joined = true;
      return;
    }
    const bool lost = rd_kafka_assignment_lost(member->get()) != 0;
    std::vector<Shard> shards;
    for (const auto& one : partitions) shards.push_back(Shard{one.partition.value()});
    workers.leave(shards, lost);
    if (lost) join_at.reset();  // all of them: librdkafka joins anew by itself, and each worker then is a new one
    const ErrorHandle error{rd_kafka_incremental_unassign(member->get(), nothing.get())};
    reporting.tell(PartitionsRevoked{settings.detector_group(), partitions, lost});
  }

  void take(Shard shard) {
    workers.take(shard, [client = member->get()] { return GroupMetadataHandle{rd_kafka_consumer_group_metadata(client)}; });
  }

  void ended(const Error& error) {
    if (error.code == Errc::fenced) producer_fenced = true;
    else fail(error);
  }

  void run(const std::stop_token& stop) {
    name_thread("call log group");
    while (!stop.stop_requested() && !failed()) {
      if (producer_fenced.exchange(false)) join_at = std::chrono::steady_clock::now() + until_the_group_has_spoken();
      if (const MessageHandle message{rd_kafka_consumer_poll(member->get(), poll_ms)}) on_error(*message);
      if (!join_at || std::chrono::steady_clock::now() < *join_at) continue;
      join_at.reset();
      joined = false;
      workers.leave_all(true);
      producer_fenced = false;  // no more of theirs
      leaving = true;
      member->close_consumer(std::chrono::steady_clock::now() + leave_patience);
      member.reset();
      leaving = false;
      if (!pause_before_joining(stop)) break;
      if (auto done = join_group(); !done) fail(done.error());
    }
    leaving = true;
    const auto until = std::chrono::steady_clock::now() + deadline.load();
    for (auto& one : workers.leave_all(false)) uncommitted += (uncommitted.empty() ? "" : "; ") + std::move(one);
    if (member) member->close_consumer(until);
  }

  /// A static member that joins takes its name back from whoever has it, and only `Fencing` may say how often. Where a process with the
  /// same name fences a shard's producer, it has the name in the group already: the next heartbeat is refused, and `on_error` counts that.
  [[nodiscard]] std::chrono::milliseconds until_the_group_has_spoken() const {
    if (settings.instance_id.empty()) return {};
    return member->heartbeat_interval() + heartbeat_patience;
  }

  /// False: asked to stop meanwhile.
  bool pause_before_joining(const std::stop_token& stop) {
    const auto until = std::chrono::steady_clock::now() + pause.next(std::chrono::steady_clock::now());
    while (!stop.stop_requested() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds{poll_ms});
    return !stop.stop_requested();
  }

  void on_error(const rd_kafka_message_t& message) {
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR || message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) return;
    if (message.err == RD_KAFKA_RESP_ERR__FATAL && member->is_fenced_member() && fencing.may_join_again(std::chrono::steady_clock::now())) {
      reporting.tell(BrokerError{to_string(Role::shard_member), "FENCED_INSTANCE_ID", "joining the group anew, once", false});
      join_at = std::chrono::steady_clock::now();
      return;
    }
    if (message.err == RD_KAFKA_RESP_ERR__FATAL) return fail(member->fatal().value_or(Error{Errc::kafka_fatal, describe(message.err)}));
    if (is_denied(message.err)) return fail({Errc::kafka_fatal, settings.detector_group() + ": " + describe(message)});
    reporting.tell(BrokerError{to_string(Role::shard_member), rd_kafka_err2name(message.err), rd_kafka_message_errstr(&message), false});
  }

  void fail(const Error& error) {
    const std::lock_guard lock{mutex};
    if (!failure) failure = error;
  }
  bool failed() const {
    const std::lock_guard lock{mutex};
    return failure.has_value();
  }

  KafkaSettings settings;
  Reporting reporting;
  mutable std::mutex mutex;  // of failure
  std::optional<Error> failure;
  std::string uncommitted;   ///< once the thread has ended
  Fencing fencing;
  FencedPause pause;
  std::optional<std::chrono::steady_clock::time_point> join_at;  ///< anew
  std::atomic<bool> producer_fenced{false}, joined{false};
  bool leaving = false;
  std::atomic<std::chrono::milliseconds> deadline{std::chrono::milliseconds{1'000}};
  std::optional<Client> member;
  ShardWorkers workers;
  std::jthread thread;
};

CallLogGroup::CallLogGroup(KafkaSettings settings, Reporting reporting, ShardFactory factory)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(reporting), std::move(factory))) {}

CallLogGroup::~CallLogGroup() = default;

Result<void> CallLogGroup::start() {
  if (auto done = impl_->join_group(); !done) return done;
  impl_->thread = std::jthread{[impl = impl_.get()](const std::stop_token& stop) { impl->run(stop); }};
  return {};
}

Result<void> CallLogGroup::stop(std::chrono::milliseconds deadline) {
  impl_->deadline = deadline;
  impl_->thread.request_stop();
  if (impl_->thread.joinable()) impl_->thread.join();
  if (impl_->uncommitted.empty()) return {};
  return Error{Errc::commit_unknown, impl_->uncommitted};
}

CallLogGroupFigures CallLogGroup::figures() const { return {.joined = impl_->joined, .shards = impl_->workers.figures()}; }

std::optional<Error> CallLogGroup::failure() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->failure;
}

}  // namespace imdswatch::kafka
