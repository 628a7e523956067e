#include "memory.hpp"

namespace imdswatch::triage {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

void Memory::drain(std::vector<TriageRow>& out) {
  alerts.drain([&](const AlertKey& k, auto v) { out.emplace_back(AlertMemoryRow{sighting_key(k), std::move(v)}); });
  groups.drain([&](const Signature& k, auto v) { out.emplace_back(GroupMemoryRow{k, std::move(v)}); });
  members.drain([&](const MemberKey& k, auto v) { out.emplace_back(GroupMemberRow{k.signature, k.host, std::move(v)}); });
  waiting.drain([&](const AlertKey& k, auto v) { out.emplace_back(WaitingFindingRow{sighting_key(k), std::move(v)}); });
  places.drain([&](int, auto v) { out.emplace_back(PlacesUsedRow{std::move(v)}); });
}

void Memory::apply(const TriageRow& row) {
  std::visit(Overloaded{
                 [&](const AlertMemoryRow& r) { alerts.restore(alert_key(r.key), r.value); },
                 [&](const GroupMemoryRow& r) { groups.restore(r.signature, r.value); },
                 [&](const GroupMemberRow& r) { members.restore({r.signature, r.host}, r.value); },
                 [&](const WaitingFindingRow& r) { waiting.restore(alert_key(r.key), r.value); },
                 [&](const PlacesUsedRow& r) { places.restore(0, r.value); },
             },
             row);
}

void Memory::rows(std::vector<TriageRow>& out) const {
  for (const auto& [k, v] : alerts.all()) out.emplace_back(AlertMemoryRow{sighting_key(k), v});
  for (const auto& [k, v] : groups.all()) out.emplace_back(GroupMemoryRow{k, v});
  for (const auto& [k, v] : members.all()) out.emplace_back(GroupMemberRow{k.signature, k.host, v});
  for (const auto& [k, v] : waiting.all()) out.emplace_back(WaitingFindingRow{sighting_key(k), v});
  for (const auto& [k, v] : places.all()) out.emplace_back(PlacesUsedRow{v});
}

std::vector<AlertKey> Memory::alerts_of(const Signature& signature, const HostId& host) const {
  std::vector<AlertKey> out;
  for (auto it = alerts.all().lower_bound(first_key(signature, host)); it != alerts.all().end(); ++it) {
    if (it->first.host != host || it->first.signature != signature) break;
    out.push_back(it->first);
  }
  return out;
}

std::vector<MemberKey> Memory::members_of(const Signature& signature) const {
  std::vector<MemberKey> out;
  for (auto it = members.all().lower_bound({signature, HostId{}}); it != members.all().end(); ++it) {
    if (it->first.signature != signature) break;
    out.push_back(it->first);
  }
  return out;
}

void Memory::forget_window(const Signature& signature) {
  for (const MemberKey& key : members_of(signature)) members.erase(key);
  groups.erase(signature);
}

void Memory::expire(const Run& run, const TriagePolicy& policy) {
  std::vector<AlertKey> alerts_gone;
  for (const auto& [key, alert] : alerts.all()) {
    const bool may_repeat = run.time < alert.suppress_from + policy.suppress_for + policy.lookback;
    // As long as a sighting is open, its later calls must find the alert that its first ones are in, and no second alert may
    // take the same identity.
    const bool open = key.bucket >= run.leaving || (!alert.joined.empty() && alert.joined.back() >= run.leaving);
    if (!may_repeat && !open && !waiting.contains(key)) alerts_gone.push_back(key);
  }
  for (const AlertKey& key : alerts_gone) alerts.erase(key);

  std::vector<Signature> groups_gone;
  for (const auto& [signature, group] : groups.all()) {
    if (run.time >= group.start + policy.group_within + policy.lookback && group.bucket < run.leaving) groups_gone.push_back(signature);
  }
  for (const auto& [key, finding] : waiting.all()) {  // a group with something still to tell stays
    const AlertMemory* alert = alerts.find(key);
    if (alert != nullptr && alert->state == AlertMemory::State::grouped) std::erase(groups_gone, key.signature);
  }
  for (const Signature& signature : groups_gone) forget_window(signature);
}

}  // namespace imdswatch::triage
