#include "open_sighting.hpp"

#include <algorithm>

#include "evidence.hpp"
#include "imdswatch/base/limits.hpp"

namespace imdswatch {
static_assert(limits::max_processes_per_sighting < Moment::no_process);

std::uint32_t OriginTable::number(const Origin& origin) {
  const auto is_it = [&](const Entry& e) { return e.epoch == origin.epoch && e.source == origin.source(); };
  if (latest_ < entries_.size() && is_it(entries_[latest_])) return latest_;
  const auto at = std::find_if(entries_.rbegin(), entries_.rend(), is_it);  // the newest epochs stand last
  if (at != entries_.rend()) return latest_ = static_cast<std::uint32_t>(entries_.rend() - at - 1);
  if (entries_.size() >= limit) return limit;
  entries_.push_back({origin.source(), origin.epoch});
  return latest_ = static_cast<std::uint32_t>(entries_.size() - 1);
}

Origin OriginTable::origin(std::uint32_t number, Offset offset, std::uint32_t place) const {
  const Entry& entry = entries_[number];
  return {entry.source.topic, entry.source.partition, entry.epoch, offset, place};
}

bool earlier(const Moment& a, const Moment& b, const OriginTable& origins) {
  if (a.time_us != b.time_us) return a.time_us < b.time_us;
  if (a.origin == b.origin) return a.offset != b.offset ? a.offset < b.offset : a.place < b.place;
  return origins.origin(a.origin, a.offset, a.place) < origins.origin(b.origin, b.offset, b.place);
}

namespace {

struct Ends {
  bool first, last;  ///< whether the moment is the first, the last of those that `counts`
};

/// Ties in time are broken by origin, among the moments beside it; a call that is not kept as a moment wins no tie.
template <class Counts>
Ends ends_of(const MomentList& moments, const Moment* moment, EventTime time, EventTime first, EventTime last,
             Counts counts) {
  Ends ends{time <= first, time >= last};
  if (!moment) return {time < first, time > last};
  const auto place = static_cast<std::size_t>(moment - moments.begin());
  for (std::size_t i = place; ends.first && time == first && i-- > 0 && moments[i].time_us == moment->time_us;) {
    if (counts(moments[i])) ends.first = false;
  }
  for (std::size_t i = place + 1; ends.last && time == last && i < moments.size() && moments[i].time_us == moment->time_us; ++i) {
    if (counts(moments[i])) ends.last = false;
  }
  return ends;
}

}  // namespace

void Open::add(const Call& call, bool is_plain, bool is_late, OriginTable& origins) {
  const bool none = calls == 0, none_unseen = unseen == 0;
  first = none ? call.time : std::min(first, call.time);
  last = none ? call.time : std::max(last, call.time);
  unseen_first = none_unseen ? call.time : std::min(unseen_first, call.time);
  unseen_last = none_unseen ? call.time : std::max(unseen_last, call.time);
  ++calls;
  ++unseen;
  late = late || is_late;
  clock_skewed = clock_skewed || call.clock_skewed;

  Moment* const moment = insert_moment(call, origins);
  if (none || ends_of(moments, moment, call.time, first, last, [](const Moment&) { return true; }).last) {
    peer_value = call.attributes.peer_value;
  }
  if (is_plain && !evidence && !(judgement && judgement->finding)) return;
  const bool created = !evidence;
  if (created) {
    evidence = std::make_unique<Sighting>();
    evidence->processes_omitted = unseen - 1;  // those that were plain: nothing is known of them that an exception could match
  }
  const Ends ends = ends_of(moments, moment, call.time, unseen_first, unseen_last, [](const Moment& m) { return m.seen == 0; });
  add_evidence(call, moment, created || ends.first, created || ends.last);
}

Moment* Open::insert_moment(const Call& call, OriginTable& origins) {
  const std::uint32_t origin = origins.number(call.origin);
  if (origin == OriginTable::limit) return nullptr;
  const Moment moment{to_us(call.time), call.origin.offset, call.origin.place, origin & (OriginTable::limit - 1),
                      Moment::no_process, 0};
  const auto at = std::upper_bound(moments.begin(), moments.end(), moment,
                                   [&](const Moment& a, const Moment& b) { return earlier(a, b, origins); });
  const auto index = at - moments.begin();
  if (moments.size() >= limits::max_moments_per_sighting) {
    if (at == moments.end()) return nullptr;
    moments.pop_back();
  }
  return moments.insert(moments.begin() + index, moment);
}

void Open::add_evidence(const Call& call, Moment* moment, bool is_first, bool is_last) {
  place_process(call, moment);
  // Of the connection event's own user alone: what is told anew must not hang on whether a process start was found.
  if (call.signature.user) add_user_id(*evidence, call.evidence.user_id);
  add_host_ids(*evidence, call.attributes);
  add_source(*evidence, {call.origin, call.event_id});
  if (is_first) evidence->format = call.format;
  if (is_last) evidence->attributes = call.attributes;
}

void Open::place_process(const Call& call, Moment* moment) {
  const Placed placed = add_process(*evidence, call);
  if (placed.inserted) {
    for (Moment& m : moments) {
      if (m.process != Moment::no_process && m.process >= placed.index) m.process = (m.process + 1U) & Moment::no_process;
      if (placed.evicted && m.process == limits::max_processes_per_sighting) m.process = Moment::no_process;
    }
  }
  if (moment && placed.kept) moment->process = placed.index & Moment::no_process;
}

void Open::fill_figures(const HostId& host, Sighting& out) const {
  out.key = {bucket, host, signature()};
  out.calls = unseen;
  out.first = unseen_first;
  out.last = unseen_last;
  if (!evidence) out.attributes.peer_value = peer_value;
  out.late = late;
  out.clock_skewed = clock_skewed;
}

void Open::take_unseen(const HostId& host, Sighting& out) {
  if (evidence) out = std::move(*evidence);
  fill_figures(host, out);
  order_by_first_call(out);
  pass_unseen();
}

Fresh Open::look(const HostId& host) const {
  return {host, signature(), evidence ? evidence->attributes.peer_value : peer_value, judgement};
}

void Open::pass_unseen() {
  unseen = 0;
  unseen_first = unseen_last = EventTime{};
  late = clock_skewed = false;
  evidence.reset();
  for (Moment& m : moments) {
    m.seen = 1;
    m.process = Moment::no_process;
  }
}

Moment* Open::find(const Origin& call, EventTime time, const OriginTable& origins) {
  const auto at = std::lower_bound(moments.begin(), moments.end(), to_us(time),
                                   [](const Moment& m, std::int64_t us) { return m.time_us < us; });
  for (auto m = at; m != moments.end() && m->time_us == to_us(time); ++m) {
    if (origins.origin(m->origin, m->offset, m->place) == call) return &*m;
  }
  return nullptr;
}

/// Only the one call gets the evidence: whether others of the same process came before or after must make no difference.
bool Open::explain(const Lineage& lineage, const OriginTable& origins) {
  if (!evidence) return false;
  Moment* const moment = find(lineage.call, lineage.call_time, origins);
  if (!moment || moment->process == Moment::no_process) return false;
  ProcessSeen& process = evidence->processes[moment->process];
  if (process.evidence.joined) return false;
  Call explained;
  explained.time = lineage.call_time;
  explained.evidence = process.evidence;
  explained.destination = process.destination;
  explained.port = process.port;
  explained.transport = process.transport;
  fill(explained.evidence, lineage.evidence);
  --process.calls;
  moment->process = Moment::no_process;
  drop_unused_processes();
  measure_processes();
  place_process(explained, moment);
  return true;  // user_ids stay: a start that comes late must not decide what is told anew
}

void Open::drop_unused_processes() {
  std::vector<std::size_t> moved;
  std::vector<ProcessSeen> left;
  for (ProcessSeen& process : evidence->processes) {
    moved.push_back(left.size());
    if (process.calls > 0) left.push_back(std::move(process));
  }
  evidence->processes = std::move(left);
  for (Moment& m : moments) {
    if (m.process != Moment::no_process) m.process = moved[m.process] & Moment::no_process;
  }
}

/// Times from the calls that are left, unless some were only counted.
void Open::measure_processes() {
  std::vector<std::uint64_t> calls_of(evidence->processes.size());
  for (const Moment& m : moments) {
    if (m.process != Moment::no_process) ++calls_of[m.process];
  }
  std::vector<bool> begun(calls_of.size());
  for (const Moment& m : moments) {  // by time
    if (m.process == Moment::no_process) continue;
    ProcessSeen& process = evidence->processes[m.process];
    if (calls_of[m.process] != process.calls) continue;
    if (!begun[m.process]) process.first = event_time_us(m.time_us);
    begun[m.process] = true;
    process.last = event_time_us(m.time_us);
  }
}

void Open::to_row(const HostId& host, const OriginTable& origins, OpenSighting& out) const {
  out.calls = calls;
  out.first = first;
  out.last = last;
  out.plain = !evidence;
  out.judgement = judgement;
  out.peer_value = peer_value;
  out.unseen.reset();
  if (unseen > 0) {
    out.unseen.emplace();
    if (evidence) *out.unseen = *evidence;
    fill_figures(host, *out.unseen);
  }
  out.moments.clear();
  for (const Moment& m : moments) {
    const auto process = m.process == Moment::no_process ? CallMoment::no_process : static_cast<std::uint16_t>(m.process);
    out.moments.push_back({event_time_us(m.time_us), origins.origin(m.origin, m.offset, m.place), process, m.seen != 0});
  }
}

void Open::from_row(const OpenSighting& row, OriginTable& origins) {
  calls = row.calls;
  first = row.first;
  last = row.last;
  judgement = row.judgement;
  peer_value = row.peer_value;
  if (row.unseen) {
    unseen = row.unseen->calls;
    unseen_first = row.unseen->first;
    unseen_last = row.unseen->last;
    late = row.unseen->late;
    clock_skewed = row.unseen->clock_skewed;
    if (!row.plain) {
      evidence = std::make_unique<Sighting>(*row.unseen);
      evidence->key = {};
    }
  }
  for (const CallMoment& m : row.moments) {
    const std::uint32_t origin = origins.number(m.origin);
    if (origin == OriginTable::limit) continue;
    const std::uint32_t process = m.process;  // no_process becomes the shorter one
    moments.push_back({to_us(m.time), m.origin.offset, m.origin.place, origin & (OriginTable::limit - 1),
                       process & Moment::no_process, m.seen ? 1U : 0U});
  }
}

}  // namespace imdswatch
