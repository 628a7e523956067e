#include "catch_up.hpp"

#include <algorithm>
#include <string>

namespace imdswatch {
namespace {

/// Lags of shipping and the allowed disorder are minutes; what is more is a backlog.
constexpr std::chrono::minutes keeping_up_within{10};
constexpr std::int64_t most_records_kept_up = 10'000;

std::chrono::seconds distance(EventTime time, WallTime now) {
  return std::chrono::duration_cast<std::chrono::seconds>(
      now.time_since_epoch() - std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()));
}

std::string behind_text(std::chrono::seconds behind, EventTime at) {
  return std::to_string(behind.count()) + " s of event time behind, at " + to_iso8601(at);
}

std::string of_shard(const ShardSeen& seen, WallTime now) {
  const auto late = behind(seen.figures, now);
  const std::int64_t records = seen.call_log_lag.value_or(0);
  if (!late && records <= most_records_kept_up) return "";
  std::string out = "shard " + std::to_string(seen.shard.value()) + ": ";
  if (late) out += behind_text(*late, *seen.figures.time) + ", ";
  return out + std::to_string(records) + " call log records behind; ";
}

/// Of the inputs read here: messages in all, and the one that is furthest behind.
std::string of_inputs(const std::vector<kafka::SourceFigures>& sources, WallTime now) {
  std::int64_t messages = 0;
  const kafka::SourceFigures* last = nullptr;
  for (const kafka::SourceFigures& source : sources) {
    if (!source.next || !source.end || source.end->value() <= source.next->value()) continue;
    messages += source.end->value() - source.next->value();
    if (source.watermark && (!last || *source.watermark < *last->watermark)) last = &source;
  }
  if (!last || distance(*last->watermark, now) <= keeping_up_within) return "";
  return "inputs here: " + std::to_string(messages) + " messages behind, " + last->source.topic + "-" +
         std::to_string(last->source.partition.value()) + " " +
         behind_text(distance(*last->watermark, now), *last->watermark) + "; ";
}

}  // namespace

std::optional<std::chrono::seconds> behind(const Detector::Figures& figures, WallTime now) {
  const auto& window = figures.window;
  if (!figures.time || window.partitions <= window.stood_aside_partitions + window.left_out_partitions)
    return std::nullopt;
  const std::chrono::seconds out = distance(*figures.time, now);
  return out > keeping_up_within ? std::optional{out} : std::nullopt;
}

Check catch_up(const std::vector<ShardSeen>& shards, const std::vector<kafka::SourceFigures>& sources, WallTime now) {
  std::string detail;
  for (const ShardSeen& seen : shards) detail += of_shard(seen, now);
  detail += of_inputs(sources, now);
  return {"caught_up", detail.empty(), false, detail};
}

}  // namespace imdswatch
