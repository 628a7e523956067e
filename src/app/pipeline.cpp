#include "pipeline.hpp"

#include <type_traits>
#include <utility>

#include "imdswatch/base/hash.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t records_per_turn = 1000;
/// No clock here: the detector's time moves by watermarks alone, and the same input gives the same bytes.
constexpr WallTime no_wall_time{};

TopicId replayed_topic() {
  TopicId id;
  id.bytes.back() = 1;
  return id;
}

}  // namespace

Pipeline::Pipeline(const SieveConfig& sieve, const DetectorConfig& detector, int shards, Outputs outputs)
    : sieve_(sieve), outputs_(std::move(outputs)) {
  for (int shard = 0; shard < shards; ++shard) {
    auto log = std::make_unique<MemoryShard>(outputs_.alert, false);
    auto runner = std::make_unique<ShardRunner>(detector, Shard{shard}, *log, *log, *log);
    shards_.push_back({std::move(log), std::move(runner)});
  }
}

std::size_t Pipeline::add_source(std::optional<Format> only) {
  const auto index = sources_.size();
  sources_.push_back({.id = {replayed_topic(), Partition{static_cast<std::int32_t>(index)}}, .only = only, .next_offset = 0, .told = {}, .ended = false});
  return index;
}

Result<void> Pipeline::start() {
  for (Source& source : sources_) {
    sieve_.assign(source.id, "", source.only);
    tell_progress(source);
  }
  return pump();
}

void Pipeline::tell_progress(Source& source) {
  Progress progress;
  progress.roster = {{replayed_topic(), static_cast<std::int32_t>(sources_.size())}};
  progress.source = source.id;
  progress.watermark = sieve_.watermark(source.id);
  progress.at_end = source.ended;
  progress.wall = no_wall_time;
  source.told = progress.watermark ? std::optional{std::chrono::floor<std::chrono::minutes>(*progress.watermark)} : std::nullopt;
  for (ShardParts& shard : shards_) shard.log->append(progress, no_wall_time);
}

void Pipeline::route() {
  for (auto& record : sieved_.records) {
    std::visit(
        [&](auto& body) {
          if constexpr (std::is_same_v<std::decay_t<decltype(body)>, Call>) hosts_.insert(stable_hash64(body.host.value()));
          const Shard shard = shard_of(body.host, static_cast<int>(shards_.size()));
          shards_[static_cast<std::size_t>(shard.value())].log->append(body, no_wall_time);
        },
        record);
  }
  for (const RejectedRecord& rejected : sieved_.rejected) outputs_.rejected(rejected);
  sieved_.clear();
}

void Pipeline::read(std::size_t source, std::string_view message) {
  Source& from = sources_[source];
  sieve_.read({from.id, LeaderEpoch{0}, Offset{from.next_offset++}, message}, sieved_);
  if (!sieved_.records.empty() || !sieved_.rejected.empty()) route();
}

void Pipeline::skip(std::size_t source) { ++sources_[source].next_offset; }

Result<void> Pipeline::end(std::size_t source) {
  Source& ended = sources_[source];
  sieve_.finish(ended.id, sieved_);
  route();
  ended.ended = true;
  tell_progress(ended);
  return pump();
}

Result<void> Pipeline::pump() {
  for (Source& source : sources_) {
    const auto watermark = sieve_.watermark(source.id);
    if (!source.ended && watermark && (!source.told || *watermark >= *source.told + std::chrono::minutes{1})) tell_progress(source);
  }
  for (ShardParts& shard : shards_) {
    while (!shard.runner->taken() || shard.log->unread() > 0) {
      if (auto turned = turn(shard, false); !turned) return turned;
    }
  }
  return {};
}

Result<void> Pipeline::turn(ShardParts& shard, bool commit_now) {
  auto turned = shard.runner->turn(records_per_turn, commit_now);
  if (!turned) return std::move(turned).error();
  for (const RunSummary& run : turned->runs) outputs_.run(run);
  return {};
}

Result<void> Pipeline::finish(bool drain) {
  for (ShardParts& shard : shards_) {
    if (drain) shard.runner->drain();
    if (auto turned = turn(shard, true); !turned) return turned;
  }
  return {};
}

std::optional<EventTime> Pipeline::watermark(std::size_t source) const { return sieve_.watermark(sources_[source].id); }

Detector::Figures Pipeline::figures() const {
  Detector::Figures out;
  for (const ShardParts& shard : shards_) {
    if (!shard.runner->detector()) continue;
    const Detector::Figures one = shard.runner->detector()->figures();
    out.time = std::max(out.time, one.time);
    out.last_run = std::max(out.last_run, one.last_run);
    out.learning_until = std::max(out.learning_until, one.learning_until);
    out.learning = out.learning || one.learning;
    out.model_hosts += one.model_hosts;
    out.model_signatures += one.model_signatures;
    out.model_bytes += one.model_bytes;
    out.carried += one.carried;
    out.window.late += one.window.late;
    out.window.twins += one.window.twins;
    out.window.told_before += one.window.told_before;
  }
  return out;
}

}  // namespace imdswatch
