#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "imdswatch/alert/alert.hpp"
#include "imdswatch/calllog/record.hpp"
#include "imdswatch/model/policy.hpp"
#include "imdswatch/score/policy.hpp"
#include "imdswatch/state/row.hpp"
#include "imdswatch/triage/policy.hpp"
#include "imdswatch/window/window.hpp"

namespace imdswatch {

struct DetectorConfig {
  Schedule schedule;
  ModelPolicy model;
  ScorePolicy score;
  TriagePolicy triage;
  AlertPolicy alert;
};

/// What a completed run did; a fact for log and metrics.
struct RunSummary {
  Run run;
  std::uint64_t candidates = 0;  ///< sightings with calls that no run saw before
  std::uint64_t learned = 0;     ///< sightings of the bucket that left
  std::uint64_t alerts = 0;      ///< documents written, updates included
  std::uint64_t first_versions = 0;  ///< of these, version 1
  std::uint64_t idle_before = 0; ///< runs just before it that had nothing to see, to tell or to forget: passed over at once
  TriageCounts triage;
  bool learning = false;
};

/// What steps lead to; an edge does it.
struct Effects {
  std::vector<Alert> alerts;
  std::vector<RunSummary> runs;
  void clear() {
    alerts.clear();
    runs.clear();
  }
};

/// Stage two for one shard: a deterministic state machine over the call log. The same log gives the same alerts, byte for byte.
class Detector {
 public:
  Detector(const DetectorConfig& config, Shard shard);
  ~Detector();
  Detector(Detector&&) noexcept;
  Detector& operator=(Detector&&) noexcept;

  /// A record of the shard's call log, in the log's order. Appends to `out`.
  void step(const LogRecord& record, Effects& out);
  /// The same for several, in order; faster, since it is known what comes next.
  void step(std::span<const LogRecord> records, Effects& out);
  /// Every run that is due within what `step` was told; `step` does this itself. Replay's end: goes on until all is judged and
  /// nothing is carried, as if time had come.
  void drain_runs(Effects& out);

  /// The state rows changed since the last call, position included, for the commit of what was stepped.
  std::vector<StateRow> take_rows();
  /// Restores: every row of the state topic, in order.
  Result<void> apply(const StateRow& row);

  /// Where to go on in the call log; none before the first record.
  [[nodiscard]] std::optional<Offset> next_offset() const;
  /// Over all rows in canonical order: equal states have equal checksums.
  [[nodiscard]] std::uint64_t checksum() const;
  /// The same over one table's rows.
  [[nodiscard]] std::uint64_t checksum(Table table) const;

  struct Figures {
    Window::Figures window;
    std::optional<EventTime> time, last_run, learning_until;
    bool learning = false;
    std::size_t model_hosts = 0, model_signatures = 0, model_bytes = 0, carried = 0;
    std::uint64_t made_room = 0, not_learned = 0;  ///< Model::Figures
  };
  [[nodiscard]] Figures figures() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch
