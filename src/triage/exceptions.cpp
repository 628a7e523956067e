#include "exceptions.hpp"

#include <algorithm>
#include <set>

#include "imdswatch/triage/policy.hpp"

namespace imdswatch::triage {
namespace {

bool expired_at(const std::optional<EventTime>& expires, EventTime run) { return expires && run >= *expires; }

/// Leaves what an exception took out of a sighting out of its figures too.
void keep(Sighting& sighting, std::vector<ProcessSeen> remaining) {
  sighting.processes = std::move(remaining);
  sighting.calls = sighting.processes_omitted;
  std::set<std::string> users;
  for (const ProcessSeen& process : sighting.processes) {
    sighting.calls += process.calls;
    if (!process.evidence.user_id.empty()) users.insert(process.evidence.user_id);
  }
  if (sighting.processes_omitted > 0) return;  // times and users of these are not known one by one: theirs stay
  sighting.user_ids.assign(users.begin(), users.end());
  sighting.user_ids_omitted = 0;
  sighting.first = sighting.processes.front().first;
  sighting.last = sighting.processes.front().last;
  for (const ProcessSeen& process : sighting.processes) {
    sighting.first = std::min(sighting.first, process.first);
    sighting.last = std::max(sighting.last, process.last);
  }
}

}  // namespace

Exceptions::Exceptions(const TriagePolicy& policy) {
  for (const Exception& e : policy.exceptions) exceptions_.push_back({e.name, ready(e.when), ready(e.unless), e.expires});
}

std::vector<Exceptions::Test> Exceptions::ready(const std::vector<Condition>& conditions) {
  std::vector<Test> out;
  for (const Condition& condition : conditions) {
    Test test{find_field(condition.field), {}, condition.exists};
    const bool path = test.field != nullptr && test.field->path;
    for (const std::string& pattern : condition.patterns) test.patterns.emplace_back(pattern, path);
    out.push_back(std::move(test));
  }
  return out;
}

bool Exceptions::Test::holds(const CallView& call) const {
  const std::string value = field == nullptr ? std::string() : field->value(call);
  if (exists) return *exists != value.empty();
  if (value.empty()) return false;
  const std::u32string folded = fold(value);
  return std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& pattern) { return pattern.matches(folded); });
}

/// A field that only a process start tells says nothing, not even by its absence, while no start was found.
bool Exceptions::Test::can_tell(const CallView& call) const {
  return field == nullptr || !field->evidence || call.process.evidence.joined || !field->value(call).empty();
}

bool Exceptions::Ready::matches(const CallView& call) const {
  if (when.empty()) return false;  // an exception from everything is a mistake
  const auto can_tell = [&](const Test& test) { return test.can_tell(call); };
  const auto holds = [&](const Test& test) { return test.holds(call); };
  return std::all_of(when.begin(), when.end(), can_tell) && std::all_of(unless.begin(), unless.end(), can_tell) &&
         std::all_of(when.begin(), when.end(), holds) && std::none_of(unless.begin(), unless.end(), holds);
}

std::vector<std::string> Exceptions::expired(EventTime run) const {
  std::vector<std::string> out;
  for (const Ready& exception : exceptions_) {
    if (expired_at(exception.expires, run)) out.push_back(exception.name);
  }
  return out;
}

const Exceptions::Ready* Exceptions::matching(const CallView& call, EventTime run) const {
  for (const Ready& exception : exceptions_) {
    if (!expired_at(exception.expires, run) && exception.matches(call)) return &exception;
  }
  return nullptr;
}

bool Exceptions::mute(Finding& finding, EventTime run, TriageCounts& counts) const {
  Sighting& sighting = finding.sighting;
  const Ready* first = nullptr;
  std::vector<ProcessSeen> remaining;
  for (const ProcessSeen& process : sighting.processes) {
    const Ready* by = matching({sighting, process}, run);
    if (by == nullptr) remaining.push_back(process);
    if (first == nullptr) first = by;
  }
  if (first == nullptr) return false;
  if (remaining.empty() && sighting.processes_omitted == 0) {
    ++counts.muted;
    ++counts.muted_by[first->name];
    return true;
  }
  keep(sighting, std::move(remaining));
  return false;
}

}  // namespace imdswatch::triage
