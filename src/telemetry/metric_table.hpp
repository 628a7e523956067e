#pragma once

#include "imdswatch/telemetry/metrics.hpp"

namespace imdswatch::telemetry_detail {

/// Places in metric_table().
enum class Metric : std::uint8_t {
  build_info, start_time, ready,
  records, messages, first_message, last_message, input_bytes, calls, starts_joined, clock_skewed, out_of_order, starts_evicted, awaiting_evicted, process_table_bytes,
  input_lag, input_watermark, input_at_end, input_paused, topics_made_anew, offsets_out_of_range,
  call_log_records, unacknowledged, call_log_silent, producers_lost, offset_commit_failures, dead_letters, dead_letters_dropped, broker_errors,
  rebalances, call_log_lag, behind, detector_time, last_run, shards, shard_failures, shard_rebuilds, call_log_rejected,
  calls_repeated, calls_late, calls_twin, partitions, open_calls, open_sightings,
  hosts, signatures, model_bytes, made_room, not_learned, state_rows, carried, learning,
  runs, run_duration, findings, alerts, exceptions_expired, commits, commit_duration,
  log_lines_held_back,
  count,
};

inline const MetricDef& def(Metric metric) { return metric_table()[static_cast<std::size_t>(metric)]; }

}  // namespace imdswatch::telemetry_detail
