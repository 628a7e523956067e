#include "round.hpp"

#include <algorithm>

#include "merge.hpp"

namespace imdswatch::triage {
namespace {

/// Whether every user id in `finding` stands in `told`. Ids beyond the limit of a sighting count as not yet told.
bool all_told(const Finding& finding, const std::vector<std::string>& told) {
  const auto& ids = finding.sighting.user_ids;
  return finding.sighting.user_ids_omitted == 0 && std::includes(told.begin(), told.end(), ids.begin(), ids.end());
}

void add_calls(AlertMemory& alert, const Sighting& sighting, Bucket leaving) {
  alert.calls += sighting.calls;
  alert.first_call = std::min(alert.first_call, sighting.first);
  alert.last_call = std::max(alert.last_call, sighting.last);
  add_user_ids(alert.user_ids, sighting.user_ids);
  std::erase_if(alert.joined, [&](Bucket bucket) { return bucket < leaving; });
  const auto at = std::lower_bound(alert.joined.begin(), alert.joined.end(), sighting.key.bucket);
  if (at == alert.joined.end() || *at != sighting.key.bucket) alert.joined.insert(at, sighting.key.bucket);
}

}  // namespace

TriageOutcome Round::admit(std::vector<Finding> findings, const Exceptions& exceptions) {
  begin();
  out_.counts.findings = findings.size();
  out_.counts.expired = exceptions.expired(run_.time);
  std::erase_if(findings, [&](Finding& finding) { return exceptions.mute(finding, run_.time, out_.counts); });
  std::sort(findings.begin(), findings.end(), taken_before);
  for (Finding& finding : findings) take(std::move(finding));
  tell_new();
  tell_updates();
  tell_groups();
  tell_overflow();
  return std::move(out_);
}

void Round::begin() {
  const PlacesUsed* places = memory_.places.find(0);
  if (places != nullptr && places->closing == run_.closing) return;
  memory_.places.put(0, PlacesUsed{run_.closing, 0, 0, 0, 0});
  memory_.expire(run_, policy_);
}

void Round::take(Finding finding) {
  if (const auto key = repeated(finding)) {
    ++out_.counts.repeated;
    if (const auto fresh = fresh_.find(*key); fresh != fresh_.end()) ++fresh->second;
    return add_repeat(*key, std::move(finding));
  }
  const AlertMemory::State state = place(finding);
  if (state == AlertMemory::State::grouped) ++out_.counts.grouped;
  remember(std::move(finding), state);
}

std::optional<AlertKey> Round::repeated(const Finding& finding) const {
  const SightingKey& sighting = finding.sighting.key;
  const std::vector<AlertKey> keys = memory_.alerts_of(sighting.signature, sighting.host);
  std::vector<std::string> union_of_ids;
  std::optional<AlertKey> newest, holds_all;
  for (const AlertKey& key : keys) {
    const AlertMemory& alert = *memory_.alerts.find(key);
    // Later calls of a sighting belong where its first ones are, whoever made them: its identity is taken.
    if (key.bucket == sighting.bucket || std::binary_search(alert.joined.begin(), alert.joined.end(), sighting.bucket)) return key;
    if (finding.sighting.first - alert.suppress_from >= policy_.suppress_for) continue;
    newest = key;
    if (all_told(finding, alert.user_ids)) holds_all = key;
    union_of_ids.insert(union_of_ids.end(), alert.user_ids.begin(), alert.user_ids.end());
  }
  if (holds_all) return holds_all;
  std::sort(union_of_ids.begin(), union_of_ids.end());
  return newest && all_told(finding, union_of_ids) ? newest : std::nullopt;
}

void Round::add_repeat(const AlertKey& key, Finding finding) {
  AlertMemory& alert = *memory_.alerts.edit(key);
  add_calls(alert, finding.sighting, run_.leaving);
  const bool grouped = alert.state == AlertMemory::State::grouped;
  if (grouped) {
    const GroupMemory* group = memory_.groups.find(key.signature);
    if (group != nullptr && group->bucket == alert.group) grow_group(key.signature, finding.sighting);
  }
  if (WaitingFinding* waiting = memory_.waiting.edit(key)) {
    merge(waiting->finding, finding);
  } else if (!grouped) {
    memory_.waiting.put(key, {std::move(finding), run_.time});
  }
}

void Round::remember(Finding finding, AlertMemory::State state) {
  const Sighting& sighting = finding.sighting;
  const AlertKey key = alert_key(sighting.key);
  AlertMemory alert;
  alert.state = state;
  alert.suppress_from = alert.first_call = sighting.first;
  alert.last_call = sighting.last;
  add_calls(alert, sighting, run_.leaving);
  if (state == AlertMemory::State::grouped) {
    alert.group = memory_.groups.find(key.signature)->bucket;
    grow_group(key.signature, sighting);
  } else {
    fresh_.emplace(key, 0);
  }
  memory_.alerts.put(key, std::move(alert));
  memory_.waiting.put(key, {std::move(finding), run_.time});
}

}  // namespace imdswatch::triage
