#include <vector>

#include "daemon/settings.hpp"
#include "imdswatch/kafka/call_log_group.hpp"
#include "output_file.hpp"
#include "replay.hpp"
#include "summary.hpp"

namespace imdswatch {
namespace {

Result<void> replay_shard(const Config& config, Shard shard, const std::function<void(Effects&)>& take, bool drain) {
  Detector detector(config.detector, shard);
  Effects effects;
  const auto step = [&](const std::vector<LogRecord>& records) {
    for (const LogRecord& record : records) detector.step(record, effects);
    static_cast<void>(detector.take_rows());
    take(effects);
  };
  if (auto read = kafka::read_call_log(kafka_settings(config), {.log = {}, .fact = {}}, shard, step); !read) return read;
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
