#include "watch.hpp"

namespace imdswatch::telemetry_detail {
namespace {

std::string number(Shard shard) { return std::to_string(shard.value()); }

}  // namespace

std::vector<LogLine> Watch::look(const Fact& what) {
  std::vector<LogLine> out;
  if (const auto* figures = std::get_if<fact::DetectorFigures>(&what)) look(*figures, out);
  if (const auto* run = std::get_if<fact::RunCompleted>(&what)) look(*run, out);
  if (const auto* sieve = std::get_if<fact::SieveFigures>(&what)) look(*sieve, out);
  if (const auto* left = std::get_if<fact::ShardLeft>(&what)) shards_.erase(left->shard);
  return out;
}

void Watch::look(const fact::DetectorFigures& now, std::vector<LogLine>& out) {
  Shown& shown = shards_[now.shard];
  const auto& window = now.figures.window;
  if (now.figures.learning && !shown.learning) {
    const std::string until = now.figures.learning_until ? to_iso8601(*now.figures.learning_until) : "";
    out.push_back({LogLevel::info, "learning", "learning period: findings are learned and reported once, at its end",
                   {{"shard", number(now.shard)}, {"until", until}}, ""});
  }
  if (!now.figures.learning && shown.learning) {
    out.push_back({LogLevel::info, "learned", "the learning period is over: findings are told from now on", {{"shard", number(now.shard)}}, ""});
  }
  if (window.silent_partitions > 0) {
    out.push_back({LogLevel::warning, "partitions_silent",
                   "input partitions are silent and hold time back until schedule.stall_timeout; look for a sieve that is down or stuck",
                   {{"shard", number(now.shard)}, {"silent", std::to_string(window.silent_partitions)},
                    {"of", std::to_string(window.partitions)}}, number(now.shard)});
  } else if (shown.silent > 0) {
    out.push_back({LogLevel::info, "partitions_back", "no input partition is silent any more", {{"shard", number(now.shard)}}, ""});
  }
  if (window.left_out_partitions > shown.left_out) {
    out.push_back({LogLevel::error, "partitions_left_out",
                   "silent input partitions are left out: time goes on without them, and what they bring later is late",
                   {{"shard", number(now.shard)}, {"left_out", std::to_string(window.left_out_partitions)}}, ""});
  }
  shown = {now.figures.learning, window.silent_partitions, window.left_out_partitions};
}

void Watch::look(const fact::RunCompleted& run, std::vector<LogLine>& out) {
  for (const std::string& name : run.summary.triage.expired) {
    if (!expired_.insert(name).second) continue;
    out.push_back({LogLevel::warning, "exception_expired", "an exception has expired and matches nothing; renew it or take it out",
                   {{"exception", name}}, ""});
  }
  if (run.summary.triage.overflowed > 0) {
    out.push_back({LogLevel::error, "findings_overflowed",
                   "more findings than can be carried: one counted alert stands for the rest; look at the alerts' signatures for a roll-out",
                   {{"shard", number(run.shard)}, {"findings", std::to_string(run.summary.triage.overflowed)}}, number(run.shard)});
  }
}

void Watch::look(const fact::SieveFigures& now, std::vector<LogLine>& out) {
  std::uint64_t& skewed = clock_skewed_[now.sieve];
  if (now.counters.clock_skewed > skewed) {
    out.push_back({LogLevel::warning, "clock_skewed", "calls with a wrong clock were given their partition's time; their alerts say so",
                   {{"calls", std::to_string(now.counters.clock_skewed - skewed)}}, "all"});
  }
  skewed = now.counters.clock_skewed;
}

}  // namespace imdswatch::telemetry_detail
