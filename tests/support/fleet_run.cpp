#include "fleet_run.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "imdswatch/base/check.hpp"
#include "pipeline.hpp"

namespace imdswatch::testing {
namespace {

using Json = nlohmann::json;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string text_at(const Json& document, const char* pointer) {
  const auto* found = document.contains(Json::json_pointer(pointer)) ? &document.at(Json::json_pointer(pointer)) : nullptr;
  return found && found->is_string() ? found->get<std::string>() : "";
}

std::vector<std::string> hosts_told(const Json& alert) {
  std::vector<std::string> out;
  const Json::json_pointer added("/imdswatch/group/hosts_added");
  if (alert.contains(added)) {
    for (const Json& host : alert.at(added)) out.push_back(lower(host.get<std::string>()));
  } else {
    out.push_back(lower(text_at(alert, "/host/name")));
  }
  return out;
}

bool tells_of(const Json& alert, const fleet::Theft& theft) {
  if (lower(text_at(alert, "/process/name")) != lower(theft.process)) return false;
  const std::string label = lower(theft.host);
  return std::ranges::any_of(hosts_told(alert), [&](const std::string& host) { return host.substr(0, host.find('.')) == label; });
}

}  // namespace

Config default_config() {
  auto config = parse_config("", "defaults");
  IMDS_CHECK(config.ok());
  return *std::move(config);
}

FleetFigures score_alerts(const std::vector<Alert>& alerts, const fleet::Fleet& fleet, double host_days) {
  FleetFigures out;
  out.host_days = host_days;
  std::vector<Json> documents;
  for (const Alert& alert : alerts) documents.push_back(Json::parse(alert.json));
  for (const fleet::Theft& theft : fleet.thefts()) {
    ++out.thefts;
    if (std::ranges::any_of(documents, [&](const Json& alert) { return tells_of(alert, theft); })) {
      ++out.found;
    } else {
      out.missed.push_back(theft.what + " on " + theft.host + " at " + to_iso8601(theft.time));
    }
  }
  for (std::size_t i = 0; i < documents.size(); ++i) {
    if (alerts[i].version != 1 || text_at(documents[i], "/process/name").empty()) continue;  // an update, or the learning report
    ++out.new_alerts;
    if (std::ranges::none_of(fleet.thefts(), [&](const fleet::Theft& theft) { return tells_of(documents[i], theft); })) {
      ++out.false_alerts;
      out.wrong.push_back(text_at(documents[i], "/message"));
    }
  }
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
