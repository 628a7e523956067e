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

bool all_at_end(const Window::Figures& window) {
  return window.partitions <= window.stood_aside_partitions + window.left_out_partitions;
}

bool heard_of_late(const Window::Figures& window, WallTime now) { return window.heard && now - *window.heard <= keeping_up_within; }

/// What of a shard is not known; empty if all is.
std::string unknown_of(const ShardSeen& seen, WallTime now) {
  if (!seen.figures) return "its state is not restored yet";
  const auto& heard = seen.figures->window.heard;
  if (!heard_of_late(seen.figures->window, now)) return "nothing was heard of its inputs" + (heard ? " since " + to_iso8601(*heard) : "");
  if (!seen.figures->time && !all_at_end(seen.figures->window)) return "it has no time yet, since not every input has told of one";
  if (!seen.call_log_lag) return "the end of its call log is not known yet";
  return "";
}

std::string of_shard(const ShardSeen& seen, WallTime now) {
  const std::string shard = "shard " + std::to_string(seen.shard.value()) + ": ";
  std::string out;
  if (const auto late = seen.figures ? behind(*seen.figures, now) : std::nullopt; late && late->count() > 0) {
    out = behind_text(*late, *seen.figures->time);
  } else if (const std::string unknown = unknown_of(seen, now); !unknown.empty()) {
    out = unknown;
  }
  const std::int64_t records = seen.call_log_lag.value_or(0);
  if (records > most_records_kept_up || (!out.empty() && records > 0)) {
    out += (out.empty() ? "" : ", ") + std::to_string(records) + " call log records behind";
  }
  return out.empty() ? "" : shard + out + "; ";
}

std::string name_of(const kafka::SourceFigures& source) {
  return source.source.topic + "-" + std::to_string(source.source.partition.value());
}

/// Of inputs that have more to read.
struct Backlog {
  std::int64_t messages = 0;
  const kafka::SourceFigures* unplaced = nullptr;  ///< one of whose events none was accepted yet: they may be of any time
  const kafka::SourceFigures* last = nullptr;      ///< the one that is furthest behind

  void add(const kafka::SourceFigures& source) {
    messages += source.end->value() - source.next->value();
    if (!source.watermark) unplaced = &source;
    else if (!last || *source.watermark < *last->watermark) last = &source;
  }
  [[nodiscard]] std::string text(WallTime now) const {
    const bool late = last && distance(*last->watermark, now) > keeping_up_within;
    if (!late && !unplaced) return "";
    std::string out = "inputs here: " + std::to_string(messages) + " messages behind, ";
    if (unplaced) out += "no event of " + name_of(*unplaced) + " read yet" + (late ? ", " : "");
    return out + (late ? name_of(*last) + " " + behind_text(distance(*last->watermark, now), *last->watermark) : "") + "; ";
  }
};

std::string of_inputs(const std::vector<kafka::SourceFigures>& sources, WallTime now) {
  Backlog backlog;
  std::size_t not_begun = 0, endless = 0;
  for (const kafka::SourceFigures& source : sources) {
    if (!source.next) ++not_begun;
    else if (!source.end || !source.end_is_fresh) ++endless;
    else if (*source.end > *source.next) backlog.add(source);
  }
  std::string out;
  if (not_begun > 0) out += "inputs here: " + std::to_string(not_begun) + " not read yet; ";
  if (endless > 0) out += "inputs here: the brokers have not told the end of " + std::to_string(endless) + " of late; ";
  return out + backlog.text(now);
}

}  // namespace

std::optional<std::chrono::seconds> behind(const Detector::Figures& figures, WallTime now) {
  constexpr std::chrono::seconds keeps_up{0};
  const auto& window = figures.window;
  const bool at_end = all_at_end(window);
  if (figures.time && !at_end) {
    if (const auto out = distance(*figures.time, now); out > keeping_up_within) return out;  // however old what was heard is
  }
  const bool known = heard_of_late(window, now) && (figures.time || at_end);
  return known ? std::optional{keeps_up} : std::nullopt;
}

Check catch_up(const WorkSeen& seen, WallTime now) {
  std::string detail;
  if (!seen.given_out) detail = "the groups have not said yet what is to be read here; ";
  for (const ShardSeen& shard : seen.shards) detail += of_shard(shard, now);
  detail += of_inputs(seen.sources, now);
  return {"caught_up", detail.empty(), false, detail};
}

}  // namespace imdswatch
