#include <algorithm>
#include <array>

#include "fading.hpp"
#include "imdswatch/base/check.hpp"
#include "imdswatch/base/limits.hpp"
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
void grow(Seen& seen, const Increment& by, std::int32_t minute, const Fading& fading) {
  const float before = fading.faded(seen, minute);
  float count = before + by.weight;
  if (by.learned) {
    count = std::max(count, 1.0F);
  } else if (before < 1.0F) {
    const auto guard = static_cast<float>(fading.policy().guard_weight);
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

/// What one bucket adds to the rows of one name on one host.
struct BucketOfName {
  struct Part {
    PartKind kind{};
    std::uint32_t id = no_id;
    EventTime first;
    Increment by;
  };
  History& history;
  Dictionary& values;
  const ModelPolicy& policy;
  std::int32_t day;
  bool in_learning;
  Increment name;
  EventTime first = EventTime::max();
  std::vector<Part> parts;
  std::vector<std::pair<SignatureParts, Increment>> signatures;  // each once, though a call may be told with and without a part
  std::span<const LeavingLook> all;
  std::uint64_t made_room = 0, refused = 0;
  bool full = false;  ///< all that the history holds was told in this bucket

  BucketOfName(History& the_history, Dictionary& the_values, const ModelPolicy& the_policy, std::int32_t the_day, bool learning,
               std::span<const LeavingLook> of_name)
      : history(the_history), values(the_values), policy(the_policy), day(the_day), in_learning(learning), all(of_name) {}

  void add(const LeavingLook& leaving) {
    SignatureParts asked;
    const bool may_be_known = look_up(*leaving.signature, values, asked) && history.resolve(asked);
    if (!may_be_known && !make_room()) {
      ++refused;
      return;
    }
    asked = intern(*leaving.signature, values);
    const Increment by = count_signature(asked, leaving.finding);
    name.add(by);
    first = std::min(first, leaving.first);
    for (const PartKind kind : {PartKind::folder, PartKind::user, PartKind::signer}) {
      if (asked.id(kind) != no_id) count_part(kind, asked.id(kind), leaving.first, by);
    }
  }

 private:
  /// Whether there is a place for a new signature: else of those that this bucket does not tell, the guarded ones first, the one
  /// seen longest ago goes.
  bool make_room() {
    while (history.signatures.size() >= limits::max_signatures_per_name) {
      KnownSignature* oldest = nullptr;
      const auto age = [](const KnownSignature& known) { return std::pair(known.learned, known.seen.last_minute); };
      for (KnownSignature& known : history.signatures) {
        if (!full && !told(known.parts) && (!oldest || age(known) < age(*oldest))) oldest = &known;
      }
      full = !oldest;
      if (full) return false;
      history.signatures.erase(history.signatures.begin() + (oldest - history.signatures.data()));
      ++made_room;
    }
    return true;
  }

  [[nodiscard]] bool told(const SignatureParts& held) const {
    return std::ranges::any_of(all, [&](const LeavingLook& one) {
      SignatureParts asked;
      return look_up(*one.signature, values, asked) && held.has(asked);
    }) || std::ranges::any_of(signatures, [&](const auto& counted) { return counted.first == held; });
  }

  Increment count_signature(const SignatureParts& asked, bool finding) {
    KnownSignature* known = history.resolve(asked);
    if (!known) {
      known = &history.insert(asked, values);
      known->learned = in_learning || !finding;
    }
    const auto already = std::ranges::find(signatures, known->parts, &std::pair<SignatureParts, Increment>::first);
    if (already != signatures.end()) return already->second;
    return signatures.emplace_back(known->parts, progress(*known, day, policy)).second;
  }

  void count_part(PartKind kind, std::uint32_t id, EventTime seen_first, const Increment& by) {
    const auto at = std::ranges::find_if(parts, [&](const Part& part) { return part.kind == kind && part.id == id; });
    if (at == parts.end()) {
      parts.push_back({kind, id, seen_first, by});
      return;
    }
    at->by.add(by);
    at->first = std::min(at->first, seen_first);
  }
};

std::string_view last_peer_value(std::span<const LeavingLook> of_host) {
  std::string_view out;
  for (const LeavingLook& leaving : of_host) {
    if (!leaving.peer_value->empty()) out = *leaving.peer_value;
  }
  return out;
}

/// The longest run of elements from the front that are alike.
template <class Same>
std::span<const LeavingLook> front_alike(std::span<const LeavingLook> leaving, Same&& same) {
  std::size_t size = 1;
  while (size < leaving.size() && same(leaving[size], leaving.front())) ++size;
  return leaving.first(size);
}

}  // namespace

void Model::learn(const Run& run, std::span<const Leaving> leaving, bool learning) {
  std::vector<LeavingLook> looks;
  looks.reserve(leaving.size());
  for (const Leaving& one : leaving) looks.push_back({&one.host, &one.signature, &one.peer_value, one.finding, one.first, one.last});
  learn(run, std::span<const LeavingLook>(looks), learning);
}

void Model::learn(const Run& run, std::span<const LeavingLook> leaving, bool learning) {
  Impl& m = *impl_;
  m.host_sums = {};
  m.forget(run.time);
  for (std::size_t done = 0, expected = 0; !leaving.empty();) {
    if (done >= expected) {
      const auto next = leaving.first(std::min(prefetch_block, leaving.size()));
      std::array<const HostId*, prefetch_block> ids{};
      std::ranges::transform(next, ids.begin(), &LeavingLook::host);
      expect(std::span(ids).first(next.size()));
      expected += next.size();
    }
    auto of_host = front_alike(leaving, [](const LeavingLook& a, const LeavingLook& b) { return a.host == b.host || *a.host == *b.host; });
    leaving = leaving.subspan(of_host.size());
    done += of_host.size();
    HostTable::Host& host = m.open_host(of_host.front(), last_peer_value(of_host), run.time);
    while (!of_host.empty()) {
      const auto of_name =
          front_alike(of_host, [](const LeavingLook& a, const LeavingLook& b) { return a.signature->name == b.signature->name; });
      of_host = of_host.subspan(of_name.size());
      m.learn_name(host, of_name, run.time, learning);
    }
  }
}

/// The host as of this run: counted once more, its votes worth 1 again.
HostTable::Host& Model::Impl::open_host(const LeavingLook& first, std::string_view peer_value, EventTime run_time) {
  const std::int32_t minute = minute_of(run_time), day = day_of(run_time);
  HostTable::Host& host = hosts.find_or_make(first.host->value());
  if (!host.has_header) {
    host.has_header = true;
    host.first_minute = minute;
    host.vote_day = day;
    join(host, group_id(peer_group(*first.host, peer_value, policy)), day);
  }
  if (day > host.vote_day) {
    top_up(host, day);
    host.vote_day = day;
  }
  if (!peer_value.empty()) join(host, group_id(peer_group(*first.host, peer_value, policy)), day);
  grow(host.windows, {.weight = 1, .learned = true}, minute, fading);
  ++host.buckets;
  host.changed = true;
  list(host);
  return host;
}

/// A name that is new to the host, with one signature that needs no guard: a plain history from the first.
void Model::Impl::learn_first(HostTable::Host& host, const LeavingLook& leaving, EventTime run_time) {
  const std::int32_t day = day_of(run_time);
  KnownIds known = ids_of(*leaving.signature);
  if (known.name == no_id || !known.all) known = {name_id(leaving.signature->name), intern(*leaving.signature, values), true};
  Seen seen;
  grow(seen, {.weight = 1, .learned = true}, minute_of(run_time), fading);
  vote(host, known.name, leaving.first, day);
  for (const PartKind kind : {PartKind::folder, PartKind::user, PartKind::signer}) {
    const std::uint32_t id = known.parts.id(kind);
    if (id != no_id) edit_values_of(known.name, kind).vote(id, leaving.first, day, fading);
  }
  hosts.store_plain(host, known.name, known.parts, seen);
}

/// Signatures of one host under one name, in one bucket.
void Model::Impl::learn_name(HostTable::Host& host, std::span<const LeavingLook> leaving, EventTime run_time, bool in_learning) {
  const std::int32_t minute = minute_of(run_time), day = day_of(run_time);
  const KnownIds& known = ids_of(*leaving.front().signature);
  HostTable::Entry* const entry = hosts.find_name(host, known.name);
  if (entry && entry->detail == no_id && leaving.size() == 1 && known.all && known.parts == entry->parts()) {
    grow(entry->seen, {.weight = 1, .learned = true}, minute, fading);  // the usual case: its parts and itself as the name
    entry->changed = true;
    return;
  }
  if (!entry && !make_room_for_name(host, run_time)) {
    ++not_learned;
    return;
  }
  if (!entry && leaving.size() == 1 && (in_learning || !leaving.front().finding)) return learn_first(host, leaving.front(), run_time);
  const std::uint32_t name = name_id(leaving.front().signature->name);
  History history;
  if (entry) hosts.load(*entry, history);

  BucketOfName bucket(history, values, policy, day, in_learning, leaving);
  for (const LeavingLook& one : leaving) {
    if (one.signature->complete()) bucket.add(one);
  }
  for (const LeavingLook& one : leaving) {
    if (!one.signature->complete()) bucket.add(one);  // it may count to one that was learned just now
  }

  for (const auto& [parts, by] : bucket.signatures) grow(history.exact(parts)->seen, by, minute, fading);
  grow(history.seen, bucket.name, minute, fading);
  if (!entry) vote(host, name, bucket.first, day);
  for (const BucketOfName::Part& part : bucket.parts) {
    if (!history.find(part.kind, part.id)) {
      edit_values_of(name, part.kind).vote(part.id, part.first, day, fading);
    }
    grow(history.part(part.kind, part.id, values).seen, part.by, minute, fading);
  }
  if (bucket.made_room > 0) drop_unused_parts(name, history, day);
  made_room += bucket.made_room;
  not_learned += bucket.refused;
  hosts.store(host, name, history);
}

}  // namespace imdswatch
