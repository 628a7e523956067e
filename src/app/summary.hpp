#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "imdswatch/detector/detector.hpp"
#include "imdswatch/sieve/sieve.hpp"

namespace imdswatch {

/// What a replay did, for a person.
class Summary {
 public:
  void add(const Alert& alert);
  void add(const RunSummary& run);
  void add(const RejectedRecord& rejected);

  /// `hosts` that made a call; `stored_bytes` as read from the inputs; `seconds` of the whole replay.
  [[nodiscard]] std::string text(const SieveCounters& counters, const Detector::Figures& figures, std::size_t hosts,
                                 std::uint64_t stored_bytes, double seconds) const;
  /// Runs, findings and alerts only: where the input was a call log.
  [[nodiscard]] std::string findings_text() const;

 private:
  std::uint64_t new_alerts_ = 0, updates_ = 0;
  std::uint64_t runs_ = 0, learning_runs_ = 0, candidates_ = 0;
  std::optional<EventTime> first_run_, last_run_;
  TriageCounts triage_;
  std::set<std::string> expired_;  ///< exceptions
  std::map<RejectReason, std::string> first_rejected_;  ///< where the first of each reason stood
};

}  // namespace imdswatch
