#include "instances.hpp"

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace imdswatch::testing {
namespace {

constexpr std::chrono::seconds after_own_end{1};

void write_config(const std::filesystem::path& path, const Instances::Plan& plan, const std::string& static_id) {
  std::ofstream out(path);
  out << "kafka:\n  properties:\n    bootstrap.servers: " << plan.bootstrap
      << "\n    session.timeout.ms: 6000\n    heartbeat.interval.ms: 1000\n  raw_topics: [" << plan.topic << "]\n  shards: " << plan.shards
      << "\n  replication_factor: " << (plan.brokers >= 3 ? 3 : 0) << '\n';
  if (!static_id.empty()) out << "  instance_id: " << static_id << '\n';
  out << "learning:\n  for: 24h\ndetector:\n  commit_every: 250ms\nhttp:\n  enabled: false\n";
  if (!out.flush().good()) throw std::runtime_error("cannot write " + path.string());
}

/// What it said last.
std::string last_line(const std::filesystem::path& log) {
  std::ifstream in(log, std::ios::binary);
  std::string out;
  for (std::string line; std::getline(in, line);) out = line;
  return out;
}

}  // namespace

Instances::Instances(int count, const Plan& plan, std::filesystem::path folder)
    : folder_(std::move(folder)), seats_(static_cast<std::size_t>(count)) {
  for (std::size_t i = 0; i < seats_.size(); ++i) write_config(config(i), plan, is_static(i) ? "chaos-" + std::to_string(i) : "");
}

std::filesystem::path Instances::config(std::size_t index) const { return folder_ / ("instance-" + std::to_string(index) + ".yaml"); }

std::filesystem::path Instances::log(std::size_t index) const { return folder_ / ("instance-" + std::to_string(index) + ".log"); }

void Instances::start(std::size_t index) {
  seats_[index].process = std::make_unique<ChildProcess>(ChildProcess::Options{.binary = IMDSWATCH_BINARY,
                                                                               .arguments = {"run", "--config", config(index).string()},
                                                                               .environment = {},
                                                                               .out = {},
                                                                               .err = log(index),
                                                                               .in = {}});
}

bool Instances::kill(std::size_t index) {
  Seat& seat = seats_[index];
  if (!seat.process || !seat.process->running()) return false;
  seat.process->kill(SIGKILL);
  static_cast<void>(seat.process->wait(std::chrono::seconds{30}));
  seat.wakes.reset();
  seat.leaving = false;
  start(index);
  return true;
}

void Instances::restart(std::size_t index, std::chrono::milliseconds away) {
  seats_[index].process->kill(SIGTERM);
  seats_[index].leaving = true;
  seats_[index].away = away;
}

void Instances::stop_for(std::size_t index, std::chrono::milliseconds how_long) {
  seats_[index].process->kill(SIGSTOP);
  seats_[index].wakes = Clock::now() + how_long;
}

void Instances::tend() {
  const auto now = Clock::now();
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    Seat& seat = seats_[i];
    if (seat.wakes && now >= *seat.wakes) {
      seat.process->kill(SIGCONT);
      seat.wakes.reset();
      ++zombies_;
    }
    if (seat.process && !seat.process->running()) {
      const int code = seat.process->wait({}).value_or(-1);
      if (seat.leaving && code == 0) {
        ++clean_restarts_;
        left_groups_ += is_static(i) ? 0 : 1;
      } else {
        const std::string why = last_line(log(i));
        ended_by_themselves_.push_back("instance " + std::to_string(i) + " ended with code " + std::to_string(code) +
                                       (seat.leaving ? " when it was to stop: " : " by itself: ") + why);
        without_excuse_ = without_excuse_ || code != 1 || why.find("FENCED_INSTANCE_ID") == std::string::npos;
      }
      seat.process.reset();
      seat.not_before = now + (seat.leaving ? seat.away : after_own_end);
      seat.leaving = false;
    }
    if (!seat.process && now >= seat.not_before) start(i);
  }
}

int Instances::rebalances() const {
  int out = left_groups_;
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    bool at_work = true;
    std::ifstream in(log(i), std::ios::binary);
    for (std::string line; std::getline(in, line);) {
      if (line.find("imdswatch has started") != std::string::npos) at_work = true;
      if (line.find("stopping: draining") != std::string::npos) at_work = false;
      if (at_work && line.find("the group has taken partitions") != std::string::npos) ++out;
    }
  }
  return out;
}

void Instances::wake_all() {
  for (Seat& seat : seats_) {
    if (seat.process && seat.wakes) seat.process->kill(SIGCONT);
    seat.wakes.reset();
  }
}

std::vector<std::optional<int>> Instances::end(std::chrono::milliseconds at_most) {
  const auto until = Clock::now() + at_most;
  std::vector<std::optional<int>> out;
  for (Seat& seat : seats_) {
    if (seat.process) seat.process->kill(SIGTERM);
  }
  for (Seat& seat : seats_) {
    const auto left = std::max(std::chrono::milliseconds{0}, std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()));
    out.push_back(seat.process ? seat.process->wait(left) : 0);  // what ended before is told by `tend`
  }
  return out;
}

}  // namespace imdswatch::testing
