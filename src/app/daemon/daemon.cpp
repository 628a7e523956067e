#include "daemon.hpp"

#include <algorithm>
#include <future>

#include "kafka_facts.hpp"
#include "library_versions.hpp"
#include "settings.hpp"

namespace imdswatch {
namespace {

constexpr std::chrono::milliseconds first_wait{1'000}, longest_wait{30'000};
constexpr std::chrono::milliseconds answer_within{10'000}, look_every{50};

WallTime wall_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return wall_time_ms(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

}  // namespace

Daemon::Daemon(const Config& config, std::string config_file, Telemetry& telemetry)
    : config_(config),
      config_file_(std::move(config_file)),
      telemetry_(telemetry),
      board_(config.detector, config.commit_every, telemetry) {}

kafka::Reporting Daemon::reporting() {
  return {.log = [this](int level, std::string_view facility,
                        std::string_view text) { telemetry_.emit(fact::LibraryLog{level, std::string(facility), std::string(text)}); },
          .fact =
              [this](const kafka::KafkaFact& what) {
                if (const auto* left = std::get_if<kafka::ShardLeft>(&what)) board_.left(left->shard);
                if (const auto fact = to_telemetry(what)) telemetry_.emit(*fact);
              }};
}

Result<bool> Daemon::start(const StopAsked& stop_asked) {
  telemetry_.emit(fact::Started{program_version(), config_.config_version, config_file_, library_versions()});
  if (auto listening = start_http(); !listening) return std::move(listening).error();
  if (auto there = await_topics(stop_asked); !there || !*there) return there;
  if (auto started = start_stages(); !started) return std::move(started).error();
  stages_started_ = true;
  return true;
}

Result<void> Daemon::start_stages() {
  if (config_.roles.detector) {
    group_ = std::make_unique<kafka::CallLogGroup>(
        kafka_settings(config_), reporting(),
        [this](Shard shard, StateReader& state, LogSource& log, CommitOutlet& outlet) { return board_.make_turn(shard, state, log, outlet); });
    if (auto started = group_->start(); !started) return started;
  }
  if (config_.roles.sieve) {
    log_watch_ = std::make_unique<kafka::LogWatch>(kafka_settings(config_), reporting(), config_.detector.schedule.stall_timeout,
                                                   std::max<std::chrono::milliseconds>(std::chrono::seconds{60}, 3 * config_.progress_every));
    if (auto started = log_watch_->start(); !started) return started;
    const std::size_t threads = sieve_threads(config_);
    for (std::size_t i = 0; i < threads; ++i) {
      sieves_.push_back(std::make_unique<kafka::SieveRunner>(sieve_settings(config_, i), sieve_runner_config(config_, threads), reporting(),
                                                             [this] { return log_watch_->time(); }));
      if (auto started = sieves_.back()->start(); !started) return started;
    }
  }
  return {};
}

/// Asked on a thread of its own, so that this one sees at once that it is to stop.
Result<bool> Daemon::await_topics(const StopAsked& stop_asked) {
  for (auto wait = first_wait;; wait = std::min(2 * wait, longest_wait)) {
    std::atomic<bool> stopping{false};
    auto asked = std::async(std::launch::async, [&] { return ask_topics(stopping); });
    while (asked.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {
      if (!stop_asked(look_every)) continue;
      stopping = true;
      asked.wait();
      return false;
    }
    const auto report = asked.get();
    if (report) {
      if (auto good = judge_topics(*report); !good) return std::move(good).error();
      return true;
    }
    if (report.error().code != Errc::kafka_unavailable) return report.error();
    telemetry_.emit(fact::LibraryLog{4, "BROKERS", "waiting for the brokers, trying again in " + std::to_string(wait / std::chrono::seconds{1}) +
                                                       " s: " + report.error().message});
    if (stop_asked(wait)) return false;
  }
}

Result<kafka::TopicReport> Daemon::ask_topics(const std::atomic<bool>& stopping) {
  const kafka::KafkaSettings settings = kafka_settings(config_);
  return kafka::ensure_topics(settings, kafka::internal_topics(settings, topic_plan(config_)), true, reporting(), answer_within, &stopping);
}

Result<void> Daemon::judge_topics(const kafka::TopicReport& report) {
  std::string wrong;
  for (const kafka::TopicDifference& difference : report.differences) {
    if (difference.essential) wrong += "\n  " + difference.sentence;
    else telemetry_.emit(fact::LibraryLog{4, "TOPICS", difference.sentence});
  }
  if (wrong.empty()) return {};
  return Error{Errc::config_invalid, "the internal topics are not as they must be (`imdswatch topics --check` shows all):" + wrong};
}

Result<void> Daemon::start_http() {
  if (!config_.http.enabled) return {};
  http_ = std::make_unique<HttpServer>(HttpOptions{config_.http.listen, config_.http.port},
                                       HttpHandlers{.metrics = [this] { return telemetry_.metrics_text(); },
                                                    .healthz = [this] { return health(); },
                                                    .readyz = [this] { return readiness(); }});
  auto port = http_->start();
  if (!port) return std::move(port).error();
  telemetry_.emit(fact::LibraryLog{6, "HTTP", "listening on http://" + config_.http.listen + ":" + std::to_string(*port)});
  return {};
}

void Daemon::observe() {
  telemetry_.emit(fact::Readiness{ready()});
  std::set<kafka::NamedPartition> owned;
  for (std::size_t i = 0; i < sieves_.size(); ++i) observe_sieve(static_cast<int>(i), sieves_[i]->figures(), owned);
  for (const kafka::NamedPartition& one : owned_) {
    if (!owned.contains(one)) telemetry_.emit(fact::SourceGone{one.topic, one.partition});
  }
  owned_ = std::move(owned);
  if (!group_) return;
  const WallTime now = wall_now();
  for (const ShardSeen& seen : shards_seen()) {
    if (!seen.figures) continue;
    telemetry_.emit(fact::DetectorFigures{seen.shard, *seen.figures, seen.call_log_lag, std::nullopt, behind(*seen.figures, now)});
  }
}

void Daemon::observe_sieve(int index, const kafka::SieveFigures& figures, std::set<kafka::NamedPartition>& owned) {
  telemetry_.emit(fact::SieveFigures{index, figures.counters, figures.process_table_bytes, figures.call_log_records, figures.producers_lost,
                                     figures.dead_letters, figures.unacknowledged,
                                     figures.call_log_stalled ? figures.call_log_stalled->silent : std::chrono::milliseconds{0},
                                     figures.first_message, figures.last_message});
  for (const kafka::SourceFigures& source : figures.sources) {
    fact::SourceFigures out{source.source.topic, source.source.partition, std::nullopt, source.watermark, source.at_end, source.paused};
    if (source.next && source.end) out.lag_records = std::max<std::int64_t>(0, source.end->value() - source.next->value());
    telemetry_.emit(out);
    owned.insert(source.source);
  }
}

bool Daemon::ready() const {
  return std::ranges::all_of(readiness(), [](const Check& check) { return check.ok || !check.required; });
}

bool Daemon::sieves_joined() const {
  return std::ranges::all_of(sieves_, [](const auto& sieve) { return sieve->figures().joined; });
}

std::vector<ShardSeen> Daemon::shards_seen() const {
  std::vector<ShardSeen> out;
  if (!group_) return out;
  const auto restored = board_.restored();
  for (const kafka::ShardFigures& shard : group_->figures().shards) {
    out.push_back({shard.shard, std::nullopt, std::nullopt});
    const auto seen = std::ranges::find(restored, shard.shard, &ShardBoard::Seen::shard);
    if (seen != restored.end()) out.back().figures = seen->figures;
    // The end was told with what was fetched; what was read since may lie behind it.
    if (shard.next && shard.end) out.back().call_log_lag = std::max<std::int64_t>(0, shard.end->value() - shard.next->value());
  }
  return out;
}

std::vector<kafka::SourceFigures> Daemon::sources_seen() const {
  std::vector<kafka::SourceFigures> out;
  for (const auto& sieve : sieves_) {
    for (kafka::SourceFigures& source : sieve->figures().sources) out.push_back(std::move(source));
  }
  return out;
}

std::vector<Check> Daemon::readiness() const {
  std::vector<Check> out;
  if (!stages_started_) return {{"brokers_answer", false, true, "waiting for the brokers to tell of the internal topics"}};
  if (config_.roles.sieve) {
    const bool joined = sieves_joined();
    out.push_back({"sieve_group_joined", joined, true, joined ? "" : "waiting for the group '" + kafka_settings(config_).raw_group() + "' to assign partitions"});
  }
  const bool given_out = sieves_joined() && (!group_ || group_->figures().joined);
  out.push_back(catch_up({given_out, shards_seen(), sources_seen()}, wall_now()));
  if (config_.roles.sieve) out.push_back(call_log_takes());
  if (!group_) return out;
  const kafka::CallLogGroupFigures figures = group_->figures();
  out.push_back({"detector_group_joined", figures.joined, true,
                 figures.joined ? "" : "waiting for the group '" + kafka_settings(config_).detector_group() + "' to assign shards"});
  const auto restored = board_.restored();
  const bool all = restored.size() >= figures.shards.size();
  out.push_back({"state_restored", all, true, std::to_string(restored.size()) + " of " + std::to_string(figures.shards.size()) + " shards"});
  std::string learning;
  for (const ShardBoard::Seen& seen : restored) {
    if (seen.figures.learning && seen.figures.learning_until) {
      learning += "shard " + std::to_string(seen.shard.value()) + ": until " + to_iso8601(*seen.figures.learning_until) + "; ";
    }
  }
  out.push_back({"learning_done", learning.empty(), false, learning});
  return out;
}

Check Daemon::call_log_takes() const {
  std::optional<kafka::CallLogStalled> longest;
  for (const auto& sieve : sieves_) {
    if (const auto stalled = sieve->figures().call_log_stalled; stalled && (!longest || stalled->silent > longest->silent)) longest = stalled;
  }
  if (!longest) return {"call_log_acknowledged", true, false, ""};
  return {"call_log_acknowledged", false, false,
          longest->partition.topic + "-" + std::to_string(longest->partition.partition.value()) + " has acknowledged nothing since " +
              to_iso8601(longest->since) + ": " + std::to_string(longest->records) +
              " records wait; too few in-sync replicas, a full disk, or a broker that is away"};
}

std::vector<Check> Daemon::health() const {
  const std::optional<Error> failed = stages_started_ ? failure() : std::nullopt;
  return {{"stages_running", !failed, true, failed ? failed->message : ""}};
}

std::optional<Error> Daemon::failure() const {
  for (const auto& sieve : sieves_) {
    if (auto failed = sieve->failure()) return failed;
  }
  return group_ ? group_->failure() : std::nullopt;
}

Result<void> Daemon::stop(std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  const auto left = [&] {
    return std::max(std::chrono::milliseconds{0},
                    std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()));
  };
  std::string uncommitted;
  const auto note = [&uncommitted](const Result<void>& done) {
    if (!done) uncommitted += (uncommitted.empty() ? "" : "; ") + done.error().message;
  };
  for (const auto& sieve : sieves_) sieve->begin_stop(deadline / 2);
  for (const auto& sieve : sieves_) note(sieve->stop(deadline / 2));
  if (group_) note(group_->stop(left()));
  if (http_) http_->stop();
  if (uncommitted.empty()) return {};
  return Error{Errc::commit_unknown, uncommitted};
}

}  // namespace imdswatch
