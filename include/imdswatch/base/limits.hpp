#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every bound of the program, with what happens there. Each has a counter of its own where it is met.
namespace imdswatch::limits {

/// A Kafka message larger than this is rejected whole (`message_too_large`); so is a compressed one that holds more.
inline constexpr std::size_t max_message_bytes = 16u << 20;
/// Events in one message, rejected ones too: what lies beyond is one rejection (`too_many_events`).
inline constexpr std::size_t max_events_per_message = 100'000;
/// JSON nested deeper than this is rejected (`nested_too_deep`).
inline constexpr std::size_t max_json_depth = 64;
/// An event's data that is itself a document in a text is rejected beyond this (`bad_event_data`); Windows' records end at 64 KiB.
inline constexpr std::size_t max_inner_document_bytes = 1u << 20;
/// Values of an event's list without names (`StringInserts`) beyond this are not read; Sysmon's longest has 23.
inline constexpr std::size_t max_inserts = 64;
/// Different JSON Pointers in the configuration's `custom` beyond this are an error of the configuration.
inline constexpr std::size_t max_custom_pointers = 96;
/// A field's text beyond this is cut at a UTF-8 boundary when a call is made of it.
inline constexpr std::size_t max_field_bytes = 4096;
/// Command lines are cut here, the parent's too: with all other fields a call always fits into the call log's messages.
inline constexpr std::size_t max_command_line_bytes = 16384;
/// Encoded call log records never exceed this.
inline constexpr std::size_t max_call_log_record_bytes = 512u << 10;
/// Host-namespace text and process and host names, after normalisation, are cut here.
inline constexpr std::size_t max_name_bytes = 256;

/// Process starts kept for the join, by all threads of an instance together; the oldest go first.
inline constexpr std::size_t default_process_table_bytes = 64u << 20;
inline constexpr std::chrono::hours process_table_age{24};
/// Calls that wait for a late start, so that it can be sent on as lineage; the oldest go first.
inline constexpr std::size_t max_calls_awaiting_start = 65'536;

/// Distinct processes whose evidence is kept for a (host, signature, bucket); further ones are only counted,
/// and no exception mutes them.
inline constexpr std::size_t max_processes_per_sighting = 20;
/// Origins and ids of source events listed in an alert.
inline constexpr std::size_t max_sources_per_sighting = 20;
/// User ids remembered for an alert, and kept for a sighting; a further id counts as not yet told.
inline constexpr std::size_t max_user_ids = 64;
/// Calls of a sighting that are kept one by one, to join twins and late process starts; the earliest are. A further one is only
/// counted: no twin joins it, and as a twin it stays a call of its own.
inline constexpr std::size_t max_moments_per_sighting = 4096;
/// Ids and names of a host kept for a sighting; further ones are left out.
inline constexpr std::size_t max_host_ids = 64;
/// Findings carried because of the cap; beyond it one counted summary alert is written.
inline constexpr std::size_t max_carried_findings = 10'000;
/// Usual callers of the host listed in an alert.
inline constexpr std::size_t max_usual_callers = 10;
/// Host names listed in a group alert's `group.hosts`; further ones are counted in `group.hosts_count`.
inline constexpr std::size_t max_group_hosts = 10'000;
/// Signatures listed in the learning report, the most surprising first, and hosts named for each; further ones are counted.
inline constexpr std::size_t max_learning_report_entries = 1'000;
inline constexpr std::size_t max_learning_report_hosts = 5;

/// Names that the model keeps for a host, and signatures under one of them. A new one takes the place of the one seen longest ago,
/// those first that are still guarded; if all were seen in this very run, it is not learned. Both are counted. So no host's rows grow
/// without end, and each fits into a Kafka message.
inline constexpr std::size_t max_names_per_host = 256;
inline constexpr std::size_t max_signatures_per_name = 32;

/// Call log records stepped before a shard commits, whether or not its time has come.
inline constexpr std::size_t max_records_per_commit = 10'000;

/// A document of the alert topic never exceeds this: texts and lists are cut harder, and it says so (`imdswatch.truncated`).
inline constexpr std::size_t max_alert_bytes = 900'000;

}  // namespace imdswatch::limits
