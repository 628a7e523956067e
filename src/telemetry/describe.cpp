#include <algorithm>

#include "log_line.hpp"

namespace imdswatch::telemetry_detail {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;
using std::to_string;

template <class Tag, class Rep>
std::string number(const Strong<Tag, Rep>& id) {
  return to_string(id.value());
}
std::string ms(std::chrono::microseconds took) { return to_string(took.count() / 1000); }
std::string where(const std::string& topic, Partition partition) { return topic + "/" + number(partition); }

struct Describe {
  std::optional<LogLine> operator()(const fact::Started& f) const {
    Fields fields{{"version", f.version}, {"config_version", f.config_version}, {"config", f.config_file}};
    for (const auto& [name, version] : f.libraries) fields.emplace_back(name, version);
    return LogLine{LogLevel::info, "started", "imdswatch has started", fields, ""};
  }
  std::optional<LogLine> operator()(const fact::Ready& f) const {
    return LogLine{LogLevel::info, "ready", "ready: groups joined, state restored", {{"after_ms", to_string(f.after.count())}}, ""};
  }
  std::optional<LogLine> operator()(const fact::Readiness&) const { return std::nullopt; }
  std::optional<LogLine> operator()(const fact::Stopping& f) const {
    return LogLine{LogLevel::info, "stopping", "stopping: draining and committing", {{"why", f.why}}, ""};
  }
  std::optional<LogLine> operator()(const fact::Stopped& f) const {
    using How = fact::Stopped::How;
    switch (f.how) {
      case How::all_committed: return LogLine{LogLevel::info, "stopped", "stopped; everything read is committed", {}, ""};
      case How::incomplete:
        return LogLine{LogLevel::warning, "stopped", "stopped before all was committed; the next start does it again, nothing is lost",
                       {{"detail", f.detail}}, ""};
      case How::before_reading:
        return LogLine{LogLevel::info, "stopped", "stopped before anything was read", {{"detail", f.detail}}, ""};
      case How::failed: return LogLine{LogLevel::error, "stopped", "stopped: it cannot go on", {{"detail", f.detail}}, ""};
    }
    return std::nullopt;
  }
  std::optional<LogLine> operator()(const fact::LibraryLog& f) const {
    const LogLevel level = f.level <= 3   ? LogLevel::error
                           : f.level == 4 ? LogLevel::warning
                           : f.level <= 6 ? LogLevel::info
                                          : LogLevel::debug;
    return LogLine{level, "librdkafka", f.text, {{"facility", f.facility}}, level >= LogLevel::warning ? f.facility : ""};
  }

