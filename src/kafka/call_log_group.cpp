#include "imdswatch/kafka/call_log_group.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "admin.hpp"
#include "shard_doors.hpp"

namespace imdswatch::kafka {
namespace {

constexpr int poll_ms = 100;
constexpr std::chrono::milliseconds first_wait{1'000}, longest_wait{30'000};

bool worth_another_try(Errc code) {
  return code == Errc::kafka_unavailable || code == Errc::commit_aborted || code == Errc::commit_unknown;
}

/// A shard with its doors and its thread.
class Worker {
 public:
  using Ended = std::function<void(const Error&)>;  ///< fenced, or beyond help
  Worker(const KafkaSettings& settings, const Reporting& reporting, Shard shard, const ShardFactory& factory,
         KafkaCommitOutlet::Membership membership, Ended ended)
      : reporting_(reporting),
        shard_(shard),
        state_(settings, reporting, shard, stopping_),
        log_(settings, reporting, shard, stopping_),
        outlet_(settings, reporting, shard, stopping_, std::move(membership)),
        ended_(std::move(ended)),
        turn_(factory(shard, state_, log_, outlet_)),
        thread_([this] { run(); }) {}

  /// `lost`: someone else has the shard: no last turn.
  void stop(bool lost) {
    lost_ = lost_ || lost;
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    wake_.notify_all();
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  ~Worker() { stop(true), join(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  [[nodiscard]] ShardFigures figures() const { return {shard_, log_.next(), log_.end()}; }

 private:
  void run() {
    reporting_.tell(ShardTaken{shard_});
    auto wait = first_wait;
    bool held = false;
    std::string why = "given back";
    while (!stopping_) {
      const auto done = turn_(false);
      if (done) {
        held = true;
        wait = first_wait;
        continue;
      }
      held = false;
      if (stopping_) break;
      if (!worth_another_try(done.error().code)) {
        why = done.error().message;
        ended_(done.error());
        break;
      }
      reporting_.tell(ShardFailed{shard_, done.error().message, wait});
      std::unique_lock lock{mutex_};
      wake_.wait_for(lock, wait, [this] { return stopping_.load(); });
      wait = std::min(2 * wait, longest_wait);
    }
    if (held && !lost_) {
      if (const auto last = turn_(true); !last) why = last.error().message;
    }
    reporting_.tell(ShardLeft{shard_, lost_ ? "lost" : why});
  }

  Reporting reporting_;
  Shard shard_;
  std::atomic<bool> stopping_{false}, lost_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  KafkaStateReader state_;
  KafkaLogSource log_;
  KafkaCommitOutlet outlet_;
  Ended ended_;
  ShardTurn turn_;
  std::thread thread_;  // last: it uses what stands above
};

}  // namespace

struct CallLogGroup::Impl {
  Impl(KafkaSettings settings_in, Reporting reporting_in, ShardFactory factory_in)
      : settings(std::move(settings_in)), reporting(std::move(reporting_in)), factory(std::move(factory_in)) {}

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
    leave(shards, lost);
    const ErrorHandle error{rd_kafka_incremental_unassign(member->get(), nothing.get())};
    reporting.tell(PartitionsRevoked{settings.detector_group(), partitions, lost});
  }

  void take(Shard shard) {
    auto membership = [client = member->get()] { return GroupMetadataHandle{rd_kafka_consumer_group_metadata(client)}; };
    auto ended = [this](const Error& error) {
      const std::lock_guard lock{mutex};
      if (error.code == Errc::fenced) rejoin = true;
      else if (!failure) failure = error;
    };
    auto worker = std::make_unique<Worker>(settings, reporting, shard, factory, std::move(membership), std::move(ended));
    const std::lock_guard lock{mutex};
    workers.insert_or_assign(shard, std::move(worker));
  }

  /// All are told first, so that they end side by side.
  void leave(const std::vector<Shard>& shards, bool lost) {
    std::vector<std::unique_ptr<Worker>> going;
    {
      const std::lock_guard lock{mutex};
      for (const auto& shard : shards) {
        const auto worker = workers.find(shard);
        if (worker == workers.end()) continue;
        going.push_back(std::move(worker->second));
        workers.erase(worker);
      }
    }
    for (const auto& worker : going) worker->stop(lost);
    for (const auto& worker : going) worker->join();
  }

  void leave_all(bool lost) {
    std::vector<Shard> shards;
    for (const auto& [shard, worker] : workers) shards.push_back(shard);  // only this thread changes the map
    leave(shards, lost);
  }

  void close_member(std::chrono::steady_clock::time_point until) {
    bool closed = false;
    {
      const QueueHandle queue{rd_kafka_queue_new(member->get())};
      const ErrorHandle error{rd_kafka_consumer_close_queue(member->get(), queue.get())};
      while (!error && !closed && std::chrono::steady_clock::now() < until) {
        static_cast<void>(rd_kafka_queue_poll_callback(queue.get(), 20));
        closed = rd_kafka_consumer_closed(member->get()) != 0;
      }
    }
    if (!closed) member->abandon();
    member.reset();
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested() && !failed()) {
      if (const MessageHandle message{rd_kafka_consumer_poll(member->get(), poll_ms)}) on_error(*message);
      if (!rejoin.exchange(false)) continue;
      leave_all(true);
      leaving = true;
      close_member(std::chrono::steady_clock::now() + std::chrono::seconds{10});
      leaving = false;
      joined = false;
      if (auto done = join_group(); !done) fail(done.error());
    }
    leaving = true;
    const auto until = std::chrono::steady_clock::now() + deadline.load();
    leave_all(false);
    if (member) close_member(until);
  }

  void on_error(const rd_kafka_message_t& message) {
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR || message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) return;
    if (message.err == RD_KAFKA_RESP_ERR__FATAL) return fail(member->fatal().value_or(Error{Errc::kafka_fatal, describe(message.err)}));
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
  ShardFactory factory;
  mutable std::mutex mutex;  // of workers (changed only by the group's thread) and failure
  std::optional<Error> failure;
  std::atomic<bool> rejoin{false}, joined{false};
  bool leaving = false;
  std::atomic<std::chrono::milliseconds> deadline{std::chrono::milliseconds{1'000}};
  std::optional<Client> member;
  std::map<Shard, std::unique_ptr<Worker>> workers;
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

void CallLogGroup::stop(std::chrono::milliseconds deadline) {
  impl_->deadline = deadline;
  impl_->thread.request_stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

CallLogGroupFigures CallLogGroup::figures() const {
  const std::lock_guard lock{impl_->mutex};
  CallLogGroupFigures out{.joined = impl_->joined, .shards = {}};
  for (const auto& [shard, worker] : impl_->workers) out.shards.push_back(worker->figures());
  return out;
}

std::optional<Error> CallLogGroup::failure() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->failure;
}

}  // namespace imdswatch::kafka
