#include <algorithm>

#include "fading.hpp"
#include "impl.hpp"

namespace imdswatch {
namespace {

constexpr std::int64_t minutes_a_day = 24 * 60;

/// The last minute that is too long ago by now.
std::int64_t horizon(EventTime run_time, const ModelPolicy& policy) {
  return static_cast<std::int64_t>(minute_of(run_time)) - policy.forget_days * minutes_a_day;
}

bool gone(const Seen& seen, std::int64_t horizon) { return seen.last_minute < horizon; }

}  // namespace

/// Once a day, at the first run of it: what no run has learned for so long is dropped, and its votes are withdrawn.
void Model::Impl::forget(EventTime run_time) {
  const std::int32_t day = day_of(run_time);
  if (day <= learning.swept_day) return;
  learning.swept_day = day;
  changed.learning = true;
  const std::int64_t too_old = horizon(run_time, policy);
  const auto has_old = [&](const HostTable::Entry& entry) {
    if (entry.detail == no_id) return gone(entry.seen, too_old);
    const History& history = hosts.detail(entry);
    const auto old = [&](const auto& row) { return gone(row.seen, too_old); };
    return gone(history.seen, too_old) || std::ranges::any_of(history.parts, old) || std::ranges::any_of(history.signatures, old);
  };
  std::vector<std::string> concerned;
  for (const auto& [name, host] : hosts.all()) {
    if (std::ranges::any_of(host.names, has_old)) concerned.push_back(name);
  }
  std::ranges::sort(concerned);  // votes are sums: their order must not come from a hash table
  for (const std::string& host : concerned) forget_of(host, run_time);
}

void Model::Impl::forget_of(const std::string& name, EventTime run_time) {
  HostTable::Host& host = hosts.find(name)->second;
  const std::int32_t day = day_of(run_time);
  const double weight = vote_weight(std::int64_t{day} - host.vote_day, policy);
  const std::int64_t too_old = horizon(run_time, policy);
  const std::vector<HostTable::Entry> entries = host.names;
  History history;
  for (const HostTable::Entry& entry : entries) {
    hosts.load(entry, history);
    const bool all = gone(history.seen, too_old);
    const std::size_t before = history.parts.size() + history.signatures.size();
    std::erase_if(history.parts, [&](const KnownPart& part) {
      if (!all && !gone(part.seen, too_old)) return false;
      values_of(entry.name, part.kind).withdraw(part.id, weight, day, policy);
      changed.fleet_parts.insert({entry.name, part.kind, part.id});
      return true;
    });
    std::erase_if(history.signatures, [&](const KnownSignature& known) { return all || gone(known.seen, too_old); });
    if (history.parts.size() + history.signatures.size() == before) continue;
    changed.host_names.emplace_back(name, entry.name);
    if (all) withdraw(host, entry.name, weight, day);
    hosts.store(host, entry.name, history);
  }
  if (!host.names.empty()) return;
  if (host.group != no_id) --groups[host.group].hosts;
  changed.hosts.push_back(name);
  hosts.erase(name);
}

void Model::Impl::withdraw(const HostTable::Host& host, std::uint32_t name, double weight, std::int32_t day) {
  fleet.withdraw(name, weight, day, policy);
  changed.fleet_names.insert(name);
  if (host.group == no_id) return;
  groups[host.group].votes.withdraw(name, weight, day, policy);
  changed.peer_names.emplace(host.group, name);
}

}  // namespace imdswatch
