#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "imdswatch/triage/order.hpp"
#include "imdswatch/triage/policy.hpp"
#include "imdswatch/triage/rows.hpp"

namespace imdswatch {

struct TriageOutcome {
  /// New alerts, then updates, then groups, each by (s, time, host, signature), highest s first; then the overflow alert.
  std::vector<AlertOrder> orders;
  TriageCounts counts;
};

/// From findings to alerts: exceptions, repeats, roll-outs, the cap, in this order. Reads no clock; the order in which findings
/// are handed in does not matter.
class Triage {
 public:
  explicit Triage(TriagePolicy policy);
  ~Triage();
  Triage(Triage&&) noexcept;
  Triage& operator=(Triage&&) noexcept;

  /// One call for each run, without findings too: what is carried goes out, what no longer matters is forgotten. In `continuous`
  /// mode also between runs, with the call's time as `run.time` and the last run's buckets: calls with the same `run.closing`
  /// share one run's places, and an alert gets at most one version in it.
  TriageOutcome admit(std::vector<Finding> findings, const Run& run);

  /// Findings still to be told: those put off by the cap, and in `continuous` mode updates that wait for the next run.
  [[nodiscard]] std::size_t carried() const;

  /// Rows changed since the last drain, with absolute values; `apply` of them on an empty triage gives this one again.
  void drain(std::vector<TriageRow>& out);
  void apply(const TriageRow& row);
  /// All rows, in canonical order.
  void rows(std::vector<TriageRow>& out) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch
