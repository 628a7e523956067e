#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/model/counts.hpp"
#include "imdswatch/model/policy.hpp"
#include "imdswatch/model/rows.hpp"
#include "imdswatch/window/schedule.hpp"
#include "imdswatch/window/sighting.hpp"

namespace imdswatch {

/// What is usual: counts on hosts, among peers, in the fleet. It changes in `learn` alone (and `apply`, when it is restored).
/// Every sum runs in an order that is a function of texts, so a model restored from its rows goes on the same to the bit.
/// Reading fills caches: not for two threads at once.
class Model {
 public:
  explicit Model(ModelPolicy policy);
  ~Model();
  Model(Model&&) noexcept;
  Model& operator=(Model&&) noexcept;

  /// The earliest call's time of a run. The first one ever starts the learning period.
  void first_call(EventTime time);
  /// Whether a run is before the end of the learning period.
  [[nodiscard]] bool learning(EventTime run_time) const;
  /// None before the first call.
  [[nodiscard]] std::optional<EventTime> learning_until() const;
  /// Whether the learning period is over at this run, and its report not made yet.
  [[nodiscard]] bool report_due(EventTime run_time) const;
  void report_made();

  /// Whether the host holds the signature outside the guard. Of a signature with unknown parts: any learned one that has the
  /// parts which are known.
  [[nodiscard]] bool learned(const HostId& host, const Signature& signature) const;

  /// What a score rests on. `peer_value` counts for a host that has learned nothing yet; else the group that it learned in.
  [[nodiscard]] SignatureCounts counts(const HostId& host, std::string_view peer_value, const Signature& signature,
                                       EventTime run_time) const;
  /// Hosts that are asked about next, a few at a time (prefetch_block): what is known of them is fetched ahead.
  void expect(std::span<const HostId* const> hosts) const;
  /// The same into `out`, whose memory is used again.
  void counts(const HostId& host, std::string_view peer_value, const Signature& signature, EventTime run_time, SignatureCounts& out) const;
  /// The host's names by count, most first, ties by text.
  [[nodiscard]] std::vector<std::string> usual_callers(const HostId& host, EventTime run_time, std::size_t most) const;
  /// Every (host, signature) of the model; hosts in the order of their text. For the learning report.
  void each_signature(const std::function<void(std::string_view host, const Signature&)>& visit) const;

  /// Learns the bucket that leaves with `run`, in canonical order (host, then signature), each pair once.
  /// `learning`: the run is within the learning period, so findings are learned without guard.
  void learn(const Run& run, std::span<const Leaving> leaving, bool learning);
  /// The same as it stands elsewhere; of one run several times, if it is handed in by parts. A host's sightings of one bucket stand in one part.
  void learn(const Run& run, std::span<const LeavingLook> leaving, bool learning);

  /// A day's first run looks for what is to be forgotten. The first day, of runs after `run_time`, on which it may find anything;
  /// null if there is nothing to forget. Looks at all that is known.
  [[nodiscard]] std::optional<EventTime> may_forget_on(EventTime run_time) const;

  /// Rows changed since the last drain, in canonical order, those of hosts that are gone after those of the others; `apply` of all
  /// ever drained gives this model again. A row that is handed out one by one ends with the call.
  void drain(const std::function<void(const ModelRow&)>& out);
  void drain(std::vector<ModelRow>& out);
  void apply(const ModelRow& row);
  /// All rows, in canonical order.
  void rows(std::vector<ModelRow>& out) const;

  struct Figures {
    std::size_t hosts = 0, signatures = 0, fleet_names = 0, peer_groups = 0;
    std::size_t bytes = 0;  ///< an estimate
    std::uint64_t made_room = 0;    ///< names and signatures of hosts forgotten for newer ones, since start
    std::uint64_t not_learned = 0;  ///< …and those for which there was no room
  };
  [[nodiscard]] Figures figures() const;
  [[nodiscard]] const ModelPolicy& policy() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch
