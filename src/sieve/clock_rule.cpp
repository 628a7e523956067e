#include "clock_rule.hpp"

#include <algorithm>

#include "imdswatch/base/check.hpp"

namespace imdswatch {
namespace {

EventClock::duration distance(EventTime a, EventTime b) { return a < b ? b - a : a - b; }

}  // namespace

void ClockRule::decide_pending(std::vector<Decision>& out) {
  take_within_reach(out);
  give_up(out);
}

void ClockRule::hold(EventTime time, HostHash host, Ticket ticket, std::vector<Decision>& out) {
  pending_.push_back({time, stream_.value_or(EventTime{}), accepted_, ticket, host});
  running_ = std::min(running_ + 1, running_events);
  if (counts(pending_.back())) {
    jump(time, out);
  } else if (pending_.size() > max_pending) {
    overflow(out);
  }
}

bool ClockRule::counts(const Pending& newest) const {
  const bool confirmed = newest.host != 0 && std::any_of(pending_.begin(), pending_.end(), [&](const Pending& other) {
                           return other.host != 0 && other.host != newest.host && distance(other.time, newest.time) <= closeness;
                         });
  if (confirmed || running_ < running_events) return confirmed;
  const auto [low, high] = std::minmax_element(pending_.end() - static_cast<std::ptrdiff_t>(running_events), pending_.end(),
                                               [](const Pending& a, const Pending& b) { return a.time < b.time; });
  return high->time - low->time <= closeness;
}

void ClockRule::jump(EventTime around, std::vector<Decision>& out) {
  EventTime to = around;
  for (const Pending& event : pending_) {
    if (distance(event.time, around) <= closeness) to = std::max(to, event.time);
  }
  stream_ = std::max(stream_.value_or(to), to);
  running_ = 0;
  take_within_reach(out);
  rebase();
}

void ClockRule::take_within_reach(std::vector<Decision>& out) {
  for (bool again = true; again;) {
    again = false;
    std::erase_if(pending_, [&](const Pending& event) {
      if (!accepts(event.time)) return false;
      stream_ = std::max(*stream_, event.time);
      decide(event, event.time, false, out);
      again = true;
      return true;
    });
  }
}

void ClockRule::give_up(std::vector<Decision>& out) {
  std::erase_if(pending_, [&](const Pending& event) {
    if (*stream_ < event.stream + disorder_ && accepted_ - event.accepted < patience_events) return false;
    decide(event, event.stream, true, out);
    return true;
  });
}

void ClockRule::rebase() {
  for (Pending& event : pending_) {
    event.stream = *stream_;
    event.accepted = accepted_;
  }
}

void ClockRule::overflow(std::vector<Decision>& out) {
  if (contradicted(pending_.front())) {
    decide(pending_.front(), pending_.front().stream, true, out);
    pending_.erase(pending_.begin());
    return;
  }
  // So many, no two agree, and none came near the old time: go on from the earliest, from where the others can still come to count.
  const auto earliest = std::min_element(pending_.begin(), pending_.end(), [](const Pending& a, const Pending& b) { return a.time < b.time; });
  stream_ = std::max(stream_.value_or(earliest->time), earliest->time);
  running_ = 0;
  take_within_reach(out);
  rebase();
}

void ClockRule::finish(std::vector<Decision>& out) {
  for (const Pending& event : pending_) {
    const bool skewed = contradicted(event);
    if (!skewed) stream_ = std::max(stream_.value_or(event.time), event.time);
    decide(event, skewed ? event.stream : event.time, skewed, out);
  }
  pending_.clear();
  running_ = 0;
}

bool ClockRule::contradicted(const Pending& event) const { return accepted_ != event.accepted; }

void ClockRule::decide(const Pending& event, EventTime time, bool skewed, std::vector<Decision>& out) {
  if (event.ticket != 0) out.push_back({event.ticket, time, skewed});
}

}  // namespace imdswatch
