#include "process_table.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "imdswatch/base/limits.hpp"
#include "imdswatch/base/prefetch.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t index_bytes = 48;   ///< of a key, with its share of what is free, about
constexpr int max_starts_of_a_pid = 64;   ///< looked at; beyond it a pid is used anew too often to be sure

}  // namespace

std::size_t ProcessTable::cost(const Start& start) {
  return sizeof(Start) + start.told_bytes + (start.key.entity != 0 ? index_bytes : 0) + (start.key.pid != 0 ? index_bytes : 0);
}

const ProcessTable::Start* ProcessTable::at(Place place) const {
  return place < first_ ? nullptr : std::launder(reinterpret_cast<const Start*>(log_.at(place)));
}

bool ProcessTable::told_before(const ProcessKey& key, EventTime time) const {
  if (key.entity != 0) {
    const Start* by_entity = at(by_entity_.find(key.entity, first_));
    return by_entity != nullptr && by_entity->time == time;
  }
  const Start* by_pid = at(by_pid_.find(key.pid, first_));
  return by_pid != nullptr && by_pid->time == time && by_pid->key.entity == 0 && by_pid->key.name == key.name;
}

std::uint32_t ProcessTable::take_shape(const std::shared_ptr<const StartShape>& shape) {
  std::uint32_t& lately =
      lately_[reinterpret_cast<std::uintptr_t>(shape.get()) / alignof(std::max_align_t) % lately_.size()];
  if (lately < shapes_.size() && shapes_[lately].starts > 0 && shapes_[lately].shape == shape) {
    ++shapes_[lately].starts;
    return lately;
  }
  const auto [known, is_new] = numbers_.try_emplace(shape.get());
  if (is_new) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(shapes_.size()));
      shapes_.emplace_back();
    }
    known->second = free_.back();
    free_.pop_back();
    shapes_[known->second] = {shape, 0, shape == nullptr ? 0 : bytes_of(*shape)};
    bytes_ += shapes_[known->second].bytes;
  }
  ++shapes_[known->second].starts;
  return lately = known->second;
}

std::size_t ProcessTable::add(const ProcessKey& key, EventTime time, EventTime now, const KeptStart& told) {
  if (key.entity == 0 && key.pid == 0) return 0;
  const Place place = log_.append(sizeof(Start) + told.tokens.size());
  std::memcpy(log_.at(place) + sizeof(Start), told.tokens.data(), told.tokens.size());
  if (told_before(key, time)) {
    log_.take_back(place);
    return 0;
  }
  now_ = std::max(now_, now);
  if (size_ == 0) first_ = place;
  const Place former = key.pid != 0 ? by_pid_.exchange(key.pid, place, first_) : 0;
  if (key.entity != 0) by_entity_.exchange(key.entity, place, first_);
  const Start* start = new (log_.at(place))
      Start{key, time, now, former, take_shape(told.shape), static_cast<std::uint32_t>(told.tokens.size())};
  bytes_ += cost(*start);
  ++size_;

  std::size_t dropped = 0;
  for (; size_ > 0 && now_ - first_seen() > limits::process_table_age; ++dropped) drop_oldest();
  for (; size_ > 0 && bytes_ > max_bytes_; ++dropped) drop_oldest();
  return dropped;
}

EventTime ProcessTable::first_seen() {
  if (!first_seen_) first_seen_ = at(first_)->seen;
  return *first_seen_;
}

void ProcessTable::drop_oldest() {
  const Start& oldest = *at(first_);
  bytes_ -= cost(oldest);
  --size_;
  Shape& shape = shapes_[oldest.shape];
  if (--shape.starts == 0) {
    bytes_ -= shape.bytes;
    numbers_.erase(shape.shape.get());
    shape.shape.reset();
    free_.push_back(oldest.shape);
  }
  first_ = log_.after(first_, sizeof(Start) + oldest.told_bytes);
  first_seen_.reset();
  log_.drop_before(first_);
  if (size_ > 0) prefetch(log_.at(first_), sizeof(Start));
}

const ProcessTable::Start* ProcessTable::find_by_pid(const ProcessKey& key, EventTime time) const {
  const Start* best = nullptr;
  const Start* start = key.pid == 0 ? nullptr : at(by_pid_.find(key.pid, first_));
  for (int looked_at = 0; start != nullptr && looked_at < max_starts_of_a_pid; ++looked_at) {
    if (!began_apart(start->key, key) && start->time <= time + slack && (best == nullptr || start->time > best->time)) best = start;
    start = at(start->former_of_pid);
  }
  return best != nullptr && may_be_same(best->key, key) ? best : nullptr;  // a later process of another name ends the former
}

std::optional<ProcessTable::Found> ProcessTable::find(const ProcessKey& key, EventTime time) const {
  const Start* found = key.entity == 0 ? nullptr : at(by_entity_.find(key.entity, first_));
  if (found == nullptr) found = find_by_pid(key, time);
  if (found == nullptr) return std::nullopt;
  Found out{{shapes_[found->shape].shape, {reinterpret_cast<const char*>(found) + sizeof(Start), found->told_bytes}}, {}};
  if (found->time <= time + slack) out.start = found->time;  // not of `already_running`, told later
  return out;
}

}  // namespace imdswatch
