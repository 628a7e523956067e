#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "imdswatch/base/result.hpp"
#include "imdswatch/calllog/record.hpp"
#include "imdswatch/window/rows.hpp"
#include "imdswatch/window/sighting.hpp"

namespace imdswatch {

/// Open buckets and the detector's time. What it is told of time stands in `Progress` records; it reads no clock.
class Window {
 public:
  explicit Window(const Schedule& schedule);
  ~Window();
  Window(Window&&) noexcept;
  Window& operator=(Window&&) noexcept;

  enum class Added : std::uint8_t { counted, counted_late, told_before };
  /// Drops what its partition's highest origin says was told before. `plain` (the host has learned the signature) keeps no
  /// evidence, since no finding can come of it.
  Added add(const Call& call, bool plain);
  /// The same where it takes a look to know whether the call is plain. What holds at a sighting's first call holds for its others
  /// until the next run ends, so `learned` is asked once for all of them.
  Added add(const Call& call, const std::function<bool()>& learned);
  /// Hosts whose calls are added next, a few at a time (prefetch_block): what they have open is fetched ahead.
  void expect(std::span<const HostId* const> hosts);
  void add(const Lineage& lineage);
  /// Time may move; then ask next_due().
  void add(const Progress& progress, WallTime append_time);

  /// The next run that is due. Several are done one by one: begin, judged…, end, then ask again.
  [[nodiscard]] std::optional<Run> next_due() const;
  /// The last due run that sees nothing, nor do those before it: no bucket up to it has any call. None if the next due run may.
  [[nodiscard]] std::optional<EventTime> idle_until() const;
  /// The runs up to `last_run`, which see nothing, are done.
  void pass(EventTime last_run);
  /// Most of what a run judges is as usual. The screen says what is to be said of such a sighting; of any other it says nothing.
  struct Screen {
    std::function<std::optional<Judgement>(const Fresh&)> judge;
    std::function<void(std::span<const HostId* const>)> expect;  ///< hosts that it is asked about next
    explicit operator bool() const { return static_cast<bool>(judge); }
  };
  /// What the run judges, in the order of SightingKey; twins are joined. Marks it as seen. What the screen judges is done with;
  /// without one, all is returned.
  std::vector<Candidate> begin(const Run& run, const Screen& screen = {});
  /// `continuous`: calls that can be judged before their bucket closes, with the run that they are judged as of.
  std::vector<Candidate> take_ready();
  void judged(const SightingKey& key, const Judgement& judgement);
  /// The leaving bucket's sightings in the order of SightingKey; drops them, and completes the run.
  std::vector<Leaving> end(const Run& run);
  /// The same, a few hosts at a time, each of them whole, before they are dropped. `learn` may not ask the window.
  void end(const Run& run, const std::function<void(std::span<const LeavingLook>)>& learn);

  [[nodiscard]] std::optional<EventTime> time() const;      ///< the detector's time
  [[nodiscard]] std::optional<EventTime> last_run() const;  ///< T of the last completed run
  /// Replay's end: makes the run at the end of the earliest open bucket due, as if time had come; false if nothing is open.
  bool advance_to_next_run();
  /// The same, but for one run after the last one, even if nothing is open: what triage carries may need it. False before any run.
  bool advance_by_one_run();
  [[nodiscard]] bool has_unjudged() const;

  struct Figures {
    std::size_t open_calls = 0, open_sightings = 0, hosts = 0;
    std::size_t partitions = 0, silent_partitions = 0, left_out_partitions = 0, stood_aside_partitions = 0;
    std::uint64_t told_before = 0, late = 0, twins = 0, stale_generation = 0;
    std::optional<WallTime> heard;  ///< when progress was told last, by the log's time
  };
  [[nodiscard]] Figures figures() const;

  /// Rows changed since the last drain, with absolute values; `apply` of them on an empty window gives this one again. A row that
  /// is handed out one by one ends with the call.
  void drain(const std::function<void(const WindowRow&)>& out);
  void drain(std::vector<WindowRow>& out);
  /// Every row, by kind and key: equal windows have equal rows.
  void rows(std::vector<WindowRow>& out) const;
  void apply(const WindowRow& row);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch
