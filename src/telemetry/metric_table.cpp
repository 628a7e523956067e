#include "metric_table.hpp"

#include <array>

namespace imdswatch {
namespace {

using enum MetricDef::Kind;

constexpr std::array metrics{
    MetricDef{"imdswatch_build_info", gauge, "version, config_version, and each library", "Always 1."},
    MetricDef{"imdswatch_start_time_seconds", gauge, "", "When the process started, seconds since 1970."},
    MetricDef{"imdswatch_ready", gauge, "", "1 while every stage has joined its group and restored its state, as /readyz says; else 0."},

    MetricDef{"imdswatch_records_total", counter, "format, account, reason",
              "Events, each in one account: kept, ignored or rejected."},
    MetricDef{"imdswatch_messages_total", counter, "", "Messages read from raw topics."},
    MetricDef{"imdswatch_first_message_timestamp_seconds", gauge, "sieve", "When the first of those messages was read since the start."},
    MetricDef{"imdswatch_last_message_timestamp_seconds", gauge, "sieve", "When the latest of them was read."},
    MetricDef{"imdswatch_input_bytes_total", counter, "", "Bytes of those messages."},
    MetricDef{"imdswatch_calls_total", counter, "format", "Calls to the metadata service."},
    MetricDef{"imdswatch_process_starts_joined_total", counter, "format, outcome",
              "Calls whose process start was found (hit), not found (miss), or found after the call (late)."},
    MetricDef{"imdswatch_calls_clock_skewed_total", counter, "", "Calls with a wrong clock, which were given their partition's time."},
    MetricDef{"imdswatch_records_out_of_order_total", counter, "",
              "Events older than the allowed disorder; calls among them may be late."},
    MetricDef{"imdswatch_process_starts_evicted_total", counter, "", "Process starts dropped for space or age."},
    MetricDef{"imdswatch_calls_awaiting_start_evicted_total", counter, "", "Calls that no longer wait for a late start, for space."},
    MetricDef{"imdswatch_process_table_bytes", gauge, "sieve", "Memory of the process starts kept for the join."},

    MetricDef{"imdswatch_input_lag_records", gauge, "topic, partition", "Messages between what was read and the end."},
    MetricDef{"imdswatch_input_watermark_timestamp_seconds", gauge, "topic, partition",
              "Event time up to which the partition is taken as complete."},
    MetricDef{"imdswatch_input_at_end", gauge, "topic, partition", "1 if the broker has confirmed for 60 s that there is no more."},
    MetricDef{"imdswatch_input_paused", gauge, "topic, partition", "1 while held back because it runs ahead of the detector's time."},
    MetricDef{"imdswatch_topics_made_anew_total", counter, "", "Partitions whose topic was deleted and made anew."},
    MetricDef{"imdswatch_offsets_out_of_range_total", counter, "", "Times that events were deleted before they were read."},

    MetricDef{"imdswatch_call_log_records_total", counter, "", "Records written to the call log: calls, lineage, progress."},
    MetricDef{"imdswatch_call_log_unacknowledged", gauge, "sieve", "Records written and not yet acknowledged."},
    MetricDef{"imdswatch_call_log_silent_seconds", gauge, "sieve",
              "How long a call log partition has acknowledged nothing of what waits for it; 0 below 30 s."},
    MetricDef{"imdswatch_producers_lost_total", counter, "", "Call log producers thrown away after a failed delivery."},
    MetricDef{"imdswatch_offset_commit_failures_total", counter, "", "Commits of raw offsets that failed and were tried again."},
    MetricDef{"imdswatch_dead_letters_total", counter, "", "Rejected records written to the dead-letter topic."},
    MetricDef{"imdswatch_dead_letters_dropped_total", counter, "reason",
              "Rejected records not written there: over_rate (only counted) or failed."},
    MetricDef{"imdswatch_broker_errors_total", counter, "client, code, fatal", "What librdkafka reports of the brokers."},

    MetricDef{"imdswatch_rebalances_total", counter, "group, kind", "Partitions assigned, revoked or lost by a consumer group."},
    MetricDef{"imdswatch_call_log_lag_records", gauge, "shard", "Call log records between what was stepped and the end."},
    MetricDef{"imdswatch_behind_seconds", gauge, "shard", "Event time between the detector's time and now while a backlog is read; 0 while it keeps up, absent while that is not known."},
    MetricDef{"imdswatch_detector_time_timestamp_seconds", gauge, "shard", "The detector's time: the least of the inputs' watermarks."},
    MetricDef{"imdswatch_last_run_timestamp_seconds", gauge, "shard", "T of the last completed run, in event time."},
    MetricDef{"imdswatch_shards_owned", gauge, "", "Shards that this process owns."},
    MetricDef{"imdswatch_shard_failures_total", counter, "shard", "Turns of a shard that failed and were tried again."},
    MetricDef{"imdswatch_shard_rebuilds_total", counter, "shard, because", "Shards rebuilt after anything but a committed commit."},
    MetricDef{"imdswatch_call_log_records_rejected_total", counter, "shard", "Call log records that could not be read."},
    MetricDef{"imdswatch_calls_repeated_total", counter, "shard", "Calls dropped because they were told before."},
    MetricDef{"imdswatch_calls_late_total", counter, "shard", "Calls whose bucket had left the look-back; judged all the same."},
    MetricDef{"imdswatch_calls_twin_total", counter, "shard", "Calls told twice by two channels and counted once."},
    MetricDef{"imdswatch_partitions", gauge, "shard, state",
              "Input partitions as the detector sees them: known, silent, left_out, stood_aside."},
    MetricDef{"imdswatch_open_calls", gauge, "shard", "Calls in open buckets."},
    MetricDef{"imdswatch_open_sightings", gauge, "shard", "Sightings in open buckets."},

    MetricDef{"imdswatch_model_hosts", gauge, "shard", "Hosts that the model knows."},
    MetricDef{"imdswatch_model_signatures", gauge, "shard", "Signatures that the model knows."},
    MetricDef{"imdswatch_model_bytes", gauge, "shard", "Memory of the model."},
    MetricDef{"imdswatch_model_made_room_total", counter, "shard",
              "Names and signatures of a host that had too many, forgotten for newer ones."},
    MetricDef{"imdswatch_model_not_learned_total", counter, "shard", "Names and signatures not learned: their host had too many at once."},
    MetricDef{"imdswatch_state_rows", gauge, "shard", "Rows of the state topic after compaction."},
    MetricDef{"imdswatch_findings_carried", gauge, "shard", "Findings put off by the cap on alerts."},
    MetricDef{"imdswatch_learning", gauge, "shard", "1 within the learning period."},

    MetricDef{"imdswatch_runs_total", counter, "shard", "Completed runs."},
    MetricDef{"imdswatch_run_duration_seconds", histogram, "", "Time that a run took."},
    MetricDef{"imdswatch_findings_total", counter, "shard, outcome",
              "What became of findings: told, repeated, grouped, muted, carried, overflowed; released: carried earlier, told now."},
    MetricDef{"imdswatch_alerts_total", counter, "shard, kind",
              "Alert documents: new (first versions, of groups and reports too), update (later versions of what was told)."},
    MetricDef{"imdswatch_exceptions_expired", gauge, "shard", "Exceptions that have expired and match nothing."},
    MetricDef{"imdswatch_commits_total", counter, "shard, outcome", "Transactions: committed, aborted, unknown, fenced."},
    MetricDef{"imdswatch_commit_duration_seconds", histogram, "", "Time that a transaction took."},

    MetricDef{"imdswatch_log_lines_held_back_total", counter, "", "Log lines not written because they repeat a recent one."},
};
static_assert(metrics.size() == static_cast<std::size_t>(telemetry_detail::Metric::count));

}  // namespace

std::span<const MetricDef> metric_table() { return metrics; }

}  // namespace imdswatch
