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

/// n and Σδ of one kind of part under a name on a host, and c of a value.
Level level_on_host(std::span<const KnownPart> parts, PartKind kind, std::uint32_t id, std::int32_t minute, const Fading& fading) {
  Level out;
  for (const KnownPart& part : parts) {
    if (part.kind != kind) continue;
    const auto count = static_cast<double>(fading.faded(part.seen, minute));
    if (part.id == id) out.count = count;
    out.total += count;
    out.discounts += std::min(fading.policy().discount, count);
  }
  return out;
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
    const auto sum = [&](auto counts) {
      for (std::size_t i = 0; i < host.names.size(); ++i) {
        counts[static_cast<Eigen::Index>(i)] = static_cast<double>(fading.faded(host.names[i].seen, minute));
      }
      host_sums = {.host = &host, .minute = minute, .total = counts.sum(), .discounts = counts.min(policy.discount).sum()};
    };
    constexpr int most = 32;  // that hardly any host has; so a run's every host takes no memory
    const auto names_here = static_cast<Eigen::Index>(host.names.size());
    if (names_here > most) {
      sum(Eigen::ArrayXd(names_here));
    } else {
      sum(Eigen::Array<double, Eigen::Dynamic, 1, Eigen::ColMajor, most, 1>(names_here));
    }
  }
  return level_of(entry ? fading.faded(entry->seen, minute) : 0.0F, host_sums.total, host_sums.discounts);
}

SignatureCounts Model::counts(const HostId& host_id, std::string_view peer_value, const Signature& signature, EventTime run_time) const {
  SignatureCounts out;
  counts(host_id, peer_value, signature, run_time, out);
  return out;
}

void Model::counts(const HostId& host_id, std::string_view peer_value, const Signature& signature, EventTime run_time,
                   SignatureCounts& out) const {
  const Impl& m = *impl_;
  const std::int32_t minute = minute_of(run_time);
  const Impl::KnownIds& ids = m.ids_of(signature);
  Impl::Asked asked{.minute = minute, .day = day_of(run_time), .name = ids.name};
  asked.host = m.hosts.find(host_id.value());
  if (asked.host) asked.entry = m.hosts.find_name(*asked.host, asked.name);
  asked.group = asked.host ? asked.host->group : m.group_names.find(peer_group(host_id, peer_value, m.policy));
  asked.fleet_hosts = others(static_cast<std::uint32_t>(m.hosts.size()), asked.host != nullptr);

  out.host_known = asked.host != nullptr;
  out.host_windows = asked.host ? static_cast<double>(m.fading.faded(asked.host->windows, minute)) : 0;
  out.host_buckets = asked.host ? asked.host->buckets : 0;
  out.host_age_days = asked.host ? (static_cast<double>(minute) - static_cast<double>(asked.host->first_minute)) / minutes_a_day : 0;
  m.count_name(asked, out);
  std::array<KnownPart, part_kinds> of_plain;
  std::span<const KnownPart> on_host;
  if (asked.entry) on_host = m.hosts.parts(*asked.entry, of_plain);
  for (const PartKind kind : {PartKind::folder, PartKind::user, PartKind::signer}) {
    m.count_part(asked, knows(signature, kind), kind, ids.parts.id(kind), on_host, out.parts[static_cast<std::size_t>(kind)]);
  }
}

void Model::Impl::count_name(const Asked& asked, SignatureCounts& out) const {
  out.name = {};
  out.peer_group.clear();
  if (asked.host) out.name.host = host_level(*asked.host, asked.entry, asked.minute);
  const Votes* const votes = fleet.find(asked.name);
  out.name.fleet = fleet.level(votes, asked.day, fading);
  out.name.in_fleet.of = asked.fleet_hosts;
  if (votes) {
    out.name.in_fleet.with = others(votes->hosts, asked.entry != nullptr);
    out.name.since = votes->since;
  }
  if (asked.group == no_id) return;
  const Group& peers = groups[asked.group];
  if (peers.hosts < static_cast<std::uint32_t>(std::max(1, policy.peers_min_hosts))) return;
  out.peer_group = group_names.text(asked.group);
  out.name.has_peers = true;
  const Votes* const of_peers = peers.votes.find(asked.name);
  out.name.peers = peers.votes.level(of_peers, asked.day, fading);
  out.name.among_peers.of = others(peers.hosts, asked.host != nullptr);
  if (of_peers) out.name.among_peers.with = others(of_peers->hosts, asked.entry != nullptr);
}

void Model::Impl::count_part(const Asked& asked, bool known, PartKind kind, std::uint32_t id, std::span<const KnownPart> on_host,
                             PartCounts& out) const {
  out.known = known;
  out.host = level_on_host(on_host, kind, id, asked.minute, fading);
  out.fleet = {};
  out.in_fleet = {.with = 0, .of = asked.fleet_hosts};
  out.since.reset();
  out.spread = {};
  out.own.clear();
  if (asked.name == no_id) return;
  const VoteList& in_fleet = values_of(asked.name, kind);
  const Votes* const votes = in_fleet.find(id);
  out.fleet = in_fleet.level(votes, asked.day, fading);
  if (votes) {
    const bool self = std::ranges::any_of(on_host, [&](const KnownPart& part) { return part.kind == kind && part.id == id; });
    out.in_fleet.with = others(votes->hosts, self);
    out.since = votes->since;
  }
  if (out.known) return;
  out.spread = in_fleet.spread(asked.day, part_floor(kind, policy), fading);
  for (const KnownPart& own : on_host) {
    if (own.kind != kind) continue;
    out.own.push_back({level_of(fading.faded(own.seen, asked.minute), out.host.total, out.host.discounts),
                       in_fleet.level(in_fleet.find(own.id), asked.day, fading)});
  }
}

}  // namespace imdswatch
