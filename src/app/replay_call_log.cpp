#include <chrono>
#include <memory>

#include "daemon/settings.hpp"
#include "imdswatch/kafka/call_log_group.hpp"
#include "output_file.hpp"
#include "replay.hpp"
#include "summary.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t records_per_poll = 5000;
/// The broker may need this long to hand over its first records; after some have come, an empty poll is the end.
constexpr std::chrono::seconds first_records_within{10};

Result<void> replay_shard(const Config& config, Shard shard, const std::function<void(Effects&)>& take, bool drain) {
  const kafka::Reporting quiet{.log = {}, .fact = {}};
  auto source = kafka::open_log_source(kafka_settings(config), quiet, shard);
  if (!source) return std::move(source).error();
  if (auto sought = (*source)->seek(std::nullopt); !sought) return sought;
  Detector detector(config.detector, shard);
  Effects effects;
  bool any = false;
  const auto began = std::chrono::steady_clock::now();
  for (;;) {
    auto records = (*source)->poll(records_per_poll);
    if (!records) return std::move(records).error();
    if (records->empty() && (any || std::chrono::steady_clock::now() - began > first_records_within)) break;
    any = any || !records->empty();
    for (const LogRecord& record : *records) detector.step(record, effects);
    static_cast<void>(detector.take_rows());
    take(effects);
  }
  if (drain) detector.drain_runs(effects);
  take(effects);
  return {};
}

}  // namespace

Result<void> replay_call_log(const Config& config, const ReplayOptions& options) {
  auto alerts = OutputFile::open(options.alerts, stdout);
  if (!alerts) return std::move(alerts).error();
  auto summary_file = OutputFile::open(options.summary, stderr);
  if (!summary_file) return std::move(summary_file).error();
  Summary summary;
  const auto take = [&](Effects& effects) {
    for (const Alert& alert : effects.alerts) {
      alerts->write_line(alert.json);
      summary.add(alert);
    }
    for (const RunSummary& run : effects.runs) summary.add(run);
    effects.clear();
  };
  for (int shard = 0; shard < config.kafka.shards; ++shard) {
    if (auto done = replay_shard(config, Shard{shard}, take, options.drain); !done) return done;
  }
  if (auto closed = alerts->close(); !closed) return closed;
  summary_file->write(summary.findings_text());
  return summary_file->close();
}

}  // namespace imdswatch
