#include "log_line.hpp"
#include "metrics.hpp"

namespace imdswatch::telemetry_detail {
namespace {

std::string text(std::int32_t number) { return std::to_string(number); }
std::string source_of(Shard shard) { return "shard " + text(shard.value()); }
double seconds(EventTime time) { return static_cast<double>(to_us(time)) / 1e6; }
double seconds(WallTime time) { return static_cast<double>(to_ms(time)) / 1e3; }

}  // namespace

struct Apply {
  Metrics& m;

  [[nodiscard]] static Labels shard(Shard id) { return {{"shard", text(id.value())}}; }
  [[nodiscard]] static Labels with(Labels labels, const std::string& name, std::string value) {
    labels.emplace(name, std::move(value));
    return labels;
  }

  void operator()(const fact::Started& f) const {
    Labels labels = f.libraries;
    labels.emplace("version", f.version);
    labels.emplace("config_version", f.config_version);
    m.set(Metric::build_info, labels, 1);
  }
  void operator()(const fact::Ready&) const {}
  void operator()(const fact::Readiness& f) const { m.set(Metric::ready, {}, f.ready ? 1 : 0); }
  void operator()(const fact::Stopping&) const { m.set(Metric::ready, {}, 0); }
  void operator()(const fact::Stopped&) const {}
  void operator()(const fact::LibraryLog&) const {}

  void operator()(const fact::PartitionsAssigned& f) const {
    m.add(Metric::rebalances, {{"group", f.group}, {"kind", "assigned"}});
  }
  void operator()(const fact::PartitionsRevoked& f) const {
    m.add(Metric::rebalances, {{"group", f.group}, {"kind", f.lost ? "lost" : "revoked"}});
  }
  void operator()(const fact::SourceStarted&) const {}
  void operator()(const fact::TopicMadeAnew&) const { m.add(Metric::topics_made_anew, {}); }
  void operator()(const fact::OffsetOutOfRange&) const { m.add(Metric::offsets_out_of_range, {}); }
  void operator()(const fact::DeliveryFailed&) const {}  // told as producers_lost by the sieve's figures
  void operator()(const fact::CallLogStalled&) const {}  // its length is told by the sieve's figures
  void operator()(const fact::OffsetCommitFailed&) const { m.add(Metric::offset_commit_failures, {}); }
  void operator()(const fact::SourcePaused& f) const {
    m.set(Metric::input_paused, {{"topic", f.topic}, {"partition", text(f.partition.value())}}, f.paused ? 1 : 0);
  }
  void operator()(const fact::PacingChanged&) const {}
  void operator()(const fact::DeadLettersDropped& f) const {
    m.add(Metric::dead_letters_dropped, {{"reason", "over_rate"}}, static_cast<double>(f.over_rate));
    m.add(Metric::dead_letters_dropped, {{"reason", "failed"}}, static_cast<double>(f.failed));
  }
  void operator()(const fact::BrokerError& f) const {
    m.add(Metric::broker_errors, {{"client", f.client}, {"code", f.code}, {"fatal", f.fatal ? "true" : "false"}}, static_cast<double>(1 + f.untold));
  }

  void operator()(const fact::SieveFigures& f) const {
    const std::string source = "sieve " + text(f.sieve);
    const auto total = [&](Metric metric, const Labels& labels, std::uint64_t value) {
      if (value > 0) m.total(metric, labels, source, value);
    };
    for (std::size_t i = 0; i < f.counters.formats.size(); ++i) {
      by_format(std::string(to_string(static_cast<Format>(i))), f.counters.formats[i], total);
    }
    total(Metric::messages, {}, f.counters.messages);
    total(Metric::input_bytes, {}, f.counters.bytes);
    total(Metric::clock_skewed, {}, f.counters.clock_skewed);
    total(Metric::out_of_order, {}, f.counters.out_of_order);
    total(Metric::starts_evicted, {}, f.counters.starts_evicted);
    total(Metric::awaiting_evicted, {}, f.counters.awaiting_evicted);
    total(Metric::call_log_records, {}, f.call_log_records);
    total(Metric::producers_lost, {}, f.producers_lost);
    total(Metric::dead_letters, {}, f.dead_letters);
    m.set(Metric::process_table_bytes, {{"sieve", text(f.sieve)}}, static_cast<double>(f.process_table_bytes));
    m.set(Metric::unacknowledged, {{"sieve", text(f.sieve)}}, static_cast<double>(f.unacknowledged));
    m.set(Metric::call_log_silent, {{"sieve", text(f.sieve)}}, static_cast<double>(f.call_log_silent.count()) / 1e3);
    if (f.first_message) m.set(Metric::first_message, {{"sieve", text(f.sieve)}}, seconds(*f.first_message));
    if (f.last_message) m.set(Metric::last_message, {{"sieve", text(f.sieve)}}, seconds(*f.last_message));
  }

