#include <algorithm>
#include <chrono>

#include "fading.hpp"
#include "imdswatch/base/limits.hpp"
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
  if (forgot) drop_unused_texts();
}

std::optional<EventTime> Model::may_forget_on(EventTime run_time) const {
  const Impl& m = *impl_;
  std::optional<std::int32_t> oldest;
  const auto look = [&](const Seen& seen) { oldest = std::min(oldest.value_or(seen.last_minute), seen.last_minute); };
  m.hosts.each([&](const HostTable::Host& host) {
    for (const HostTable::Entry& entry : host.names) {
      look(entry.seen);
      if (entry.detail == no_id) continue;
      for (const KnownPart& part : m.hosts.detail(entry).parts) look(part.seen);
      for (const KnownSignature& known : m.hosts.detail(entry).signatures) look(known.seen);
    }
  });
  if (!oldest) return std::nullopt;
  const std::int64_t day = std::int64_t{day_of(EventTime{std::chrono::minutes{*oldest}})} + m.policy.forget_days;
  return EventTime{std::chrono::days{std::max<std::int64_t>(day, day_of(run_time) + 1)}};
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
    forgot = true;
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

bool Model::Impl::make_room_for_name(HostTable::Host& host, EventTime run_time) {
  const std::int32_t minute = minute_of(run_time), day = day_of(run_time);
  const auto learned = [&](const HostTable::Entry& entry) {
    return entry.detail == no_id || std::ranges::any_of(hosts.detail(entry).signatures, &KnownSignature::learned);
  };
  while (host.names.size() >= limits::max_names_per_host) {
    const HostTable::Entry* oldest = nullptr;  // of equal age, the first by text
    const auto age = [&](const HostTable::Entry& entry) { return std::pair(learned(entry), entry.seen.last_minute); };
    for (const HostTable::Entry& entry : host.names) {
      if (entry.seen.last_minute < minute && (!oldest || age(entry) < age(*oldest))) oldest = &entry;
    }
    if (!oldest) return false;
    forget_name(host, *oldest, day);
    ++made_room;
  }
  return true;
}

/// Of a host that calls in this very run: its votes are worth 1.
void Model::Impl::forget_name(HostTable::Host& host, const HostTable::Entry& entry, std::int32_t day) {
  History history;
  hosts.load(entry, history);
  for (const KnownPart& part : history.parts) edit_values_of(entry.name, part.kind).withdraw(part.id, 1.0, day, fading);
  withdraw(host, entry.name, 1.0, day);
  changed.gone_names.emplace_back(host.id, entry.name);
  hosts.erase_name(host, entry.name);
  forgot = true;
}

void Model::Impl::drop_unused_parts(std::uint32_t name, History& history, std::int32_t day) {
  forgot = true;
  std::erase_if(history.parts, [&](const KnownPart& part) {
    const auto has_it = [&](const KnownSignature& known) { return known.parts.id(part.kind) == part.id; };
    if (std::ranges::any_of(history.signatures, has_it)) return false;
    edit_values_of(name, part.kind).withdraw(part.id, 1.0, day, fading);
    return true;
  });
}

namespace {

class Marks {
 public:
  explicit Marks(const Dictionary& texts) : marked(texts.ids()) {}
  void operator()(std::uint32_t id) {
    if (id != no_id) marked[id] = true;
  }
  std::vector<bool> marked;
};

}  // namespace

/// Texts that no host, no list of votes and no row still to be drained holds: else who invents names without end fills the memory.
void Model::Impl::drop_unused_texts() {
  forgot = false;
  Marks of_names(names), of_values(values);
  hosts.each([&](const HostTable::Host& host) {
    for (const HostTable::Entry& entry : host.names) {
      of_names(entry.name);
      of_values(entry.folder);
      of_values(entry.signer);
      if (entry.detail == no_id) continue;
      for (const KnownPart& part : hosts.detail(entry).parts) {
        if (part.kind != PartKind::user) of_values(part.id);
      }
      for (const KnownSignature& known : hosts.detail(entry).signatures) {
        of_values(known.parts.folder);
        of_values(known.parts.signer);
      }
    }
  });
  for (const auto& [host, name] : changed.gone_names) of_names(name);
  for (const auto& [name, kind] : changed.part_lists) of_names(name);
  fleet.each_id(of_names);
  for (const Group& group : groups) group.votes.each_id(of_names);
  for (std::uint32_t name = 0; name < fleet_values.size(); ++name) {
    for (const PartKind kind : {PartKind::folder, PartKind::signer}) values_of(name, kind).each_id(of_values);
    if (!std::ranges::all_of(fleet_values[name], [](const VoteList& list) { return list.entries().empty(); })) of_names(name);
  }
  found_last = {};
  names.keep_only(of_names.marked);
  values.keep_only(of_values.marked);
}

}  // namespace imdswatch
