#include <algorithm>
#include <utility>

#include "impl.hpp"

namespace imdswatch {

HostRow Model::Impl::host_row(const HostTable::Host& host) const {
  HostRow row{.host = HostId{host.id}, .value = std::nullopt};
  if (!host.has_header) return row;
  row.value = HostHeader{.first_minute = host.first_minute,
                         .vote_day = host.vote_day,
                         .buckets = host.buckets,
                         .windows = host.windows,
                         .group = host.group == no_id ? std::string() : group_names.text(host.group)};
  return row;
}

HostNameRow Model::Impl::host_name_row(const HostTable::Host& host, const HostTable::Entry& entry) const {
  HostNameRow row{.host = HostId{host.id}, .name = names.text(entry.name), .value = NameSeen{}};
  History history;
  hosts.load(entry, history);
  to_row(history, values, *row.value);
  return row;
}

FleetPartRow Model::Impl::fleet_part_row(std::uint32_t name, PartKind kind, std::uint32_t id, const Votes* votes) const {
  return {.name = names.text(name), .kind = kind, .part = std::string(part_text(kind, id, values)), .value = votes ? std::optional{*votes} : std::nullopt};
}

void Model::Impl::drain_hosts(const std::function<void(const ModelRow&)>& out) {
  std::vector<HostTable::Host*> listed;
  for (const std::uint32_t number : changed.hosts) {
    if (hosts[number].listed) listed.push_back(&hosts[number]);  // an erased one's place may be another's, listed for itself
    hosts[number].listed = false;
  }
  const auto by_id = [](const HostTable::Host* a, const HostTable::Host* b) { return a->id < b->id; };
  if (!std::ranges::is_sorted(listed, by_id)) std::ranges::sort(listed, by_id);  // they are, after a single run
  for (HostTable::Host* host : listed) {
    if (host->changed) out(host_row(*host));
    host->changed = false;
  }
  ModelRow handed_out{HostNameRow{.host = {}, .name = {}, .value = NameSeen{}}};  // one for all: it keeps its memory
  auto& row = std::get<HostNameRow>(handed_out);
  History history;
  for (HostTable::Host* host : listed) {
    row.host = HostId{host->id};
    for (HostTable::Entry& entry : host->names) {
      if (!std::exchange(entry.changed, false)) continue;
      row.name = names.text(entry.name);
      hosts.load(entry, history);
      to_row(history, values, *row.value);
      out(handed_out);
    }
  }
}

/// Of those that did not come back meanwhile.
void Model::Impl::drain_gone(const std::function<void(const ModelRow&)>& out) {
  std::ranges::sort(changed.gone_hosts);
  const auto hosts_end = std::unique(changed.gone_hosts.begin(), changed.gone_hosts.end());
  for (auto id = changed.gone_hosts.begin(); id != hosts_end; ++id) {
    if (!hosts.find(*id)) out(HostRow{.host = HostId{*id}, .value = std::nullopt});
  }
  std::ranges::sort(changed.gone_names, [this](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : names.less(a.second, b.second);
  });
  const auto names_end = std::unique(changed.gone_names.begin(), changed.gone_names.end());
  for (auto key = changed.gone_names.begin(); key != names_end; ++key) {
    const HostTable::Host* host = hosts.find(key->first);
    if (host && hosts.find_name(*host, key->second)) continue;
    out(HostNameRow{.host = HostId{key->first}, .name = names.text(key->second), .value = std::nullopt});
  }
}

void Model::Impl::drain_votes(const std::function<void(const ModelRow&)>& out) {
  const auto value = [](const Votes* votes) { return votes ? std::optional{*votes} : std::nullopt; };
  fleet.drain([&](std::uint32_t name, const Votes* votes) { out(FleetNameRow{.name = names.text(name), .value = value(votes)}); });
  std::ranges::sort(changed.part_lists, [this](const auto& a, const auto& b) {
    return a.first != b.first ? names.less(a.first, b.first) : a.second < b.second;
  });
  for (const auto& [name, kind] : changed.part_lists) {
    values_of(name, kind).drain([&, name = name, kind = kind](std::uint32_t id, const Votes* votes) { out(fleet_part_row(name, kind, id, votes)); });
  }
  std::ranges::sort(changed.groups, [this](std::uint32_t a, std::uint32_t b) { return group_names.less(a, b); });
  for (const std::uint32_t group : changed.groups) {
    groups[group].votes.drain([&](std::uint32_t name, const Votes* votes) {
      out(PeerNameRow{.group = group_names.text(group), .name = names.text(name), .value = value(votes)});
    });
  }
}

void Model::drain(std::vector<ModelRow>& out) {
  drain([&](const ModelRow& row) { out.push_back(row); });
}

void Model::drain(const std::function<void(const ModelRow&)>& out) {
  Impl& m = *impl_;
  m.drain_hosts(out);
  m.drain_gone(out);
  m.drain_votes(out);
  if (m.changed.learning) out(m.learning);
  m.changed = {};
}

void Model::rows(std::vector<ModelRow>& out) const {
  const Impl& m = *impl_;
  const std::vector<const HostTable::Host*> hosts = m.hosts.sorted();
  for (const HostTable::Host* host : hosts) out.emplace_back(m.host_row(*host));
  for (const HostTable::Host* host : hosts) {
    for (const HostTable::Entry& entry : host->names) out.emplace_back(m.host_name_row(*host, entry));
  }
  for (const VoteList::Entry& entry : m.fleet.entries()) out.emplace_back(FleetNameRow{.name = m.names.text(entry.id), .value = entry.votes});
  for (const VoteList::Entry& name : m.fleet.entries()) {
    for (const PartKind kind : {PartKind::folder, PartKind::user, PartKind::signer}) {
      for (const VoteList::Entry& part : m.values_of(name.id, kind).entries()) out.emplace_back(m.fleet_part_row(name.id, kind, part.id, &part.votes));
    }
  }
  std::vector<std::uint32_t> groups(m.groups.size());
  for (std::uint32_t id = 0; id < groups.size(); ++id) groups[id] = id;
  std::ranges::sort(groups, [&](std::uint32_t a, std::uint32_t b) { return m.group_names.less(a, b); });
  for (const std::uint32_t group : groups) {
    for (const VoteList::Entry& entry : m.groups[group].votes.entries()) {
      out.emplace_back(PeerNameRow{.group = m.group_names.text(group), .name = m.names.text(entry.id), .value = entry.votes});
    }
  }
  out.emplace_back(m.learning);
}

}  // namespace imdswatch
