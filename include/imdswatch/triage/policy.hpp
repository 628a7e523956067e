#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imdswatch/base/time.hpp"

namespace imdswatch {

/// One field of an exception's `when`, or of its `not`: any of the patterns matches, or the field (does not) exist.
struct Condition {
  std::string field;                  ///< an ECS name, such as "process.executable"
  /// Any case; `*` and `?` are wildcards; `\*` and `\?` stand for themselves, `\\*` is a backslash before a wildcard. In fields
  /// that hold a path a backslash is always itself (no path holds `*` or `?`): `C:\Tools\*` is what it looks like.
  std::vector<std::string> patterns;
  std::optional<bool> exists;         ///< instead of patterns
};

/// Mutes findings all of whose calls match: every condition of `when`, and none of `unless`.
struct Exception {
  std::string name;
  std::vector<Condition> when;
  std::vector<Condition> unless;      ///< YAML: `not`
  std::optional<EventTime> expires;   ///< from a run at or after it on, the exception matches nothing and is reported
  std::string comment;
};

struct TriagePolicy {
  std::vector<Exception> exceptions;
  EventClock::duration suppress_for = std::chrono::hours{24};  ///< from an alert's first call; not sliding
  int group_hosts_over = 3;                                    ///< hosts of a signature told singly
  EventClock::duration group_within = std::chrono::hours{24};  ///< from the signature's first told or carried finding
  int max_alerts_per_run = 100;                                ///< new alerts; updates and groups lie outside
  /// `Schedule::lookback`: what is remembered outlives its use by as much, for calls that come late.
  EventClock::duration lookback = std::chrono::minutes{45};
};

/// The ECS fields that a condition may name, with what they hold; `docs/tuning.md` lists them.
const std::vector<std::string>& exception_fields();
/// Whether an exception hangs on the join of process starts (command line, parent, hash, …): such a one mutes only calls whose
/// evidence was found when they were judged.
bool needs_evidence(const Condition& condition);

}  // namespace imdswatch