  template <class Total>
  void by_format(const std::string& format, const SieveCounters::ByFormat& counts, const Total& total) const {
    const auto record = [&](const char* account, std::string_view reason, std::uint64_t value) {
      total(Metric::records, {{"format", format}, {"account", account}, {"reason", std::string(reason)}}, value);
    };
    record("kept", "call", counts.calls);
    record("kept", "process_start", counts.starts);
    record("ignored", "connection_elsewhere", counts.connections_elsewhere);
    for (std::size_t i = 0; i < counts.ignored.size(); ++i) record("ignored", to_string(static_cast<IgnoreReason>(i)), counts.ignored[i]);
    for (std::size_t i = 0; i < counts.rejected.size(); ++i) record("rejected", to_string(static_cast<RejectReason>(i)), counts.rejected[i]);
    total(Metric::calls, {{"format", format}}, counts.calls);
    total(Metric::starts_joined, {{"format", format}, {"outcome", "hit"}}, counts.join_hits);
    total(Metric::starts_joined, {{"format", format}, {"outcome", "miss"}}, counts.join_misses);
    total(Metric::starts_joined, {{"format", format}, {"outcome", "late"}}, counts.late_starts);
  }

  void operator()(const fact::SourceFigures& f) const {
    const Labels labels{{"topic", f.topic}, {"partition", text(f.partition.value())}};
    if (f.lag_records) m.set(Metric::input_lag, labels, static_cast<double>(*f.lag_records));
    if (f.watermark) m.set(Metric::input_watermark, labels, seconds(*f.watermark));
    m.set(Metric::input_at_end, labels, f.at_end ? 1 : 0);
    m.set(Metric::input_paused, labels, f.paused ? 1 : 0);
  }
  void operator()(const fact::SourceGone& f) const {
    m.drop_gauges({{"topic", f.topic}, {"partition", text(f.partition.value())}});
  }

  void operator()(const fact::ShardTaken& f) const {
    m.owned_[f.shard.value()] = true;
    m.forget_totals(source_of(f.shard));
    m.set(Metric::shards, {}, static_cast<double>(m.owned_.size()));
    for (const auto outcome : {CommitOutcome::committed, CommitOutcome::aborted, CommitOutcome::unknown, CommitOutcome::fenced}) {
      m.add(Metric::commits, with(shard(f.shard), "outcome", std::string(to_word(outcome))), 0);
    }
    for (const char* kind : {"new", "update"}) m.add(Metric::alerts, with(shard(f.shard), "kind", kind), 0);
    m.add(Metric::runs, shard(f.shard), 0);
  }
  void operator()(const fact::StateRestored& f) const { m.set(Metric::state_rows, shard(f.shard), static_cast<double>(f.rows)); }
  void operator()(const fact::ShardLeft& f) const {
    m.owned_.erase(f.shard.value());
    m.forget_totals(source_of(f.shard));
    m.set(Metric::shards, {}, static_cast<double>(m.owned_.size()));
    m.drop_gauges(shard(f.shard));
  }
  void operator()(const fact::ShardRebuilt& f) const {
    m.forget_totals(source_of(f.shard));
    m.unset(Metric::behind, shard(f.shard));
    m.add(Metric::shard_rebuilds, with(shard(f.shard), "because", std::string(to_word(f.because))));
  }
  void operator()(const fact::ShardFailed& f) const {
    m.unset(Metric::behind, shard(f.shard));  // until it is restored
    m.add(Metric::shard_failures, shard(f.shard));
  }
  void operator()(const fact::CallLogRecordRejected& f) const { m.add(Metric::call_log_rejected, shard(f.shard)); }
  void operator()(const fact::Committed& f) const {
    m.add(Metric::commits, with(shard(f.shard), "outcome", std::string(to_word(f.outcome))));
    m.observe(Metric::commit_duration, f.took);
  }

