#include <Eigen/Core>
#include <algorithm>

#include "fading.hpp"
#include "impl.hpp"
#include "peer_group.hpp"

namespace imdswatch {
namespace {

constexpr double minutes_a_day = 24 * 60;

/// Others that know it: the host itself is left out, if it is among them.
std::uint32_t others(std::uint32_t hosts, bool self) { return hosts - (self && hosts > 0 ? 1 : 0); }

Level level_of(float count, double total, double discounts) {
  return {.count = static_cast<double>(count), .total = total, .discounts = discounts};
}

/// What a host has shown of one kind of part under a name.
struct PartsOnHost {
  std::vector<std::pair<std::uint32_t, float>> counts;
  double total = 0, discounts = 0;
  [[nodiscard]] float count(std::uint32_t id) const {
    for (const auto& [known, count] : counts) {
      if (known == id) return count;
    }
    return 0;
  }
};

PartsOnHost parts_on_host(const History& history, PartKind kind, std::int32_t minute, const ModelPolicy& policy) {
  PartsOnHost out;
  for (const KnownPart& part : history.parts) {
    if (part.kind != kind) continue;
    const float count = faded(part.seen, minute, policy);
    out.counts.emplace_back(part.id, count);
    out.total += static_cast<double>(count);
    out.discounts += std::min(policy.discount, static_cast<double>(count));
  }
  return out;
}

std::uint32_t asked_id(const Signature& signature, PartKind kind, const Dictionary& values) {
  switch (kind) {
    case PartKind::folder: return signature.folder ? values.find(*signature.folder) : no_id;
    case PartKind::user: return signature.user ? static_cast<std::uint32_t>(*signature.user) : no_id;
    case PartKind::signer: return signature.signer ? values.find(*signature.signer) : no_id;
  }
  return no_id;
}

bool knows(const Signature& signature, PartKind kind) {
  switch (kind) {
    case PartKind::folder: return signature.folder.has_value();
    case PartKind::user: return signature.user.has_value();
    case PartKind::signer: return signature.signer.has_value();
  }
  return false;
}

}  // namespace

Level Model::Impl::host_level(const HostTable::Host& host, const HostTable::Entry* entry, std::int32_t minute) const {
  if (host_sums.host != &host || host_sums.minute != minute) {
    Eigen::ArrayXd counts(static_cast<Eigen::Index>(host.names.size()));
    for (std::size_t i = 0; i < host.names.size(); ++i) {
      counts[static_cast<Eigen::Index>(i)] = static_cast<double>(faded(host.names[i].seen, minute, policy));
    }
    host_sums = {.host = &host, .minute = minute, .total = counts.sum(), .discounts = counts.min(policy.discount).sum()};
  }
  return level_of(entry ? faded(entry->seen, minute, policy) : 0.0F, host_sums.total, host_sums.discounts);
}

SignatureCounts Model::counts(const HostId& host_id, std::string_view peer_value, const Signature& signature, EventTime run_time) const {
  const Impl& m = *impl_;
  const std::int32_t minute = minute_of(run_time);
  Impl::Asked asked{.run_time = run_time, .name = m.names.find(signature.name)};
  if (const HostTable::Node* node = m.hosts.find(host_id.value())) asked.host = &node->second;
  if (asked.host) asked.entry = m.hosts.find_name(*asked.host, asked.name);
  asked.group = asked.host ? asked.host->group : m.group_names.find(peer_group(host_id, peer_value, m.policy));
  asked.fleet_hosts = others(static_cast<std::uint32_t>(m.hosts.size()), asked.host != nullptr);

  SignatureCounts out;
  if (asked.host) {
    out.host_known = true;
    out.host_windows = static_cast<double>(faded(asked.host->windows, minute, m.policy));
    out.host_buckets = asked.host->buckets;
    out.host_age_days = (static_cast<double>(minute) - static_cast<double>(asked.host->first_minute)) / minutes_a_day;
  }
  m.count_name(asked, out);
  History history;
  if (asked.entry) m.hosts.load(*asked.entry, history);
  for (const PartKind kind : {PartKind::folder, PartKind::user, PartKind::signer}) {
    out.parts[static_cast<std::size_t>(kind)] = m.count_part(asked, signature, kind, history);
  }
  return out;
}

void Model::Impl::count_name(const Asked& asked, SignatureCounts& out) const {
  const std::int32_t day = day_of(asked.run_time);
  if (asked.host) out.name.host = host_level(*asked.host, asked.entry, minute_of(asked.run_time));
  out.name.fleet = fleet.level(asked.name, day, policy);
  out.name.in_fleet.of = asked.fleet_hosts;
  if (const Votes* votes = fleet.find(asked.name)) {
    out.name.in_fleet.with = others(votes->hosts, asked.entry != nullptr);
    out.name.since = votes->since;
  }
  if (asked.group == no_id) return;
  const Group& peers = groups[asked.group];
  if (peers.hosts < static_cast<std::uint32_t>(std::max(1, policy.peers_min_hosts))) return;
  out.peer_group = group_names.text(asked.group);
  out.name.has_peers = true;
  out.name.peers = peers.votes.level(asked.name, day, policy);
  out.name.among_peers.of = others(peers.hosts, asked.host != nullptr);
  if (const Votes* votes = peers.votes.find(asked.name)) out.name.among_peers.with = others(votes->hosts, asked.entry != nullptr);
}

PartCounts Model::Impl::count_part(const Asked& asked, const Signature& signature, PartKind kind, const History& history) const {
  const std::int32_t day = day_of(asked.run_time);
  const std::uint32_t id = asked_id(signature, kind, values);
  const PartsOnHost on_host = parts_on_host(history, kind, minute_of(asked.run_time), policy);
  PartCounts out;
  out.known = knows(signature, kind);
  out.host = level_of(on_host.count(id), on_host.total, on_host.discounts);
  out.in_fleet.of = asked.fleet_hosts;
  if (asked.name == no_id) return out;
  const VoteList& in_fleet = values_of(asked.name, kind);
  out.fleet = in_fleet.level(id, day, policy);
  if (const Votes* votes = in_fleet.find(id)) {
    out.in_fleet.with = others(votes->hosts, history.find(kind, id) != nullptr);
    out.since = votes->since;
  }
  if (out.known) return out;
  out.spread = in_fleet.spread(day, part_floor(kind, policy), policy);
  for (const auto& [own, count] : on_host.counts) {
    out.own.push_back({level_of(count, on_host.total, on_host.discounts), in_fleet.level(own, day, policy)});
  }
  return out;
}

}  // namespace imdswatch
