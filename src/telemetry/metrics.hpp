#pragma once

#include <map>
#include <memory>
#include <string>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "imdswatch/telemetry/facts.hpp"
#include "metric_table.hpp"

namespace imdswatch::telemetry_detail {

using Labels = std::map<std::string, std::string>;

/// Facts → figures. Not for two threads at once, but for `text`: Telemetry locks.
class Metrics {
 public:
  Metrics();
  void apply(const Fact& what);
  void held_back(std::uint64_t total) { this->total(Metric::log_lines_held_back, {}, "log", total); }
  [[nodiscard]] std::string text() const;

 private:
  friend struct Apply;
  void add(Metric metric, const Labels& labels, double by = 1);
  void set(Metric metric, const Labels& labels, double value);
  void unset(Metric metric, const Labels& labels);
  void observe(Metric metric, std::chrono::microseconds took);
  /// A counter fed by totals of `source`, which may begin anew (then what it shows counts as new).
  void total(Metric metric, const Labels& labels, const std::string& source, std::uint64_t value);
  /// Takes away the gauges that have all of `labels`, so that nothing stale is shown.
  void drop_gauges(const Labels& labels);
  void forget_totals(const std::string& source);

  std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
  std::map<Metric, prometheus::Family<prometheus::Counter>*> counters_;
  std::map<Metric, prometheus::Family<prometheus::Gauge>*> gauges_;
  std::map<Metric, prometheus::Histogram*> histograms_;
  std::map<std::pair<Metric, Labels>, prometheus::Gauge*> shown_;
  std::map<std::pair<std::string, std::pair<Metric, Labels>>, std::uint64_t> totals_;
  std::map<std::int32_t, bool> owned_;  ///< shards
};

}  // namespace imdswatch::telemetry_detail
