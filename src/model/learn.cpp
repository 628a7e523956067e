#include <algorithm>

#include "fading.hpp"
#include "imdswatch/base/check.hpp"
#include "impl.hpp"
#include "peer_group.hpp"

namespace imdswatch {
namespace {

/// What one bucket adds to a row: the most that any of its signatures gives.
struct Increment {
  float weight = 0;
  bool learned = false;  ///< one of them is learned
  void add(const Increment& other) {
    weight = std::max(weight, other.weight);
    learned = learned || other.learned;
  }
};

/// A row that carries something learned counts one at least; what is only guarded stays below one, however often it calls.
void grow(Seen& seen, const Increment& by, std::int32_t minute, const ModelPolicy& policy) {
  const float before = faded(seen, minute, policy);
  float count = before + by.weight;
  if (by.learned) {
    count = std::max(count, 1.0F);
  } else if (before < 1.0F) {
    const auto guard = static_cast<float>(policy.guard_weight);
    count = std::min(count, std::max(guard, 1.0F - guard));
  }
  seen = {.count = count, .last_minute = minute};
}

/// One more learned bucket of a signature; says what it counts.
Increment progress(KnownSignature& known, std::int32_t day, const ModelPolicy& policy) {
  if (known.learned) return {.weight = 1, .learned = true};
  const bool new_day = known.guard_days == 0 || day > known.guard_last_day;
  if (new_day && known.guard_days < UINT16_MAX) ++known.guard_days;
  if (known.guard_buckets < UINT16_MAX) ++known.guard_buckets;
  known.guard_last_day = day;
  if (known.guard_buckets >= policy.guard_buckets && known.guard_days >= policy.guard_days) {
    known.learned = true;
    known.guard_buckets = known.guard_days = 0;
    known.guard_last_day = 0;
  }
  return {.weight = static_cast<float>(policy.guard_weight), .learned = known.learned};
}

std::string_view last_peer_value(std::span<const Leaving> of_host) {
  std::string_view out;
  for (const Leaving& leaving : of_host) {
    if (!leaving.peer_value.empty()) out = leaving.peer_value;
  }
  return out;
}

/// The longest run of elements from the front that are alike.
template <class Same>
std::span<const Leaving> front_alike(std::span<const Leaving> leaving, Same&& same) {
  std::size_t size = 1;
  while (size < leaving.size() && same(leaving[size], leaving.front())) ++size;
  return leaving.first(size);
}

}  // namespace

void Model::learn(const Run& run, std::span<const Leaving> leaving, bool learning) {
  Impl& m = *impl_;
  m.host_sums = {};
  m.forget(run.time);
  while (!leaving.empty()) {
    auto of_host = front_alike(leaving, [](const Leaving& a, const Leaving& b) { return a.host == b.host; });
    leaving = leaving.subspan(of_host.size());
    HostTable::Node& node = m.open_host(of_host.front(), last_peer_value(of_host), run.time);
    while (!of_host.empty()) {
      const auto of_name =
          front_alike(of_host, [](const Leaving& a, const Leaving& b) { return a.signature.name == b.signature.name; });
      of_host = of_host.subspan(of_name.size());
      m.learn_name(node, of_name, run.time, learning);
    }
  }
}

/// The host as of this run: counted once more, its votes worth 1 again.
HostTable::Node& Model::Impl::open_host(const Leaving& first, std::string_view peer_value, EventTime run_time) {
  const std::int32_t minute = minute_of(run_time), day = day_of(run_time);
  HostTable::Node& node = hosts.find_or_make(first.host.value());
  HostTable::Host& host = node.second;
  if (!host.has_header) {
    host.has_header = true;
    host.first_minute = minute;
    host.vote_day = day;
    join(node, group_id(peer_group(first.host, peer_value, policy)), day);
  }
  if (day > host.vote_day) {
    top_up(host, day);
    host.vote_day = day;
  }
  if (!peer_value.empty()) join(node, group_id(peer_group(first.host, peer_value, policy)), day);
  grow(host.windows, {.weight = 1, .learned = true}, minute, policy);
  ++host.buckets;
  changed.hosts.push_back(node.first);
  return node;
}

/// Moves the host with its votes to the group; nothing to do if it is there.
void Model::Impl::join(HostTable::Node& node, std::uint32_t group, std::int32_t day) {
  HostTable::Host& host = node.second;
  if (host.group == group) return;
  const auto each_name = [&](std::uint32_t id, auto&& change) {
    for (const HostTable::Entry& entry : host.names) {
      change(groups[id].votes, entry.name);
      changed.peer_names.emplace(id, entry.name);
    }
  };
  if (host.group != no_id) {
    --groups[host.group].hosts;
    each_name(host.group, [&](VoteList& votes, std::uint32_t name) { votes.withdraw(name, 1.0, day, policy); });
  }
  host.group = group;
  if (group == no_id) return;
  ++groups[group].hosts;
  each_name(group, [&](VoteList& votes, std::uint32_t name) {
    const Votes* known = fleet.find(name);
    votes.vote(name, known ? known->since : EventTime::max(), day, policy);
  });
}

/// A vote fades while its host is silent, and is worth 1 again on the day on which it calls.
void Model::Impl::top_up(const HostTable::Host& host, std::int32_t day) {
  const double missing = 1.0 - vote_weight(day - host.vote_day, policy);
  History history;
  for (const HostTable::Entry& entry : host.names) {
    fleet.top_up(entry.name, missing, day, policy);
    changed.fleet_names.insert(entry.name);
    if (host.group != no_id) {
      groups[host.group].votes.top_up(entry.name, missing, day, policy);
      changed.peer_names.emplace(host.group, entry.name);
    }
    hosts.load(entry, history);
    for (const KnownPart& part : history.parts) values_of(entry.name, part.kind).top_up(part.id, missing, day, policy);
  }
}

void Model::Impl::vote(const HostTable::Host& host, std::uint32_t name, EventTime first, std::int32_t day) {
  fleet.vote(name, first, day, policy);
  changed.fleet_names.insert(name);
  if (host.group == no_id) return;
  groups[host.group].votes.vote(name, first, day, policy);
  changed.peer_names.emplace(host.group, name);
}

/// Signatures of one host under one name, in one bucket.
void Model::Impl::learn_name(HostTable::Node& node, std::span<const Leaving> leaving, EventTime run_time, bool in_learning) {
  HostTable::Host& host = node.second;
  const std::int32_t minute = minute_of(run_time), day = day_of(run_time);
  const std::uint32_t name = name_id(leaving.front().signature.name);
  History history;
  const HostTable::Entry* entry = hosts.find_name(host, name);
  if (entry) hosts.load(*entry, history);
  EventTime first = leaving.front().first;

  struct Touched {
    PartKind kind;
    std::uint32_t id;
    EventTime first;
    Increment by;
  };
  std::vector<Touched> touched;
  Increment of_name;
  std::vector<std::pair<SignatureParts, Increment>> of_signatures;  // a signature may be told twice: with and without a part
  for (const Leaving& one : leaving) {
    const SignatureParts asked = intern(one.signature, values);
    KnownSignature* known = history.resolve(asked);
    if (!known) {
      known = &history.insert(asked, values);
      known->learned = in_learning || !one.finding;
    }
    auto already = std::ranges::find(of_signatures, known->parts, &std::pair<SignatureParts, Increment>::first);
    if (already == of_signatures.end()) {
      of_signatures.emplace_back(known->parts, progress(*known, day, policy));
      already = of_signatures.end() - 1;
    }
    const Increment by = already->second;
    of_name.add(by);
    first = std::min(first, one.first);
    for (const PartKind kind : {PartKind::folder, PartKind::user, PartKind::signer}) {
      if (asked.id(kind) == no_id) continue;
      const auto at = std::ranges::find_if(touched, [&](const Touched& t) { return t.kind == kind && t.id == asked.id(kind); });
      if (at == touched.end()) {
        touched.push_back({kind, asked.id(kind), one.first, by});
      } else {
        at->by.add(by);
        at->first = std::min(at->first, one.first);
      }
    }
  }

  for (const auto& [parts, by] : of_signatures) grow(history.resolve(parts)->seen, by, minute, policy);
  grow(history.seen, of_name, minute, policy);
  if (!entry) vote(host, name, first, day);
  for (const Touched& t : touched) {
    if (!history.find(t.kind, t.id)) {
      values_of(name, t.kind).vote(t.id, t.first, day, policy);
      changed.fleet_names.insert(name);
    }
    grow(history.part(t.kind, t.id, values).seen, t.by, minute, policy);
  }
  hosts.store(host, name, history);
  changed.host_names.emplace_back(node.first, name);
}

}  // namespace imdswatch