  void operator()(const fact::RunCompleted& f) const {
    const TriageCounts& counts = f.summary.triage;
    m.add(Metric::runs, shard(f.shard), static_cast<double>(1 + f.summary.idle_before));
    m.observe(Metric::run_duration, f.took);
    const std::pair<const char*, std::uint64_t> outcomes[] = {
        {"told", counts.told},       {"repeated", counts.repeated},     {"grouped", counts.grouped},  {"muted", counts.muted},
        {"carried", counts.carried}, {"overflowed", counts.overflowed}, {"released", counts.released}};
    for (const auto& [outcome, value] : outcomes) {
      m.add(Metric::findings, with(shard(f.shard), "outcome", outcome), static_cast<double>(value));
    }
    const std::uint64_t first = f.summary.first_versions;
    m.add(Metric::alerts, with(shard(f.shard), "kind", "new"), static_cast<double>(first));
    m.add(Metric::alerts, with(shard(f.shard), "kind", "update"), static_cast<double>(f.summary.alerts - first));
    m.set(Metric::exceptions_expired, shard(f.shard), static_cast<double>(counts.expired.size()));
    m.set(Metric::last_run, shard(f.shard), seconds(f.summary.run.time));
  }

  void operator()(const fact::DetectorFigures& f) const {
    const Labels labels = shard(f.shard);
    const Detector::Figures& now = f.figures;
    const auto set = [&](Metric metric, std::size_t value) { m.set(metric, labels, static_cast<double>(value)); };
    if (f.call_log_lag_records) m.set(Metric::call_log_lag, labels, static_cast<double>(*f.call_log_lag_records));
    if (f.state_rows) set(Metric::state_rows, *f.state_rows);
    if (f.behind) m.set(Metric::behind, labels, static_cast<double>(f.behind->count()));
    else m.unset(Metric::behind, labels);
    if (now.time) m.set(Metric::detector_time, labels, seconds(*now.time));
    if (now.last_run) m.set(Metric::last_run, labels, seconds(*now.last_run));
    set(Metric::hosts, now.model_hosts);
    set(Metric::signatures, now.model_signatures);
    set(Metric::model_bytes, now.model_bytes);
    set(Metric::carried, now.carried);
    set(Metric::learning, now.learning ? 1 : 0);
    set(Metric::open_calls, now.window.open_calls);
    set(Metric::open_sightings, now.window.open_sightings);
    const std::pair<const char*, std::size_t> states[] = {{"known", now.window.partitions},
                                                          {"silent", now.window.silent_partitions},
                                                          {"left_out", now.window.left_out_partitions},
                                                          {"stood_aside", now.window.stood_aside_partitions}};
    for (const auto& [state, value] : states) m.set(Metric::partitions, with(labels, "state", state), static_cast<double>(value));
    m.total(Metric::calls_repeated, labels, source_of(f.shard), now.window.told_before);
    m.total(Metric::calls_late, labels, source_of(f.shard), now.window.late);
    m.total(Metric::made_room, labels, source_of(f.shard), now.made_room);
    m.total(Metric::not_learned, labels, source_of(f.shard), now.not_learned);
    m.total(Metric::calls_twin, labels, source_of(f.shard), now.window.twins);
  }
};

void Metrics::apply(const Fact& what) { std::visit(Apply{*this}, what); }

}  // namespace imdswatch::telemetry_detail
