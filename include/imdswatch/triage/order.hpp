#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "imdswatch/score/finding.hpp"

namespace imdswatch {

/// What triage wants told: one version of one alert.
struct AlertOrder {
  enum class Kind : std::uint8_t { single, group, overflow, learning_report };
  Kind kind = Kind::single;
  /// What the alert's id is made of. single: host, signature and bucket of its first finding; group: signature and bucket of
  /// the first told or carried finding that counts, host empty; overflow and learning_report: empty but for the bucket (of the run).
  SightingKey identity;
  std::uint32_t version = 1;
  EventTime run;                        ///< T of the run that tells it; continuous: the call's time
  std::vector<Finding> findings;        ///< what is new in this version, in canonical order; single: exactly one
  std::uint64_t calls = 0;              ///< over all versions
  EventTime first_call, last_call;      ///< over all versions
  bool held_by_cap = false;
  std::vector<std::string> group_hosts;        ///< group: all hosts so far, sorted, those told singly included; bounded
  std::uint64_t group_hosts_count = 0;
  std::vector<std::string> group_hosts_added;  ///< by this version
  std::uint64_t findings_dropped = 0;   ///< overflow: findings beyond what can be carried
  std::vector<LearningReport> report;   ///< learning_report: exactly one
};

/// What became of a run's findings; every finding is in exactly one of them.
struct TriageCounts {
  std::uint64_t findings = 0;
  std::uint64_t muted = 0;        ///< by an exception
  std::uint64_t repeated = 0;     ///< added to an alert told before (an update, or counted only)
  std::uint64_t grouped = 0;      ///< joined a group alert
  std::uint64_t told = 0;         ///< new single alerts
  std::uint64_t carried = 0;      ///< put off by the cap
  std::uint64_t overflowed = 0;   ///< counted in an overflow alert only
  std::uint64_t released = 0;     ///< carried earlier, told now (not among `findings`)
  std::map<std::string, std::uint64_t> muted_by;  ///< exception name → findings
  std::vector<std::string> expired;               ///< exceptions that have expired
};

/// Sums; `expired` is what `more` says.
void add(TriageCounts& into, const TriageCounts& more);

}  // namespace imdswatch
