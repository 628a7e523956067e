#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "child_process.hpp"

namespace imdswatch::testing {

/// `imdswatch run` processes, each with a configuration and a log of its own; started again at once when they end.
class Instances {
 public:
  struct Plan {
    std::string bootstrap;
    std::string topic;
    int shards = 2;
    int brokers = 1;
  };
  using Clock = std::chrono::steady_clock;

  /// Every other one is a static member of its groups. Starts none.
  Instances(int count, const Plan& plan, std::filesystem::path folder);

  [[nodiscard]] std::size_t count() const { return seats_.size(); }
  [[nodiscard]] std::filesystem::path config(std::size_t index) const;
  [[nodiscard]] std::filesystem::path log(std::size_t index) const;
  /// Neither asleep, nor leaving, nor waiting to be started.
  [[nodiscard]] bool is_at_work(std::size_t index) const {
    return seats_[index].process && !seats_[index].leaving && !seats_[index].wakes;
  }

  /// SIGKILL, and started again at once. False if it was not running.
  bool kill(std::size_t index);
  /// SIGSTOP, SIGCONT.
  void hold(std::size_t index) { seats_[index].process->kill(SIGSTOP); }
  void let_go(std::size_t index) { seats_[index].process->kill(SIGCONT); }
  /// Held for so long; `tend` wakes it.
  void stop_for(std::size_t index, std::chrono::milliseconds how_long);
  /// SIGTERM: it hands over in good order; `tend` starts it again once it has ended and was away for so long.
  void restart(std::size_t index, std::chrono::milliseconds away);
  /// Starts what is not running, and wakes what has slept long enough. To be called often.
  void tend();
  void wake_all();
  /// SIGTERM to all; the exit codes.
  std::vector<std::optional<int>> end(std::chrono::milliseconds at_most);

  /// Those that slept to their end, and were woken.
  [[nodiscard]] int zombies() const { return zombies_; }
  /// Those that ended with exit code 0.
  [[nodiscard]] int clean_restarts() const { return clean_restarts_; }
  /// Of these, members that were not static: by leaving they force a rebalance on the others.
  [[nodiscard]] int left_groups() const { return left_groups_; }
  /// Those that were forced so, and each time that the groups took something from an instance at work, by the logs.
  [[nodiscard]] int rebalances() const;
  [[nodiscard]] static bool is_static(std::size_t index) { return index % 2 == 1; }

  /// Ends that nobody here asked for, and those in good order that were none; one sentence each.
  [[nodiscard]] const std::vector<std::string>& ended_by_themselves() const { return ended_by_themselves_; }
  /// The brokers' fencing of a static member excuses an end in good order; nothing excuses a crash or another end.
  [[nodiscard]] bool ended_without_excuse() const { return without_excuse_; }

 private:
  struct Seat {
    std::unique_ptr<ChildProcess> process;
    std::optional<Clock::time_point> wakes;
    bool leaving = false;          ///< SIGTERM is sent
    std::chrono::milliseconds away{0};
    Clock::time_point not_before;  ///< as a service manager's RestartSec
  };
  void start(std::size_t index);

  std::filesystem::path folder_;
  std::vector<Seat> seats_;
  std::vector<std::string> ended_by_themselves_;
  bool without_excuse_ = false;
  int zombies_ = 0, clean_restarts_ = 0, left_groups_ = 0;
};

}  // namespace imdswatch::testing
