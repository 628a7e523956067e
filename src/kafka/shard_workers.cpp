#include "shard_workers.hpp"

#include <condition_variable>
#include <thread>
#include <utility>

#include "thread_name.hpp"

namespace imdswatch::kafka {
namespace {

constexpr std::chrono::milliseconds first_wait{1'000}, longest_wait{30'000};

bool worth_another_try(Errc code) {
  return code == Errc::kafka_unavailable || code == Errc::commit_aborted || code == Errc::commit_unknown;
}

}  // namespace

class ShardWorkers::Worker {
 public:
  Worker(const ShardWorkers& owner, Shard shard, KafkaCommitOutlet::Membership membership)
      : reporting_(owner.reporting_),
        shard_(shard),
        state_(owner.settings_, reporting_, shard, stopping_),
        log_(owner.settings_, reporting_, shard, stopping_),
        outlet_(owner.settings_, reporting_, shard, stopping_, std::move(membership)),
        ended_(owner.ended_),
        turn_(owner.factory_(shard, state_, log_, outlet_)),
        thread_([this] { run(); }) {}

  void stop(bool lost) {
    lost_ = lost_ || lost;
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    wake_.notify_all();
  }
  /// What its last turn could not commit.
  std::optional<std::string> join() {
    if (thread_.joinable()) thread_.join();
    return uncommitted_;
  }
  ~Worker() { stop(true), join(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  [[nodiscard]] ShardFigures figures() const { return {shard_, log_.next(), log_.end()}; }

 private:
  void run() {
    name_thread(("shard " + std::to_string(shard_.value())).c_str());
    reporting_.tell(ShardTaken{shard_});
    auto wait = first_wait;
    std::optional<std::chrono::steady_clock::time_point> failed_at;
    bool held = false;
    std::string why = "given back";
    while (!stopping_) {
      const auto done = turn_(false);
      if (done) {
        held = true;
        continue;
      }
      held = false;
      if (stopping_) break;
      if (!worth_another_try(done.error().code)) {
        why = done.error().message;
        ended_(done.error());
        break;
      }
      // A turn that restores, or steps and need not commit yet, is no sign that the next commit goes well.
      const auto now = std::chrono::steady_clock::now();
      if (failed_at && now - *failed_at > wait + longest_wait) wait = first_wait;
      failed_at = now;
      reporting_.tell(ShardFailed{shard_, done.error().message, wait});
      std::unique_lock lock{mutex_};
      wake_.wait_for(lock, wait, [this] { return stopping_.load(); });
      wait = std::min(2 * wait, longest_wait);
    }
    if (held && !lost_) {
      if (const auto last = turn_(true); !last) uncommitted_ = why = last.error().message;
    }
    reporting_.tell(ShardLeft{shard_, lost_ ? "lost" : why});
  }

  Reporting reporting_;
  Shard shard_;
  std::atomic<bool> stopping_{false}, lost_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<std::string> uncommitted_;
  KafkaStateReader state_;
  KafkaLogSource log_;
  KafkaCommitOutlet outlet_;
  Ended ended_;
  ShardTurn turn_;
  std::thread thread_;  // last: it uses what stands above
};

ShardWorkers::ShardWorkers(const KafkaSettings& settings, Reporting reporting, ShardFactory factory, Ended ended)
    : settings_(settings), reporting_(std::move(reporting)), factory_(std::move(factory)), ended_(std::move(ended)) {}

ShardWorkers::~ShardWorkers() { leave_all(true); }

void ShardWorkers::take(Shard shard, const KafkaCommitOutlet::Membership& membership) {
  leave({shard}, true);
  auto worker = std::make_unique<Worker>(*this, shard, membership);
  const std::lock_guard lock{mutex_};
  workers_.emplace(shard, std::move(worker));
}

std::vector<std::string> ShardWorkers::leave(const std::vector<Shard>& shards, bool lost) {
  std::map<Shard, std::unique_ptr<Worker>> going;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& shard : shards) {
      if (auto worker = workers_.extract(shard)) going.insert(std::move(worker));
    }
  }
  for (const auto& [shard, worker] : going) worker->stop(lost);
  std::vector<std::string> uncommitted;
  for (const auto& [shard, worker] : going) {
    if (const auto left = worker->join()) uncommitted.push_back("shard " + std::to_string(shard.value()) + ": " + *left);
  }
  return uncommitted;
}

std::vector<std::string> ShardWorkers::leave_all(bool lost) {
  std::vector<Shard> shards;
  for (const auto& [shard, worker] : workers_) shards.push_back(shard);  // only this thread changes the map
  return leave(shards, lost);
}

std::vector<ShardFigures> ShardWorkers::figures() const {
  const std::lock_guard lock{mutex_};
  std::vector<ShardFigures> out;
  for (const auto& [shard, worker] : workers_) out.push_back(worker->figures());
  return out;
}

}  // namespace imdswatch::kafka