  std::optional<LogLine> operator()(const fact::PartitionsAssigned& f) const {
    return LogLine{LogLevel::info, "partitions_assigned", "the group has given this instance partitions",
                   {{"group", f.group}, {"count", to_string(f.partitions)}, {"partitions", f.names}}, ""};
  }
  std::optional<LogLine> operator()(const fact::PartitionsRevoked& f) const {
    const Fields fields{{"group", f.group}, {"count", to_string(f.partitions)}, {"partitions", f.names}};
    if (!f.lost) return LogLine{LogLevel::info, "partitions_revoked", "the group has taken partitions back", fields, ""};
    return LogLine{LogLevel::warning, "partitions_lost",
                   "the group has taken partitions away without asking. Either their topic was deleted, of which broker_error tells "
                   "(UNKNOWN_TOPIC_OR_PART), or others have them, since this instance was away for longer than session.timeout.ms: look "
                   "for a stopped process or an overloaded machine", fields, f.group};
  }
  std::optional<LogLine> operator()(const fact::SourceStarted& f) const {
    if (f.passed_over > 0) {
      return LogLine{LogLevel::warning, "source_started",
                     "reading begins at the end, since kafka.start_at is latest and the group has no committed offset here, or no longer "
                     "(offsets.retention.minutes): what lies before it is never read",
                     {{"source", where(f.topic, f.partition)}, {"next", number(f.next)}, {"passed_over", to_string(f.passed_over)}}, ""};
    }
    return LogLine{LogLevel::info, "source_started",
                   f.committed ? "reading goes on where it stood" : "reading begins: nothing is committed yet",
                   {{"source", where(f.topic, f.partition)}, {"next", number(f.next)}, {"warm_up_from", number(f.from)}}, ""};
  }
  std::optional<LogLine> operator()(const fact::TopicMadeAnew& f) const {
    return LogLine{LogLevel::warning, "topic_made_anew",
                   "this topic was deleted and made anew: it is read from its beginning; what the old one still held is gone",
                   {{"source", where(f.topic, f.partition)}, {"before", f.before}, {"now", f.now}}, ""};
  }
  std::optional<LogLine> operator()(const fact::OffsetOutOfRange& f) const {
    return LogLine{LogLevel::error, "offset_out_of_range",
                   "events were deleted before they were read; reading goes on from the earliest. Raise the topic's retention, or "
                   "find what kept imdswatch from reading",
                   {{"source", where(f.topic, f.partition)}, {"wanted", number(f.wanted)}, {"earliest", number(f.earliest)},
                    {"passed_over", to_string(std::max<std::int64_t>(0, f.earliest.value() - f.wanted.value()))}, {"detail", f.detail}}, ""};
  }
  std::optional<LogLine> operator()(const fact::DeliveryFailed& f) const {
    return LogLine{LogLevel::warning, "delivery_failed",
                   "calls could not be written; their partitions start again from their committed offsets, nothing is lost",
                   {{"topic", f.topic}, {"detail", f.detail}, {"retry_in_ms", to_string(f.retry_in.count())}}, f.topic};
  }
  std::optional<LogLine> operator()(const fact::CallLogStalled& f) const {
    Fields fields{{"partition", where(f.topic, f.partition)}, {"since", to_iso8601(f.since)}, {"seconds", to_string(f.silent.count() / 1000)}};
    if (f.over) {
      return LogLine{LogLevel::info, "call_log_flows", "the call log's partition acknowledges again what is written to it", fields,
                     where(f.topic, f.partition)};
    }
    fields.emplace_back("records", to_string(f.records));
    return LogLine{LogLevel::error, "call_log_stalled",
                   "the brokers acknowledge nothing of what is written to this partition of the call log, so nothing new is detected. Nothing is "
                   "lost: it is tried again, and reading pauses once the producer's queue is full. Compare the partition's in-sync replicas "
                   "with min.insync.replicas (kafka-topics --describe), and look for brokers that are away or have a full disk",
                   fields, where(f.topic, f.partition)};
  }
  std::optional<LogLine> operator()(const fact::OffsetCommitFailed& f) const {
    return LogLine{LogLevel::warning, "offset_commit_failed", "raw offsets could not be committed; it is tried again",
                   {{"group", f.group}, {"detail", f.detail}}, f.group};
  }
  std::optional<LogLine> operator()(const fact::SourcePaused& f) const {
    return LogLine{LogLevel::info, f.paused ? "source_paused" : "source_resumed",
                   f.paused ? "held back: it runs ahead of the detector's time" : "let go again",
                   {{"source", where(f.topic, f.partition)}}, where(f.topic, f.partition)};
  }
  std::optional<LogLine> operator()(const fact::PacingChanged& f) const {
    if (f.by_call_log) return LogLine{LogLevel::info, "paced_by_call_log", "sources that run ahead wait for the detector's time again", {}, ""};
    return LogLine{LogLevel::warning, "paced_alone",
                   "the call log does not tell the detector's time: of the sources here, those that run ahead wait for each other alone, until it does. "
                   "If it goes on, see that the call log can be read (docs/operations.md, Permissions) and written",
                   {{"why", f.why}}, ""};
  }
  std::optional<LogLine> operator()(const fact::DeadLettersDropped& f) const {
    return LogLine{LogLevel::warning, "dead_letters_dropped",
                   "rejected records were only counted, not written; imdswatch_records_total{account=\"rejected\"} says why they came",
                   {{"over_rate", to_string(f.over_rate)}, {"failed", to_string(f.failed)}, {"detail", f.detail}}, "all"};
  }
  std::optional<LogLine> operator()(const fact::BrokerError& f) const {
    Fields fields{{"client", f.client}, {"code", f.code}, {"detail", f.detail}};
    if (f.untold > 0) fields.emplace_back("untold", to_string(f.untold));
    if (!f.fatal) return LogLine{LogLevel::warning, "broker_error", "trouble with the broker; it is tried again", fields, f.client + f.code};
    return LogLine{LogLevel::error, "broker_error", "trouble with the broker that trying again cannot mend", fields, ""};
  }
  std::optional<LogLine> operator()(const fact::SieveFigures&) const { return std::nullopt; }
  std::optional<LogLine> operator()(const fact::SourceFigures&) const { return std::nullopt; }
  std::optional<LogLine> operator()(const fact::SourceGone&) const { return std::nullopt; }

