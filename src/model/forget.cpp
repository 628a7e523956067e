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
  std::vector<std::pair<std::string, std::uint32_t>> concerned;
  hosts.each([&](const HostTable::Host& host) {
    if (std::ranges::any_of(host.names, has_old)) concerned.emplace_back(host.id, host.number);
  });
  std::ranges::sort(concerned);  // votes are sums: their order must not come from a hash table
  for (const auto& [id, number] : concerned) forget_of(hosts[number], run_time);
}

void Model::Impl::forget_of(HostTable::Host& host, EventTime run_time) {
  const std::int32_t day = day_of(run_time);
  const double weight = fading.vote_weight(std::int64_t{day} - host.vote_day);
  const std::int64_t too_old = horizon(run_time, policy);
  const std::vector<HostTable::Entry> entries = host.names;
  History history;
  for (const HostTable::Entry& entry : entries) {
    hosts.load(entry, history);
    const bool all = gone(history.seen, too_old);
    const std::size_t before = history.parts.size() + history.signatures.size();
    std::erase_if(history.parts, [&](const KnownPart& part) {
      if (!all && !gone(part.seen, too_old)) return false;
      edit_values_of(entry.name, part.kind).withdraw(part.id, weight, day, fading);
      return true;
    });
    std::erase_if(history.signatures, [&](const KnownSignature& known) { return all || gone(known.seen, too_old); });
    if (history.parts.size() + history.signatures.size() == before) continue;
    if (all) {
      withdraw(host, entry.name, weight, day);
      changed.gone_names.emplace_back(host.id, entry.name);
    }
    hosts.store(host, entry.name, history);
    list(host);
  }
  if (!host.names.empty()) return;
  if (host.group != no_id) --groups[host.group].hosts;
  changed.gone_hosts.push_back(host.id);
  hosts.erase(host);
}

void Model::Impl::withdraw(const HostTable::Host& host, std::uint32_t name, double weight, std::int32_t day) {
  fleet.withdraw(name, weight, day, fading);
  if (host.group != no_id) edit_group(host.group).withdraw(name, weight, day, fading);
}

}  // namespace imdswatch
