#include "metrics.hpp"

#include <algorithm>
#include <chrono>

#include <prometheus/text_serializer.h>

namespace imdswatch::telemetry_detail {

Metrics::Metrics() {
  for (std::size_t i = 0; i < metric_table().size(); ++i) {
    const auto metric = static_cast<Metric>(i);
    const std::string name(def(metric).name), help(def(metric).help);
    switch (def(metric).kind) {
      case MetricDef::Kind::counter: counters_[metric] = &prometheus::BuildCounter().Name(name).Help(help).Register(*registry_); break;
      case MetricDef::Kind::gauge: gauges_[metric] = &prometheus::BuildGauge().Name(name).Help(help).Register(*registry_); break;
      case MetricDef::Kind::histogram: {
        auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(*registry_);
        histograms_[metric] = &family.Add({}, prometheus::Histogram::BucketBoundaries{0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
                                                                                       5, 10, 30, 60});
        break;
      }
    }
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  set(Metric::start_time, {}, static_cast<double>(std::chrono::duration_cast<std::chrono::seconds>(now).count()));
  set(Metric::ready, {}, 0);
  set(Metric::shards, {}, 0);
  // A rate needs the zero before the first event.
  for (const Metric metric : {Metric::messages, Metric::topics_made_anew, Metric::offsets_out_of_range, Metric::producers_lost,
                              Metric::offset_commit_failures, Metric::dead_letters, Metric::clock_skewed, Metric::out_of_order}) {
    add(metric, {}, 0);
  }
  add(Metric::dead_letters_dropped, {{"reason", "over_rate"}}, 0);
  add(Metric::dead_letters_dropped, {{"reason", "failed"}}, 0);
}

void Metrics::add(Metric metric, const Labels& labels, double by) { counters_.at(metric)->Add(labels).Increment(by); }

void Metrics::set(Metric metric, const Labels& labels, double value) {
  auto& gauge = shown_[{metric, labels}];
  if (gauge == nullptr) gauge = &gauges_.at(metric)->Add(labels);
  gauge->Set(value);
}

void Metrics::unset(Metric metric, const Labels& labels) {
  const auto found = shown_.find({metric, labels});
  if (found == shown_.end()) return;
  gauges_.at(metric)->Remove(found->second);
  shown_.erase(found);
}

void Metrics::observe(Metric metric, std::chrono::microseconds took) {
  histograms_.at(metric)->Observe(static_cast<double>(took.count()) / 1e6);
}

void Metrics::total(Metric metric, const Labels& labels, const std::string& source, std::uint64_t value) {
  std::uint64_t& last = totals_[{source, {metric, labels}}];
  add(metric, labels, static_cast<double>(value >= last ? value - last : value));
  last = value;
}

void Metrics::drop_gauges(const Labels& labels) {
  std::erase_if(shown_, [&](const auto& entry) {
    const Labels& has = entry.first.second;
    const bool all = std::ranges::all_of(labels, [&](const auto& label) {
      const auto found = has.find(label.first);
      return found != has.end() && found->second == label.second;
    });
    if (all) gauges_.at(entry.first.first)->Remove(entry.second);
    return all;
  });
}

void Metrics::forget_totals(const std::string& source) {
  std::erase_if(totals_, [&](const auto& entry) { return entry.first.first == source; });
}

std::string Metrics::text() const { return prometheus::TextSerializer().Serialize(registry_->Collect()); }

}  // namespace imdswatch::telemetry_detail
