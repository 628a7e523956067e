#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "fleet/random.hpp"
#include "layouts.hpp"
#include "programs.hpp"

namespace imdswatch::bench {

struct MakerOptions {
  std::uint64_t seed = 1;
  std::uint64_t events = 1'200'000;
  std::uint32_t hosts = 400;
  double call_share = 0.0005, start_share = 0.12, connection_share = 0.20;
  std::int64_t begin_us = 1'772'445'630'000'000;  ///< event time of the first, µs since 1970: 2026-03-02T10:00:30Z
  std::chrono::seconds span{2'400};               ///< event time from the first to the last
  bool any_order = false;  ///< Beats' events have their keys in another order each time, as Beats write them
};

/// One after the other, the same for the same options. Hosts keep their layout; a host's events keep its processes' identities.
class EventMaker {
 public:
  explicit EventMaker(const MakerOptions& options);

  enum class Kind { call, start, connection, other };
  struct Event {
    std::uint32_t host = 0;
    Kind kind = Kind::other;
    std::string_view key, json;  ///< until the next one
  };
  Event next();

  struct Totals {
    std::uint64_t events = 0, bytes = 0, calls = 0, starts = 0, connections = 0;
    std::array<std::uint64_t, layout_count> by_layout{};
  };
  [[nodiscard]] const Totals& totals() const { return totals_; }

 private:
  struct Process {
    const Program* program = nullptr;
    const Written* command = nullptr;
    std::uint64_t serial = 0;
    std::uint32_t pid = 0;
    std::int64_t started_us = 0;
  };
  struct Host {
    Layout layout{};
    std::string name, upper, fqdn, id, device, agent, ip;
    std::vector<Process> agents;   ///< long-running callers: no start in the stream
    std::vector<Process> running;  ///< a ring of processes
    std::size_t oldest = 0;
    std::uint64_t serial = 0;
  };

  Host make_host(std::uint32_t index);
  Process make_process(Host& host, const Program& program, std::int64_t started_us);
  Kind draw_kind();
  const Process& start_process(Host& host, std::int64_t time_us);
  const Process& caller(Host& host);
  std::int64_t draw_time();
  void fill_times(std::int64_t time_us, std::int64_t started_us);
  void fill_host(const Host& host);
  void fill_programs(const Process& process, const Process& parent);
  void fill_ids(const Host& host, const Process& process, const Process& parent);
  void fill_random();
  /// Sets the destination; returns whether it is Sysmon 9's garbled form.
  bool fill_call();
  void fill_destination();
  const TemplateText& choose(const Templates& templates, Kind kind, bool garbled);
  std::string_view& slot(Slot which) { return slots_[static_cast<std::size_t>(which)]; }
  /// Text that lives until the next event.
  std::string& text();

  MakerOptions options_;
  fleet::Random random_;
  std::array<Templates, layout_count> templates_;
  std::vector<Program> everyday_, agents_;
  std::string noise_;  ///< hexadecimal and Base64 digits, of which random texts are cut
  std::string base64_;
  std::vector<Host> hosts_;
  SlotTexts slots_{};
  std::deque<std::string> texts_;
  std::size_t used_ = 0;
  std::string json_;
  Totals totals_;
};

}  // namespace imdswatch::bench
