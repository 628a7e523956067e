#include "twins.hpp"

#include <algorithm>
#include <cstdlib>

#include "evidence.hpp"
#include "imdswatch/base/limits.hpp"

namespace imdswatch {
namespace {

int known_parts(const Signature& s) { return (s.folder ? 1 : 0) + (s.user ? 1 : 0) + (s.signer ? 1 : 0); }

bool can_take(const Signature& known, const Signature& twin) {
  if (!known.folder || !twin.folder || known_parts(known) <= known_parts(twin)) return false;
  if (known.name != twin.name || *known.folder != *twin.folder) return false;
  return (!twin.user || twin.user == known.user) && (!twin.signer || twin.signer == known.signer);
}

struct Nearest {
  Open* open = nullptr;
  std::int64_t distance_us = 0;
  Origin origin;
};

void consider(Nearest& best, Open& open, const Moment& moment, std::int64_t time_us, const OriginTable& origins) {
  const std::int64_t distance = std::abs(moment.time_us - time_us);
  if (best.open && distance > best.distance_us) return;
  const Origin origin = origins.origin(moment.origin, moment.offset, moment.place);
  if (best.open && distance == best.distance_us && best.origin <= origin) return;
  best = {&open, distance, origin};
}

/// Of each time, the first moment has the lowest origin: the ones at and after the time, and the last time before it, will do.
void consider_all(Nearest& best, Open& open, std::int64_t time_us, const OriginTable& origins) {
  const auto starts = [&](std::int64_t us) {
    return std::lower_bound(open.moments.begin(), open.moments.end(), us,
                            [](const Moment& m, std::int64_t wanted) { return m.time_us < wanted; });
  };
  const auto after = starts(time_us);
  if (after != open.moments.end()) consider(best, open, *after, time_us, origins);
  if (after != open.moments.begin()) consider(best, open, *starts(std::prev(after)->time_us), time_us, origins);
}

struct Join {
  Open* from;
  Moment moment;
  Open* to;
};

std::vector<Join> find_joins(const std::vector<Open*>& all, int known, const OriginTable& origins) {
  std::vector<Join> joins;
  for (Open* from : all) {
    if (from->unseen == 0 || known_parts(from->signature()) != known) continue;
    std::vector<Open*> targets;
    std::copy_if(all.begin(), all.end(), std::back_inserter(targets),
                 [&](const Open* to) { return can_take(to->signature(), from->signature()); });
    if (targets.empty()) continue;
    for (const Moment& moment : from->moments) {
      if (moment.seen != 0) continue;
      Nearest best;
      for (Open* to : targets) consider_all(best, *to, moment.time_us, origins);
      if (best.open) joins.push_back({from, moment, best.open});
    }
  }
  return joins;
}

bool same_call(const Moment& a, const Moment& b) {
  return a.time_us == b.time_us && a.origin == b.origin && a.offset == b.offset && a.place == b.place;
}

void absorb(Open& to, const Moment& twin, const Sighting* told, const OriginTable& origins) {
  const EventTime time = event_time_us(twin.time_us);
  to.first = std::min(to.first, time);
  to.last = std::max(to.last, time);
  if (to.unseen > 0) {
    to.unseen_first = std::min(to.unseen_first, time);
    to.unseen_last = std::max(to.unseen_last, time);
  }
  if (to.evidence && told) {
    const Origin origin = origins.origin(twin.origin, twin.offset, twin.place);
    const auto source = std::find_if(told->sources.begin(), told->sources.end(), [&](const SourceEvent& s) { return s.origin == origin; });
    if (source != told->sources.end()) add_source(*to.evidence, *source);
  }
  if (to.moments.size() >= limits::max_moments_per_sighting) return;
  Moment moment = twin;
  moment.seen = 1;
  moment.process = Moment::no_process;
  const auto at = std::upper_bound(to.moments.begin(), to.moments.end(), moment,
                                   [&](const Moment& a, const Moment& b) { return earlier(a, b, origins); });
  to.moments.insert(at, moment);
}

void subtract_evidence(Sighting& evidence, const Moment& gone, const OriginTable& origins) {
  if (gone.process != Moment::no_process) {
    --evidence.processes[gone.process].calls;
  } else if (evidence.processes_omitted > 0) {
    --evidence.processes_omitted;
  }
  const Origin origin = origins.origin(gone.origin, gone.offset, gone.place);
  std::erase_if(evidence.sources, [&](const SourceEvent& s) { return s.origin == origin; });
}

/// Drops the processes that have no call left, and the users that only they had.
void drop_unused(Open& from) {
  from.drop_unused_processes();
  from.measure_processes();
  Sighting& evidence = *from.evidence;
  if (evidence.processes_omitted > 0) return;
  std::erase_if(evidence.user_ids, [&](const std::string& id) {
    return std::none_of(evidence.processes.begin(), evidence.processes.end(),
                        [&](const ProcessSeen& p) { return p.evidence.user_id == id; });
  });
}

/// Times from the calls that are left, unless some of them were only counted.
void measure_again(Open& from) {
  if (from.moments.empty() || from.moments.size() >= limits::max_moments_per_sighting) return;
  from.first = event_time_us(from.moments.front().time_us);
  from.last = event_time_us(from.moments.back().time_us);
  bool any = false;
  for (const Moment& m : from.moments) {
    if (m.seen != 0) continue;
    const EventTime time = event_time_us(m.time_us);
    if (!any) from.unseen_first = time;
    any = true;
    from.unseen_last = time;
  }
}

void remove(Open& from, const std::vector<Moment>& gone, const OriginTable& origins) {
  if (from.evidence) {
    for (const Moment& m : gone) subtract_evidence(*from.evidence, m, origins);
  }
  from.moments.erase_if([&](const Moment& m) {
    return m.seen == 0 && std::any_of(gone.begin(), gone.end(), [&](const Moment& g) { return same_call(m, g); });
  });
  from.calls -= gone.size();
  from.unseen -= gone.size();
  if (from.evidence) drop_unused(from);
  measure_again(from);
  if (from.unseen > 0) return;
  from.evidence.reset();
  from.unseen_first = from.unseen_last = EventTime{};
  from.late = from.clock_skewed = false;
}

}  // namespace

std::uint64_t join_twins(OpenTable& table, HostOpen& host, Bucket bucket, const OriginTable& origins) {
  std::vector<Open*> all;
  in_bucket(host, bucket, all);
  std::uint64_t joined = 0;
  // Who knows most first: what knows less may then be nearest to a call that has itself been joined.
  for (int known = 2; known >= 1; --known) {
    const std::vector<Join> joins = find_joins(all, known, origins);
    for (const Join& join : joins) {
      absorb(*join.to, join.moment, join.from->evidence.get(), origins);
      table.mark_dirty(host, *join.to);
    }
    for (Open* from : all) {
      std::vector<Moment> gone;
      for (const Join& join : joins) {
        if (join.from == from) gone.push_back(join.moment);
      }
      if (gone.empty()) continue;
      remove(*from, gone, origins);
      table.mark_dirty(host, *from);
      joined += gone.size();
    }
  }
  return joined;
}

}  // namespace imdswatch
