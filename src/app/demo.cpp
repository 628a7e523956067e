#include "demo.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "fleet/fleet.hpp"
#include "imdswatch/alert/present.hpp"
#include "imdswatch/config/config.hpp"
#include "label_balance.hpp"
#include "pipeline.hpp"
#include "summary.hpp"

namespace imdswatch {
namespace {

constexpr std::uint32_t partitions = 3;
constexpr int messages_per_pump = 256;

struct Shown {
  std::vector<Alert> alerts;
  Summary summary;
  std::uint64_t bytes = 0;
};

Result<void> run_through(Pipeline& pipeline, fleet::Fleet& fleet, Shown& shown) {
  for (std::uint32_t i = 0; i < partitions; ++i) static_cast<void>(pipeline.add_source());
  if (auto started = pipeline.start(); !started) return started;
  int unpumped = 0;
  while (const auto event = fleet.next()) {
    shown.bytes += event->json.size() + 1;
    pipeline.read(event->host % partitions, event->json);
    if (++unpumped < messages_per_pump) continue;
    unpumped = 0;
    if (auto pumped = pipeline.pump(); !pumped) return pumped;
  }
  for (std::uint32_t i = 0; i < partitions; ++i) {
    if (auto ended = pipeline.end(i); !ended) return ended;
  }
  return pipeline.finish(true);
}

Result<void> write_events(fleet::Fleet& fleet, const std::string& directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  std::vector<std::ofstream> files;
  for (std::uint32_t i = 0; i < partitions; ++i) files.emplace_back(directory + "/partition-" + std::to_string(i) + ".ndjson");
  while (const auto event = fleet.next()) files[event->host % partitions] << event->json << '\n';
  for (const fleet::Event& event : fleet.closing_events()) {
    for (std::ofstream& file : files) file << event.json << '\n';
  }
  for (std::ofstream& file : files) {
    if (!file.flush()) return Error{Errc::input_unreadable, "cannot write events into '" + directory + "': " + std::strerror(errno)};
  }
  std::printf("Wrote %u files into %s: try `imdswatch replay %s/partition-*.ndjson`.\n", partitions, directory.c_str(), directory.c_str());
  return {};
}

/// New alerts as a table, and the most unusual single one in full.
void print_alerts(const std::vector<Alert>& alerts) {
  std::fputs(table_head().c_str(), stdout);
  const AlertOrder* worst = nullptr;
  for (const Alert& alert : alerts) {
    const AlertOrder& order = *alert.order;
    if (alert.version == 1) std::fputs(as_row(order).c_str(), stdout);
    if (order.kind != AlertOrder::Kind::single || alert.version != 1) continue;
    if (!worst || order.findings.front().score.surprise > worst->findings.front().score.surprise) worst = &order;
  }
  if (worst) std::printf("\nThe most unusual of them in full:\n\n%s", as_text(*worst).c_str());
}

/// What stands in the alerts of the thefts that were put in, as counted from the fleet's own labels.
void print_balance(const std::vector<Alert>& alerts, const fleet::Fleet& fleet) {
  const LabelBalance balance = balance_of(alerts, fleet.thefts());
  std::printf("\nOf %d thefts put in, %d are told. Of %d alerts, %d tell of no theft", balance.thefts, balance.found, balance.alerts,
              balance.unfounded);
  std::printf(" (the roll-out of %s is among them).\n", fleet.rolled_out().c_str());
  for (const fleet::Theft* missed : balance.missed) {
    std::printf("  missed: %s, %s on %s at %s\n", missed->what.c_str(), missed->process.c_str(), missed->host.c_str(),
                to_iso8601(missed->time).c_str());
  }
}

}  // namespace

Result<void> run_demo(const DemoOptions& options) {
  fleet::Options world;
  world.call_rate = 0.25;  // two weeks within seconds
  fleet::Fleet fleet(world);
  if (!options.events_directory.empty()) return write_events(fleet, options.events_directory);
  auto config = parse_config("", "defaults");
  if (!config) return std::move(config).error();

  std::printf("%zu Windows hosts in AWS, Azure and Google Cloud, %d days of their process and network events (Elastic Defend and\n"
              "Sysmon by Winlogbeat), a roll-out, new hosts, and %zu thefts of credentials. The first %lld days are only learned from.\n\n",
              fleet.hosts().size(), world.days, fleet.thefts().size(),
              static_cast<long long>(config->detector.model.learning_for / std::chrono::hours{24}));
  Shown shown;
  const auto started = std::chrono::steady_clock::now();
  Pipeline pipeline(config->sieve, config->detector, config->kafka.shards,
                    {.alert =
                         [&](const Alert& alert) {
                           shown.summary.add(alert);
                           shown.alerts.push_back(alert);
                         },
                     .run = [&](const RunSummary& run) { shown.summary.add(run); },
                     .rejected = [&](const RejectedRecord& rejected) { shown.summary.add(rejected); }});
  if (auto done = run_through(pipeline, fleet, shown); !done) return done;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;

  print_alerts(shown.alerts);
  print_balance(shown.alerts, fleet);
  std::printf("\n%s", shown.summary.text(pipeline.counters(), pipeline.figures(), pipeline.hosts(), shown.bytes, seconds.count()).c_str());
  std::fputs("\nNext: `imdswatch demo --write-events DIR` writes these events for `imdswatch replay`; README.md shows how to connect\n"
             "to your own Kafka.\n",
             stdout);
  return {};
}

}  // namespace imdswatch
