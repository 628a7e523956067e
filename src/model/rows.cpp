#include <algorithm>

#include "impl.hpp"

namespace imdswatch {
namespace {

template <class Keys>
void sort_unique(Keys& keys, auto&& less) {
  std::ranges::sort(keys, less);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

}  // namespace

HostRow Model::Impl::host_row(const std::string& name) const {
  HostRow row{.host = HostId{name}, .value = std::nullopt};
  const HostTable::Node* node = hosts.find(name);
  if (!node || !node->second.has_header) return row;
  const HostTable::Host& host = node->second;
  row.value = HostHeader{.first_minute = host.first_minute,
                         .vote_day = host.vote_day,
                         .buckets = host.buckets,
                         .windows = host.windows,
                         .group = host.group == no_id ? std::string() : group_names.text(host.group)};
  return row;
}

HostNameRow Model::Impl::host_name_row(const std::string& host, std::uint32_t name) const {
  HostNameRow row{.host = HostId{host}, .name = names.text(name), .value = std::nullopt};
  const HostTable::Node* node = hosts.find(host);
  const HostTable::Entry* entry = node ? hosts.find_name(node->second, name) : nullptr;
  if (!entry) return row;
  History history;
  hosts.load(*entry, history);
  row.value = to_row(history, values);
  return row;
}

FleetNameRow Model::Impl::fleet_name_row(std::uint32_t name) const {
  FleetNameRow row{.name = names.text(name), .value = std::nullopt};
  if (const Votes* votes = fleet.find(name)) row.value = *votes;
  return row;
}

FleetPartRow Model::Impl::fleet_part_row(const FleetPart& part) const {
  FleetPartRow row{.name = names.text(part.name), .kind = part.kind, .part = part_text(part.kind, part.id, values), .value = std::nullopt};
  if (const Votes* votes = values_of(part.name, part.kind).find(part.id)) row.value = *votes;
  return row;
}

bool Model::Impl::text_less(const FleetPart& a, const FleetPart& b) const {
  if (a.name != b.name) return names.less(a.name, b.name);
  if (a.kind != b.kind) return a.kind < b.kind;
  return a.kind == PartKind::user ? a.id < b.id : values.less(a.id, b.id);
}

PeerNameRow Model::Impl::peer_name_row(std::uint32_t group, std::uint32_t name) const {
  PeerNameRow row{.group = group_names.text(group), .name = names.text(name), .value = std::nullopt};
  if (const Votes* votes = groups[group].votes.find(name)) row.value = *votes;
  return row;
}

void Model::drain(std::vector<ModelRow>& out) {
  const Impl& m = *impl_;
  Impl::Changed changed = std::exchange(impl_->changed, {});
  sort_unique(changed.hosts, std::less<>{});
  sort_unique(changed.host_names, [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : m.names.less(a.second, b.second);
  });
  std::vector<std::uint32_t> fleet_names(changed.fleet_names.begin(), changed.fleet_names.end());
  std::ranges::sort(fleet_names, [&](std::uint32_t a, std::uint32_t b) { return m.names.less(a, b); });
  std::vector<Impl::FleetPart> fleet_parts(changed.fleet_parts.begin(), changed.fleet_parts.end());
  std::ranges::sort(fleet_parts, [&](const Impl::FleetPart& a, const Impl::FleetPart& b) { return m.text_less(a, b); });
  std::vector<std::pair<std::uint32_t, std::uint32_t>> peer_names(changed.peer_names.begin(), changed.peer_names.end());
  std::ranges::sort(peer_names, [&](const auto& a, const auto& b) {
    return a.first != b.first ? m.group_names.less(a.first, b.first) : m.names.less(a.second, b.second);
  });
  for (const std::string& host : changed.hosts) out.emplace_back(m.host_row(host));
  for (const auto& [host, name] : changed.host_names) out.emplace_back(m.host_name_row(host, name));
  for (const std::uint32_t name : fleet_names) out.emplace_back(m.fleet_name_row(name));
  for (const Impl::FleetPart& part : fleet_parts) out.emplace_back(m.fleet_part_row(part));
  for (const auto& [group, name] : peer_names) out.emplace_back(m.peer_name_row(group, name));
  if (changed.learning) out.emplace_back(m.learning);
}

void Model::rows(std::vector<ModelRow>& out) const {
  const Impl& m = *impl_;
  const std::vector<const HostTable::Node*> hosts = m.hosts.sorted();
  for (const HostTable::Node* node : hosts) out.emplace_back(m.host_row(node->first));
  for (const HostTable::Node* node : hosts) {
    for (const HostTable::Entry& entry : node->second.names) out.emplace_back(m.host_name_row(node->first, entry.name));
  }
  for (const VoteList::Entry& entry : m.fleet.entries()) out.emplace_back(m.fleet_name_row(entry.id));
  for (const VoteList::Entry& name : m.fleet.entries()) {
    for (const PartKind kind : {PartKind::folder, PartKind::user, PartKind::signer}) {
      for (const VoteList::Entry& part : m.values_of(name.id, kind).entries()) out.emplace_back(m.fleet_part_row({name.id, kind, part.id}));
    }
  }
  std::vector<std::uint32_t> groups(m.groups.size());
  for (std::uint32_t id = 0; id < groups.size(); ++id) groups[id] = id;
  std::ranges::sort(groups, [&](std::uint32_t a, std::uint32_t b) { return m.group_names.less(a, b); });
  for (const std::uint32_t group : groups) {
    for (const VoteList::Entry& entry : m.groups[group].votes.entries()) out.emplace_back(m.peer_name_row(group, entry.id));
  }
  out.emplace_back(m.learning);
}

}  // namespace imdswatch
