#include "process_table.hpp"

#include <algorithm>

#include "evidence_blob.hpp"
#include "imdswatch/base/limits.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t index_node_bytes = 48;  ///< of a hash table's entry with its share of the buckets, about
constexpr int max_starts_of_a_pid = 64;       ///< looked at; beyond it a pid is used anew too often to be sure

}  // namespace

std::size_t ProcessTable::cost(const Start& start) {
  return sizeof(Start) + start.blob.capacity() + (start.key.entity != 0 ? index_node_bytes : 0) +
         (start.key.pid != 0 ? index_node_bytes : 0);
}

const ProcessTable::Start* ProcessTable::at(Sequence sequence) const {
  return sequence < first_ ? nullptr : &starts_[static_cast<std::size_t>(sequence - first_)];
}

const ProcessTable::Start* ProcessTable::newest(const std::unordered_map<std::uint64_t, Sequence>& index, std::uint64_t key) const {
  if (key == 0) return nullptr;
  const auto found = index.find(key);
  return found == index.end() ? nullptr : at(found->second);
}

bool ProcessTable::told_before(const ProcessKey& key, EventTime time) const {
  const Start* by_entity = newest(by_entity_, key.entity);
  if (by_entity != nullptr) return by_entity->time == time;
  const Start* by_pid = newest(by_pid_, key.pid);
  return by_pid != nullptr && by_pid->time == time && by_pid->key.entity == key.entity && by_pid->key.name == key.name;
}

std::size_t ProcessTable::add(const ProcessKey& key, EventTime time, EventTime now, const Evidence& evidence) {
  if ((key.entity == 0 && key.pid == 0) || told_before(key, time)) return 0;
  now_ = std::max(now_, now);
  const Sequence sequence = first_ + starts_.size();
  Sequence former = 0;
  if (key.pid != 0) {
    Sequence& newest_of_pid = by_pid_[key.pid];
    former = std::exchange(newest_of_pid, sequence);
  }
  if (key.entity != 0) by_entity_[key.entity] = sequence;
  starts_.push_back({key, time, now, former, pack(evidence)});
  bytes_ += cost(starts_.back());

  std::size_t dropped = 0;
  while (!starts_.empty() && (bytes_ > max_bytes_ || now_ - starts_.front().seen > limits::process_table_age)) {
    drop_oldest();
    ++dropped;
  }
  return dropped;
}

void ProcessTable::drop_oldest() {
  const Start& oldest = starts_.front();
  const auto forget = [&](std::unordered_map<std::uint64_t, Sequence>& index, std::uint64_t key) {
    const auto found = index.find(key);
    if (found != index.end() && found->second == first_) index.erase(found);
  };
  forget(by_entity_, oldest.key.entity);
  forget(by_pid_, oldest.key.pid);
  bytes_ -= cost(oldest);
  starts_.pop_front();
  ++first_;
}

const ProcessTable::Start* ProcessTable::find_by_pid(const ProcessKey& key, EventTime time) const {
  const Start* best = nullptr;
  const Start* start = newest(by_pid_, key.pid);
  for (int looked_at = 0; start != nullptr && looked_at < max_starts_of_a_pid; ++looked_at) {
    if (start->time <= time + slack && (best == nullptr || start->time > best->time)) best = start;
    start = start->former_of_pid == 0 ? nullptr : at(start->former_of_pid);
  }
  return best != nullptr && may_be_same(best->key, key) ? best : nullptr;  // a later process of another name ends the former
}

std::optional<Evidence> ProcessTable::find(const ProcessKey& key, EventTime time) const {
  const Start* found = newest(by_entity_, key.entity);
  if (found == nullptr) found = find_by_pid(key, time);
  if (found == nullptr) return std::nullopt;
  Evidence evidence = unpack(found->blob);
  if (found->time <= time + slack) evidence.process_start = found->time;  // not of `already_running`, told later
  evidence.joined = true;
  return evidence;
}

}  // namespace imdswatch
