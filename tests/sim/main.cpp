#include <unistd.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include "sim_world.hpp"

namespace imdswatch::sim {
namespace {

thread_local std::uint64_t seed_in_hand = 0;

/// A check that stops the program does not say in which world.
void on_abort(int) {
  char line[80];
  const int length =
      std::snprintf(line, sizeof line, "sim: stopped in seed %llu\n", static_cast<unsigned long long>(seed_in_hand));
  static_cast<void>(!write(STDERR_FILENO, line, static_cast<std::size_t>(length)));
}

struct Totals {
  std::mutex mutex;
  std::uint64_t done = 0, alerts = 0;
  FaultCounts faults{};
  std::size_t most_far_ahead = 0;
  std::vector<std::uint64_t> failed;

  void add(std::uint64_t seed, const Outcome& outcome) {
    const std::lock_guard lock{mutex};
    alerts += outcome.alerts;
    for (std::size_t i = 0; i < fault_count; ++i) faults[i] += outcome.faults[i];
    most_far_ahead = std::max(most_far_ahead, outcome.calls_far_ahead);
    if (!outcome.violations.empty()) {
      failed.push_back(seed);
      std::printf("seed %llu failed:\n", static_cast<unsigned long long>(seed));
      for (std::size_t i = 0; i < outcome.violations.size() && i < 20; ++i)
        std::printf("  %s\n", outcome.violations[i].c_str());
      if (outcome.violations.size() > 20) std::printf("  and %zu more\n", outcome.violations.size() - 20);
    }
    if (++done % 100 == 0)
      std::printf("%llu seeds done, %zu failed\n", static_cast<unsigned long long>(done), failed.size());
  }
};

void report(const Totals& totals, std::uint64_t first) {
  for (std::size_t i = 0; i < fault_count; ++i) {
    std::printf("%-20s %llu\n", fault_names[i], static_cast<unsigned long long>(totals.faults[i]));
  }
  std::printf("most calls of a seed that were written far ahead of the detector's time: %zu\n", totals.most_far_ahead);
  for (const std::uint64_t seed : totals.failed)
    std::printf("`./dev sim 1 --first %llu` replays a failure\n", static_cast<unsigned long long>(seed));
  std::printf("seeds %llu to %llu: %llu alerts, %zu failed\n", static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(first + totals.done - 1), static_cast<unsigned long long>(totals.alerts),
              totals.failed.size());
}

int run(std::uint64_t first, std::uint64_t seeds, unsigned threads, Canary canary) {
  Totals totals;
  std::atomic<std::uint64_t> next{first};
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      while ((seed_in_hand = next++) < first + seeds) totals.add(seed_in_hand, run_world(seed_in_hand, canary));
    });
  }
  for (std::thread& worker : workers) worker.join();
  report(totals, first);
  return totals.failed.empty() ? 0 : 1;
}

}  // namespace
}  // namespace imdswatch::sim

/// Many seeds of the simulation, on all cores.
int main(int argc, char** argv) {
  std::uint64_t seeds = 5'000, first = 1;
  int canary = 0;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  CLI::App app{"Runs simulated clusters under faults, and compares their alerts with an undisturbed replay's"};
  app.add_option("seeds", seeds, "how many")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
      ->capture_default_str();
  app.add_option("--first", first, "the first seed")->capture_default_str();
  app.add_option("--canary", canary, "a planted defect, by its number")
      ->check(CLI::Range(0, imdswatch::sim::canaries - 1));
  app.add_option("--threads", threads)->check(CLI::Range(1U, 256U))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  static_cast<void>(std::signal(SIGABRT, imdswatch::sim::on_abort));
  return imdswatch::sim::run(first, seeds, threads, static_cast<imdswatch::sim::Canary>(canary));
}
