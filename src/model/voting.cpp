#include "fading.hpp"
#include "impl.hpp"

namespace imdswatch {

/// Moves the host with its votes to the group; nothing to do if it is there.
void Model::Impl::join(HostTable::Host& host, std::uint32_t group, std::int32_t day) {
  if (host.group == group) return;
  const auto each_name = [&](std::uint32_t id, auto&& change) {
    for (const HostTable::Entry& entry : host.names) change(edit_group(id), entry.name);
  };
  if (host.group != no_id) {
    --groups[host.group].hosts;
    each_name(host.group, [&](VoteList& votes, std::uint32_t name) { votes.withdraw(name, 1.0, day, fading); });
  }
  host.group = group;
  if (group == no_id) return;
  ++groups[group].hosts;
  each_name(group, [&](VoteList& votes, std::uint32_t name) {
    const Votes* known = fleet.find(name);
    votes.vote(name, known ? known->since : EventTime::max(), day, fading);
  });
}

/// A vote fades while its host is silent, and is worth 1 again on the day on which it calls.
void Model::Impl::top_up(const HostTable::Host& host, std::int32_t day) {
  const double missing = 1.0 - fading.vote_weight(std::int64_t{day} - host.vote_day);
  History history;
  for (const HostTable::Entry& entry : host.names) {
    fleet.top_up(entry.name, missing, day, fading);
    if (host.group != no_id) edit_group(host.group).top_up(entry.name, missing, day, fading);
    hosts.load(entry, history);
    for (const KnownPart& part : history.parts) edit_values_of(entry.name, part.kind).top_up(part.id, missing, day, fading);
  }
}

void Model::Impl::vote(const HostTable::Host& host, std::uint32_t name, EventTime first, std::int32_t day) {
  fleet.vote(name, first, day, fading);
  if (host.group != no_id) edit_group(host.group).vote(name, first, day, fading);
}

}  // namespace imdswatch
