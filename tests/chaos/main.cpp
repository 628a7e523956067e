#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>

#include "run.hpp"

namespace {

void on_signal(int) { imdswatch::testing::interrupted = true; }

}  // namespace

/// Many real instances on a real broker, killed, stopped and cut off at random moments; what they tell must equal replay's alerts.
int main(int argc, char** argv) {
  imdswatch::testing::ChaosOptions options;
  CLI::App app{"Attacks imdswatch on a real Apache Kafka and compares its alerts with an undisturbed replay's"};
  auto* minutes = app.add_option("--minutes", options.minutes, "of torment")->check(CLI::Range(0.5, 600.0))->capture_default_str();
  auto* kills = app.add_option("--kills", options.kills, "goes on until so many are survived, at about 14 a minute")->check(CLI::Range(1, 10'000));
  app.add_option("--instances", options.instances)->check(CLI::Range(1, 32))->capture_default_str();
  app.add_option("--brokers", options.brokers)->check(CLI::IsMember({1, 3}))->capture_default_str();
  app.add_option("--shards", options.shards)->check(CLI::Range(1, 64))->capture_default_str();
  app.add_option("--seed", options.seed, "of the events and of what happens")->capture_default_str();
  app.add_option("--logs", options.logs, "where all that explains a failure is kept")->capture_default_str();
  app.add_flag("--keep", options.keep, "keeps it of a good run too");
  CLI11_PARSE(app, argc, argv);
  if (*kills && !*minutes) options.minutes = std::max(0.5, options.kills / 14.0);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  static_cast<void>(std::signal(SIGINT, on_signal));
  static_cast<void>(std::signal(SIGTERM, on_signal));
  try {
    return imdswatch::testing::run_chaos(options) ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "chaos: %s\n", e.what());
    return 2;
  }
}
