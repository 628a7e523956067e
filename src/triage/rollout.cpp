#include <algorithm>

#include "imdswatch/base/limits.hpp"
#include "merge.hpp"
#include "round.hpp"

namespace imdswatch::triage {

AlertMemory::State Round::place(const Finding& finding) {
  const SightingKey& sighting = finding.sighting.key;
  const GroupMemory* group = memory_.groups.find(sighting.signature);
  // Buckets of windows only grow, so that no two groups of a signature share an identity, whatever comes late.
  const bool within = group != nullptr && (finding.sighting.first - group->start < policy_.group_within || sighting.bucket <= group->bucket);
  if (!within) open_window(finding);

  const MemberKey key{sighting.signature, sighting.host};
  const GroupMember* member = memory_.members.find(key);
  if (member == nullptr) {
    GroupMemory& window = *memory_.groups.edit(sighting.signature);
    const bool single = window.singles < static_cast<std::uint32_t>(std::max(policy_.group_hosts_over, 0));
    if (single) ++window.singles;
    member = &memory_.members.put(key, {single ? GroupMember::Part::single : GroupMember::Part::joining});
    new_members_.insert(key);
  }
  return member->part == GroupMember::Part::single ? AlertMemory::State::put_off : AlertMemory::State::grouped;
}

void Round::open_window(const Finding& finding) {
  const SightingKey& sighting = finding.sighting.key;
  if (memory_.groups.contains(sighting.signature)) {
    tell_group(sighting.signature);  // what waited for its next version
    memory_.forget_window(sighting.signature);
  }
  GroupMemory group;
  group.bucket = sighting.bucket;
  group.start = finding.sighting.first;
  memory_.groups.put(sighting.signature, group);
}

void Round::grow_group(const Signature& signature, const Sighting& sighting) {
  GroupMemory& group = *memory_.groups.edit(signature);
  group.first_call = group.calls == 0 ? sighting.first : std::min(group.first_call, sighting.first);
  group.last_call = group.calls == 0 ? sighting.last : std::max(group.last_call, sighting.last);
  group.calls += sighting.calls;
}

void Round::forget(const AlertKey& key) {
  memory_.alerts.erase(key);
  memory_.waiting.erase(key);
  const MemberKey member{key.signature, key.host};
  if (new_members_.contains(member) && memory_.alerts_of(key.signature, key.host).empty()) {
    new_members_.erase(member);
    memory_.members.erase(member);
    --memory_.groups.edit(key.signature)->singles;
  }
  mend_window(key);
}

/// The window counts from the first told or carried finding: if that was forgotten, from the next one.
void Round::mend_window(const AlertKey& gone) {
  GroupMemory* group = memory_.groups.edit(gone.signature);
  if (group == nullptr || group->version > 0 || group->calls > 0) return;
  const std::vector<MemberKey> members = memory_.members_of(gone.signature);
  if (members.empty()) return memory_.groups.erase(gone.signature);
  if (group->bucket != gone.bucket) return;
  const AlertMemory* earliest = nullptr;
  for (const MemberKey& member : members) {
    for (const AlertKey& key : memory_.alerts_of(member.signature, member.host)) {
      const AlertMemory& alert = *memory_.alerts.find(key);
      if (key.bucket < gone.bucket || (earliest != nullptr && alert.suppress_from >= earliest->suppress_from)) continue;
      earliest = &alert;
      group->bucket = key.bucket;
      group->start = alert.suppress_from;
    }
  }
}

void Round::tell_groups() {
  std::vector<Signature> grown;
  for (const auto& [key, waiting] : memory_.waiting.all()) {
    const bool grouped = memory_.alerts.find(key)->state == AlertMemory::State::grouped;
    if (grouped && (grown.empty() || grown.back() != key.signature)) grown.push_back(key.signature);
  }
  const std::size_t from = out_.orders.size();
  for (const Signature& signature : grown) {
    const GroupMemory& group = *memory_.groups.find(signature);
    if (group.version == 0 || group.told_in != run_.closing) tell_group(signature);
  }
  std::sort(out_.orders.begin() + static_cast<std::ptrdiff_t>(from), out_.orders.end(),
            [](const AlertOrder& a, const AlertOrder& b) { return told_before(a.findings.front(), b.findings.front()); });
}

void Round::tell_group(const Signature& signature) {
  AlertOrder order;
  std::vector<AlertKey> told;
  const auto& waiting = memory_.waiting.all();
  for (auto it = waiting.lower_bound(first_key(signature)); it != waiting.end() && it->first.signature == signature; ++it) {
    if (memory_.alerts.find(it->first)->state != AlertMemory::State::grouped) continue;
    order.findings.push_back(it->second.finding);
    told.push_back(it->first);
  }
  if (told.empty()) return;
  for (const AlertKey& key : told) memory_.waiting.erase(key);
  std::sort(order.findings.begin(), order.findings.end(), told_before);

  const std::vector<MemberKey> members = memory_.members_of(signature);
  order.group_hosts_count = members.size();
  for (const MemberKey& key : members) {
    const bool joining = memory_.members.find(key)->part == GroupMember::Part::joining;
    if (order.group_hosts.size() < limits::max_group_hosts) order.group_hosts.push_back(key.host.value());
    if (joining && order.group_hosts_added.size() < limits::max_group_hosts) order.group_hosts_added.push_back(key.host.value());
    if (joining) memory_.members.put(key, {GroupMember::Part::listed});
  }
  GroupMemory& group = *memory_.groups.edit(signature);
  order.kind = AlertOrder::Kind::group;
  order.identity = {group.bucket, HostId{}, signature};
  order.version = ++group.version;
  group.told_in = run_.closing;
  order.run = run_.time;
  order.calls = group.calls;
  order.first_call = group.first_call;
  order.last_call = group.last_call;
  out_.orders.push_back(std::move(order));
}

}  // namespace imdswatch::triage
