#include "fleet_run.hpp"

#include "label_balance.hpp"
#include "imdswatch/alert/present.hpp"
#include "imdswatch/base/check.hpp"
#include "pipeline.hpp"

namespace imdswatch::testing {
Config default_config() {
  auto config = parse_config("", "defaults");
  IMDS_CHECK(config.ok());
  return *std::move(config);
}

FleetFigures score_alerts(const std::vector<Alert>& alerts, const fleet::Fleet& fleet, double host_days) {
  const LabelBalance balance = balance_of(alerts, fleet.thefts());
  FleetFigures out;
  out.thefts = balance.thefts;
  out.found = balance.found;
  out.new_alerts = balance.alerts;
  out.false_alerts = balance.unfounded;
  out.host_days = host_days;
  for (const fleet::Theft* missed : balance.missed) out.missed.push_back(missed->what + " on " + missed->host + " at " + to_iso8601(missed->time));
  for (const Alert* wrong : balance.unfounded_alerts) out.wrong.push_back(as_row(*wrong->order));
  return out;
}

FleetRun run_fleet(const fleet::Options& options, const Config& config, int partitions) {
  FleetRun out;
  fleet::Fleet world(options);
  Pipeline pipeline(config.sieve, config.detector, config.kafka.shards,
                    {.alert = [&](const Alert& alert) { out.alerts.push_back(alert); },
                     .run = [&](const RunSummary& run) { out.runs.push_back(run); },
                     .rejected = [](const RejectedRecord&) {}});
  for (int i = 0; i < partitions; ++i) static_cast<void>(pipeline.add_source());
  IMDS_CHECK(pipeline.start().ok());
  std::uint64_t read = 0;
  while (const auto event = world.next()) {
    pipeline.read(event->host % static_cast<std::uint32_t>(partitions), event->json);
    if (++read % 256 == 0) IMDS_CHECK(pipeline.pump().ok());
  }
  for (int i = 0; i < partitions; ++i) IMDS_CHECK(pipeline.end(static_cast<std::size_t>(i)).ok());
  IMDS_CHECK(pipeline.finish(true).ok());
  out.counters = pipeline.counters();
  const double days = options.days - std::chrono::duration<double, std::ratio<86400>>(config.detector.model.learning_for).count();
  out.figures = score_alerts(out.alerts, world, days * options.hosts);
  return out;
}

}  // namespace imdswatch::testing
