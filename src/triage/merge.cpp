#include "merge.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "imdswatch/base/limits.hpp"

namespace imdswatch::triage {
namespace {

/// Sorted union of at most `limit`; returns how many did not fit.
template <class T>
std::size_t unite(std::vector<T>& into, const std::vector<T>& more, std::size_t limit, bool (*less)(const T&, const T&)) {
  std::vector<T> all;
  std::set_union(into.begin(), into.end(), more.begin(), more.end(), std::back_inserter(all), less);
  const std::size_t beyond = all.size() > limit ? all.size() - limit : 0;
  all.resize(all.size() - beyond);
  into = std::move(all);
  return beyond;
}

bool text_less(const std::string& a, const std::string& b) { return a < b; }
bool origin_less(const SourceEvent& a, const SourceEvent& b) { return a.origin < b.origin; }

bool alike(const ProcessSeen& a, const ProcessSeen& b) {
  return a.evidence == b.evidence && a.destination == b.destination && a.port == b.port && a.transport == b.transport;
}

void merge_processes(Sighting& into, const Sighting& more) {
  for (const ProcessSeen& process : more.processes) {
    const auto same = std::find_if(into.processes.begin(), into.processes.end(), [&](const ProcessSeen& p) { return alike(p, process); });
    if (same == into.processes.end()) {
      into.processes.push_back(process);
    } else {
      same->calls += process.calls;
      same->first = std::min(same->first, process.first);
      same->last = std::max(same->last, process.last);
    }
  }
  std::stable_sort(into.processes.begin(), into.processes.end(),
                   [](const ProcessSeen& a, const ProcessSeen& b) { return std::tie(a.first, a.last) < std::tie(b.first, b.last); });
  into.processes_omitted += more.processes_omitted;
  while (into.processes.size() > limits::max_processes_per_sighting) {
    into.processes_omitted += into.processes.back().calls;
    into.processes.pop_back();
  }
}

auto by_time(const Finding& f) { return std::tie(f.sighting.first, f.sighting.key.host, f.sighting.key.signature, f.sighting.key.bucket); }

}  // namespace

bool told_before(const Finding& a, const Finding& b) {
  if (a.score.surprise != b.score.surprise) return a.score.surprise > b.score.surprise;
  return by_time(a) < by_time(b);
}

bool taken_before(const Finding& a, const Finding& b) { return by_time(a) < by_time(b); }

void add_user_ids(std::vector<std::string>& into, const std::vector<std::string>& more) {
  unite(into, more, limits::max_user_ids, text_less);
}

void merge(Finding& into, const Finding& more) {
  Sighting& a = into.sighting;
  const Sighting& b = more.sighting;
  if (more.score.surprise > into.score.surprise) {
    into.score = more.score;
    into.reason = more.reason;
  }
  into.first = into.first || more.first;
  into.learning = into.learning || more.learning;
  if (b.last > a.last) a.attributes = b.attributes;
  if (b.first < a.first) a.format = b.format;
  a.calls += b.calls;
  a.first = std::min(a.first, b.first);
  a.last = std::max(a.last, b.last);
  merge_processes(a, b);
  a.user_ids_omitted += b.user_ids_omitted + unite(a.user_ids, b.user_ids, limits::max_user_ids, text_less);
  unite(a.host_ids, b.host_ids, limits::max_user_ids, text_less);
  unite(a.sources, b.sources, limits::max_sources_per_sighting, origin_less);
  a.late = a.late || b.late;
  a.clock_skewed = a.clock_skewed || b.clock_skewed;
}

}  // namespace imdswatch::triage
