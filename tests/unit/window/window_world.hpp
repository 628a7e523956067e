#pragma once

#include <string>
#include <vector>

#include "imdswatch/window/window.hpp"

/// Short ways of writing calls and progress for the tests of the window.
namespace imdswatch::testing {

using std::chrono::minutes;
using std::chrono::seconds;

inline constexpr std::int64_t noon_us = 1'772'366'400'000'000;  ///< 2026-03-01T12:00:00Z, the start of a bucket
inline EventTime at(EventClock::duration after_noon) { return event_time_us(noon_us) + after_noon; }
inline WallTime wall(std::chrono::milliseconds after) { return wall_time_ms(2'000'000'000'000) + after; }

inline TopicId topic(std::uint8_t n) {
  TopicId id;
  id.bytes[15] = n;
  return id;
}

inline Signature signature(std::string name) {
  return {std::move(name), "c:\\program files\\agent\\", UserKind::system, "example corp"};
}

inline Call call(std::int64_t offset, EventTime time, std::string host = "web-1", Signature who = signature("agent.exe"),
                 std::int32_t partition = 0) {
  Call out;
  out.origin = {topic(1), Partition{partition}, LeaderEpoch{0}, Offset{offset}, 0};
  out.time = time;
  out.host = HostId{std::move(host)};
  out.signature = std::move(who);
  out.evidence.process.name = out.signature.name;
  out.evidence.process.pid = 100;
  out.evidence.user_id = "S-1-5-18";
  out.attributes.name = out.host.value();
  out.event_id = "event-" + std::to_string(partition) + "-" + std::to_string(offset);
  out.format = Format::elastic_defend;
  return out;
}

inline Progress progress(std::optional<EventTime> watermark, std::chrono::milliseconds wall_after = {}, std::int32_t partition = 0,
                         std::int32_t partitions = 1) {
  Progress out;
  out.roster = {{topic(1), partitions}};
  out.source = {topic(1), Partition{partition}};
  out.watermark = watermark;
  out.generation = Generation{1};
  out.wall = wall(wall_after);
  return out;
}

inline Progress at_end(Progress p) {
  p.at_end = true;
  return p;
}

inline void tell(Window& window, const Progress& p) { window.add(p, p.wall); }

struct Judged {
  Run run;
  std::vector<Candidate> candidates;
  std::vector<Leaving> leaving;
};

/// Does every due run; what was not judged before is a finding if its name is "thief.exe".
inline std::vector<Judged> run_all(Window& window) {
  std::vector<Judged> out;
  while (const auto run = window.next_due()) {
    Judged judged{*run, window.begin(*run), {}};
    for (const Candidate& c : judged.candidates) {
      if (!c.before) window.judged(c.fresh.key, {c.fresh.key.signature.name == "thief.exe", 5.0});
    }
    judged.leaving = window.end(*run);
    out.push_back(std::move(judged));
  }
  return out;
}

}  // namespace imdswatch::testing
