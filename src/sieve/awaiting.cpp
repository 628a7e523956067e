#include "awaiting.hpp"

#include <algorithm>

#include "imdswatch/base/limits.hpp"
#include "process_table.hpp"

namespace imdswatch {

Awaiting::Waiting* Awaiting::at(Sequence sequence) {
  return sequence < first_ ? nullptr : &calls_[static_cast<std::size_t>(sequence - first_)];
}

std::size_t Awaiting::add(const Call& call, const ProcessKey& key, EventTime own_time, EventTime now) {
  if (key.entity == 0 && key.pid == 0) return 0;
  now_ = std::max(now_, now);
  const Sequence sequence = first_ + calls_.size();
  Waiting waiting{key, call.origin, call.host, call.time, own_time, now};
  if (key.entity != 0) waiting.former_of_entity = by_entity_.exchange(key.entity, sequence, first_);
  if (key.pid != 0) waiting.former_of_pid = by_pid_.exchange(key.pid, sequence, first_);
  calls_.push_back(std::move(waiting));

  std::size_t evicted = 0;
  while (now_ - calls_.front().seen > max_age || calls_.size() > limits::max_calls_awaiting_start) {
    const Waiting& oldest = calls_.front();
    if (!oldest.explained && now_ - oldest.seen <= max_age) ++evicted;
    calls_.pop_front();
    ++first_;
  }
  return evicted;
}

/// An entity id names one process for ever. A pid does not: the start must lie shortly before the call.
bool Awaiting::explains(const ProcessKey& key, EventTime time, const Waiting& call, bool by_entity) {
  if (call.explained) return false;
  if (by_entity) return true;
  return time <= call.own_time + ProcessTable::slack && call.own_time - time <= max_age && may_be_same(key, call.key);
}

std::vector<Lineage> Awaiting::take(const ProcessKey& key, EventTime time, const Evidence& start) {
  std::vector<Sequence> found;
  const auto collect = [&](const PlaceIndex& index, std::uint64_t of, bool by_entity) {
    if (of == 0) return;
    for (Sequence i = index.find(of, first_); i != 0;) {
      Waiting* call = at(i);
      if (call == nullptr) break;
      if (explains(key, time, *call, by_entity)) {
        call->explained = true;
        found.push_back(i);
      }
      i = by_entity ? call->former_of_entity : call->former_of_pid;
    }
  };
  collect(by_entity_, key.entity, true);
  collect(by_pid_, key.pid, false);
  std::sort(found.begin(), found.end());

  std::vector<Lineage> out;
  for (const Sequence i : found) {
    const Waiting& call = *at(i);
    Lineage lineage{call.origin, call.host, call.call_time, start};
    lineage.evidence.joined = true;
    lineage.evidence.process_start.reset();
    if (time <= call.own_time + ProcessTable::slack) lineage.evidence.process_start = time;
    out.push_back(std::move(lineage));
  }
  return out;
}

}  // namespace imdswatch
