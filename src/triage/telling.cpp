#include <algorithm>
#include <iterator>

#include "imdswatch/base/limits.hpp"
#include "merge.hpp"
#include "round.hpp"

namespace imdswatch::triage {

void Round::tell_new() {
  std::vector<Candidate> candidates;
  for (const auto& [key, waiting] : memory_.waiting.all()) {
    if (memory_.alerts.find(key)->state == AlertMemory::State::put_off) candidates.push_back({&waiting, key, is_fresh(key)});
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return told_before(a.waiting->finding, b.waiting->finding); });
  const std::uint64_t most = static_cast<std::uint64_t>(std::max(policy_.max_alerts_per_run, 0));
  const std::uint64_t places = most - std::min(most, used().told);
  const std::size_t from = out_.orders.size();
  if (candidates.size() <= places) {
    for (const Candidate& candidate : candidates) tell_single(candidate.key);
  } else {
    choose_and_tell(std::move(candidates), places);
  }
  std::sort(out_.orders.begin() + static_cast<std::ptrdiff_t>(from), out_.orders.end(),
            [](const AlertOrder& a, const AlertOrder& b) { return told_before(a.findings.front(), b.findings.front()); });
}

/// `candidates` is ordered by s. Half of a run's places (rounded up, so that a single place frees what is carried too) go to
/// those carried longest; the others to the highest s of all that is left.
void Round::choose_and_tell(std::vector<Candidate> candidates, std::uint64_t places) {
  std::vector<Candidate> older;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(older), [](const Candidate& c) { return !c.fresh; });
  std::stable_sort(older.begin(), older.end(), [](const Candidate& a, const Candidate& b) { return a.waiting->since < b.waiting->since; });
  const std::uint64_t half = (static_cast<std::uint64_t>(std::max(policy_.max_alerts_per_run, 0)) + 1) / 2;
  const std::uint64_t reserved = std::min({places, half - std::min(half, used().told_older), static_cast<std::uint64_t>(older.size())});
  for (std::size_t i = 0; i < reserved; ++i) tell_single(older[i].key);
  used().told_older += reserved;
  places -= reserved;

  std::vector<Candidate> left;
  for (Candidate& candidate : candidates) {
    if (!memory_.waiting.contains(candidate.key)) continue;  // told just now
    if (places > 0) {
      tell_single(candidate.key);
      --places;
    } else {
      left.push_back(std::move(candidate));
    }
  }
  carry_or_drop(std::move(left));
}

/// What is carried stays so until it is told; of the new ones those with the highest s fill the room that is left.
void Round::carry_or_drop(const std::vector<Candidate>& left) {
  auto carried = static_cast<std::size_t>(std::count_if(left.begin(), left.end(), [](const Candidate& c) { return !c.fresh; }));
  for (const auto& [waiting, key, fresh] : left) {
    if (!fresh) continue;
    if (carried < limits::max_carried_findings) {
      ++carried;
      ++out_.counts.carried;
      continue;
    }
    const std::uint64_t added = fresh_.at(key);
    out_.counts.repeated -= added;
    out_.counts.overflowed += 1 + added;
    forget(key);
  }
}

void Round::tell_single(const AlertKey& key) {
  AlertMemory& alert = *memory_.alerts.edit(key);
  const bool is_new = alert.state == AlertMemory::State::put_off;
  const WaitingFinding& waiting = *memory_.waiting.find(key);
  AlertOrder order;
  order.identity = sighting_key(key);
  order.version = ++alert.version;
  order.run = run_.time;
  order.calls = alert.calls;
  order.first_call = alert.first_call;
  order.last_call = alert.last_call;
  order.held_by_cap = is_new && !is_fresh(key);
  order.findings.push_back(waiting.finding);
  out_.orders.push_back(std::move(order));
  alert.state = AlertMemory::State::told;
  alert.told_in = run_.closing;
  memory_.waiting.erase(key);
  if (!is_new) return;
  ++used().told;
  ++(is_fresh(key) ? out_.counts.told : out_.counts.released);
}

void Round::tell_updates() {
  std::vector<AlertKey> keys;
  for (const auto& [key, waiting] : memory_.waiting.all()) {
    const AlertMemory& alert = *memory_.alerts.find(key);
    if (alert.state == AlertMemory::State::told && alert.told_in != run_.closing) keys.push_back(key);
  }
  const auto finding = [&](const AlertKey& key) -> const Finding& { return memory_.waiting.find(key)->finding; };
  std::sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) { return told_before(finding(a), finding(b)); });
  for (const AlertKey& key : keys) tell_single(key);
}

void Round::tell_overflow() {
  if (out_.counts.overflowed == 0) return;
  PlacesUsed& places = used();
  places.dropped += out_.counts.overflowed;
  AlertOrder order;
  order.kind = AlertOrder::Kind::overflow;
  order.identity.bucket = run_.closing;
  order.version = ++places.overflow_version;
  order.run = order.first_call = order.last_call = run_.time;
  order.findings_dropped = places.dropped;
  out_.orders.push_back(std::move(order));
}

}  // namespace imdswatch::triage
