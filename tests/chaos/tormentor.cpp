#include "tormentor.hpp"

#include <algorithm>

namespace imdswatch::testing {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds aim_for{3};
constexpr double zombie_below = 0.12, restart_below = 0.22, aimed_kill_below = 0.65;  ///< of a draw; else a kill at any moment
constexpr int overdue_after_kills = 30;  ///< a zombie, or a clean restart of one that is no static member, that no kill has cut off
constexpr milliseconds longer_than_others_take{60};  ///< for a commit

milliseconds between(fleet::Random& random, std::uint64_t least_ms, std::uint64_t most_ms) {
  return milliseconds{least_ms + random.below(most_ms - least_ms)};
}

/// False if it is to stop.
bool sleep(const std::stop_token& stop, milliseconds how_long) {
  const auto until = std::chrono::steady_clock::now() + how_long;
  while (!stop.stop_requested() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(milliseconds{20});
  return !stop.stop_requested();
}

}  // namespace

BrokerTormentor::BrokerTormentor(TestBroker& broker, const ChaosOptions& options)
    : broker_(broker), brokers_(options.brokers), torment_(options.minutes * 60), random_(options.seed ^ 0xb0b0) {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    try {
      run(stop);
    } catch (...) {
      failed_ = std::current_exception();
    }
  });
}

void BrokerTormentor::run(const std::stop_token& stop) {
  // One broker is everything: it goes rarely, but at least once in the shortest run. Of three, the rest carries on.
  const auto mean_ms = static_cast<std::uint64_t>(std::chrono::duration_cast<milliseconds>(torment_).count() / 2);
  const std::uint64_t pause_ms = brokers_ == 1 ? std::min<std::uint64_t>(mean_ms, 60'000) : std::min<std::uint64_t>(mean_ms, 15'000);
  while (sleep(stop, between(random_, pause_ms, pause_ms * 3 / 2))) {
    const int node = 1 + static_cast<int>(random_.below(static_cast<std::uint64_t>(brokers_)));
    broker_.kill9(node);
    sleep(stop, between(random_, 500, brokers_ == 1 ? 5'000 : 12'000));
    broker_.start_node(node);
    ++restarts_;
  }
}

void BrokerTormentor::finish() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  if (failed_) std::rethrow_exception(failed_);
}

Tormentor::Tormentor(Instances& instances, CommitWatch& commits, std::uint64_t seed)
    : instances_(instances), commits_(commits), random_(seed ^ 0xdead), next_(Instances::Clock::now() + milliseconds{8000}) {}

/// Short ones hit what is just being taken over; the long ones let work go on, so that something is there to be lost.
milliseconds Tormentor::pause() { return random_.chance(0.8) ? between(random_, 50, 2'500) : between(random_, 6'000, 14'000); }

void Tormentor::kill(std::size_t index) {
  if (!instances_.kill(index)) return;
  killed_.push_back(Instances::Clock::now());
}

/// Holds the instance still for a moment, again and again, until a transaction is open that does not end meanwhile: it is this one's.
void Tormentor::kill_within_a_commit(std::size_t index) {
  for (const auto until = Instances::Clock::now() + aim_for; Instances::Clock::now() < until;) {
    instances_.hold(index);
    bool open = commits_.within_a_commit();
    if (open) {
      std::this_thread::sleep_for(longer_than_others_take);
      open = commits_.within_a_commit();
    }
    if (open) {
      ++within_commits_;
      return kill(index);
    }
    instances_.let_go(index);
    std::this_thread::sleep_for(between(random_, 5, 40));
  }
  kill(index);
}

void Tormentor::turn() {
  const auto now = Instances::Clock::now();
  if (now < next_) return;
  next_ = now + pause();
  auto index = static_cast<std::size_t>(random_.below(instances_.count()));
  double what = random_.unit();
  if (kills() >= overdue_after_kills && (instances_.zombies() == 0 || instances_.left_groups() == 0)) {
    if (Instances::is_static(index)) --index;
    if (!instances_.is_at_work(index)) return;  // left to come to its end, which a kill would cut off
    what = instances_.zombies() == 0 ? zombie_below / 2 : (zombie_below + restart_below) / 2;
  }
  if (what < zombie_below && instances_.is_at_work(index)) {
    instances_.stop_for(index, between(random_, 7'000, 13'000));  // session.timeout.ms is 6 s: its work is given away
  } else if (what < restart_below && instances_.is_at_work(index)) {
    // Away for a while it forces a rebalance when it leaves, and one when it comes: none of the others is disturbed otherwise.
    instances_.restart(index, random_.chance(0.5) ? milliseconds{0} : between(random_, 2'000, 9'000));
  } else if (what < aimed_kill_below && instances_.is_at_work(index)) {
    kill_within_a_commit(index);
    next_ = Instances::Clock::now() + pause();
  } else {
    kill(index);
  }
}

int Tormentor::survived() const {
  return static_cast<int>(std::ranges::count_if(killed_, [&](const auto at) { return at < commits_.last_write(); }));
}

}  // namespace imdswatch::testing