  std::optional<LogLine> operator()(const fact::ShardTaken& f) const {
    return LogLine{LogLevel::info, "shard_taken", "shard taken; its state is read next", {{"shard", number(f.shard)}}, ""};
  }
  std::optional<LogLine> operator()(const fact::StateRestored& f) const {
    return LogLine{LogLevel::info, "state_restored", "state restored",
                   {{"shard", number(f.shard)}, {"rows", to_string(f.rows)}, {"took_ms", to_string(f.took.count())}}, ""};
  }
  std::optional<LogLine> operator()(const fact::ShardLeft& f) const {
    return LogLine{LogLevel::info, "shard_left", "shard left to the group", {{"shard", number(f.shard)}, {"why", f.why}}, ""};
  }
  std::optional<LogLine> operator()(const fact::ShardRebuilt& f) const {
    return LogLine{LogLevel::warning, "shard_rebuilt", "the shard's memory was thrown away and is rebuilt from its state; nothing is lost",
                   {{"shard", number(f.shard)}, {"because", std::string(to_word(f.because))}}, number(f.shard)};
  }
  std::optional<LogLine> operator()(const fact::ShardFailed& f) const {
    return LogLine{LogLevel::error, "shard_failed", "the shard's turn failed; it is tried again",
                   {{"shard", number(f.shard)}, {"detail", f.detail}, {"retry_in_ms", to_string(f.retry_in.count())}},
                   number(f.shard) + f.detail};
  }
  std::optional<LogLine> operator()(const fact::CallLogRecordRejected& f) const {
    return LogLine{LogLevel::error, "call_log_record_rejected",
                   "a record of the call log could not be read and was passed over; only imdswatch may write to this topic",
                   {{"shard", number(f.shard)}, {"offset", number(f.offset)}, {"detail", f.detail}}, number(f.shard)};
  }
  std::optional<LogLine> operator()(const fact::Committed& f) const {
    const Fields fields{{"shard", number(f.shard)}, {"outcome", std::string(to_word(f.outcome))}, {"alerts", to_string(f.alerts)},
                        {"rows", to_string(f.rows)}, {"took_ms", ms(f.took)}, {"detail", f.detail}};
    switch (f.outcome) {
      case CommitOutcome::committed: return LogLine{LogLevel::debug, "committed", "committed", fields, ""};
      case CommitOutcome::fenced:
        return LogLine{LogLevel::warning, "commit_failed", "another instance has taken the shard over; this one joins the group anew",
                       fields, number(f.shard)};
      case CommitOutcome::aborted:
      case CommitOutcome::unknown: break;
    }
    return LogLine{LogLevel::warning, "commit_failed", "a commit did not end as committed; the shard is rebuilt and does it again",
                   fields, number(f.shard)};
  }
  std::optional<LogLine> operator()(const fact::RunCompleted& f) const {
    const RunSummary& run = f.summary;
    const bool quiet = run.candidates == 0 && run.alerts == 0 && run.triage.findings == 0;
    Fields fields{{"shard", number(f.shard)},
                  {"run", to_iso8601(run.run.time)},
                  {"candidates", to_string(run.candidates)},
                  {"findings", to_string(run.triage.findings)},
                  {"alerts", to_string(run.alerts)},
                  {"told", to_string(run.triage.told)},
                  {"muted", to_string(run.triage.muted)},
                  {"repeated", to_string(run.triage.repeated)},
                  {"grouped", to_string(run.triage.grouped)},
                  {"carried", to_string(run.triage.carried)},
                  {"released", to_string(run.triage.released)},
                  {"overflowed", to_string(run.triage.overflowed)},
                  {"learned", to_string(run.learned)},
                  {"learning", run.learning ? "true" : "false"},
                  {"took_ms", ms(f.took)}};
    return LogLine{quiet ? LogLevel::debug : LogLevel::info, "run_completed", "run completed", fields, ""};
  }
  std::optional<LogLine> operator()(const fact::DetectorFigures&) const { return std::nullopt; }
};

}  // namespace

std::string_view to_word(CommitOutcome outcome) {
  switch (outcome) {
    case CommitOutcome::committed: return "committed";
    case CommitOutcome::aborted: return "aborted";
    case CommitOutcome::unknown: return "unknown";
    case CommitOutcome::fenced: return "fenced";
  }
  return "";
}

std::optional<LogLine> describe(const Fact& what) { return std::visit(Describe{}, what); }

}  // namespace imdswatch::telemetry_detail
