#include "open_table.hpp"

#include <algorithm>

#include "imdswatch/base/check.hpp"
#include "imdswatch/base/hash.hpp"

namespace imdswatch {

Open* HostOpen::find(Bucket bucket, const Signature& signature) {
  for (Open& o : open) {
    if (o.bucket == bucket && o.signature() == signature) return &o;
  }
  return nullptr;
}

void in_bucket(HostOpen& host, Bucket bucket, std::vector<Open*>& out) {
  out.clear();
  for (Open& o : host.open) {
    if (o.bucket == bucket) out.push_back(&o);
  }
  std::sort(out.begin(), out.end(), [](const Open* a, const Open* b) { return a->signature() < b->signature(); });
}

std::size_t OpenTable::SignatureHash::operator()(const Signature& s) const {
  const std::hash<std::string> hash;
  std::size_t out = hash(s.name);
  if (s.folder) out = out * 31 + hash(*s.folder);
  if (s.signer) out = out * 31 + hash(*s.signer);
  return out * 31 + (s.user ? static_cast<std::size_t>(*s.user) + 1 : 0);
}

HostOpen* OpenTable::find(const HostId& host) {
  const std::uint32_t number = expected_.find(by_id_, host.value(), [&](std::uint32_t n) { return hosts_[n].id == host; });
  return number == FlatIndex::none ? nullptr : &hosts_[number];
}

HostOpen& OpenTable::host(const HostId& host) {
  if (HostOpen* const found = find(host)) return *found;
  const std::uint32_t number = hosts_.make();
  HostOpen& made = hosts_[number];
  made.id = host;
  made.number = number;
  by_id_.insert(stable_hash64(host.value()), number);
  new_hosts_.push_back(&made);
  return made;
}

Open& OpenTable::open(HostOpen& host, Bucket bucket, const Signature& signature) {
  const bool first = std::none_of(host.open.begin(), host.open.end(), [&](const Open& o) { return o.bucket == bucket; });
  if (first) {
    by_bucket_[bucket].push_back(&host);
    ++host.listed;
  }
  ++size_;
  Open& made = host.open.emplace_back();
  made.bucket = bucket;
  made.pooled = &*signatures_.try_emplace(signature, 0).first;
  ++made.pooled->second;
  return made;
}

void OpenTable::drop(HostOpen& host, Open& open) {
  if (open.stored) {
    tombstones_.push_back({open.bucket, host.id, open.pooled});
  } else {
    release(*open.pooled);
  }
  if (&open != &host.open.back()) open = std::move(host.open.back());
  host.open.pop_back();
  --size_;
}

void OpenTable::release(PooledSignature& pooled) {
  if (--pooled.second == 0) signatures_.erase(signatures_.find(pooled.first));
}

void OpenTable::fetch_ahead(std::span<HostOpen* const> left) {
  if (left.size() > 2 * prefetch_block) prefetch(left[2 * prefetch_block], sizeof(HostOpen));
  if (left.size() <= prefetch_block) return;
  const std::vector<Open>& open = left[prefetch_block]->open;
  prefetch(open.data(), open.size() * sizeof(Open));
}

void OpenTable::expect(std::span<const HostId* const> hosts) {
  expected_.expect(by_id_, hosts.size(), [&](std::size_t i) { return std::string_view(hosts[i]->value()); },
                   [&](std::uint32_t n) { prefetch(&hosts_[n], sizeof(HostOpen)); });
  expected_.each([&](std::uint32_t n) { prefetch(hosts_[n].open.data(), hosts_[n].open.size() * sizeof(Open)); });
}

void OpenTable::mark_dirty(HostOpen& host, Open& open) {
  open.dirty = true;
  if (host.dirty) return;
  host.dirty = true;
  dirty_.push_back(&host);
}

void OpenTable::list_unseen(HostOpen& host, Open& open) {
  if (open.listed) return;
  open.listed = true;
  unseen_[open.bucket].push_back(&host);
}

std::optional<OpenTable::UnseenBucket> OpenTable::take_unseen(Bucket latest) {
  if (unseen_.empty() || unseen_.begin()->first > latest) return std::nullopt;
  UnseenBucket out{unseen_.begin()->first, std::move(unseen_.begin()->second)};
  unseen_.erase(unseen_.begin());
  sort_by_id(out.hosts);
  return out;
}

std::vector<HostOpen*> OpenTable::unseen_in(Bucket bucket) const {
  const auto at = unseen_.find(bucket);
  return at == unseen_.end() ? std::vector<HostOpen*>{} : at->second;
}

std::optional<OpenTable::UnseenBucket> OpenTable::take_bucket(Bucket latest) {
  if (by_bucket_.empty() || by_bucket_.begin()->first > latest) return std::nullopt;
  UnseenBucket out{by_bucket_.begin()->first, std::move(by_bucket_.begin()->second)};
  by_bucket_.erase(by_bucket_.begin());
  for (HostOpen* host : out.hosts) --host->listed;
  sort_by_id(out.hosts);
  return out;
}

/// Each to its rank's place, then the places that are taken: it takes no comparing, and no look at a host but the one for its rank.
void OpenTable::sort_by_id(std::vector<HostOpen*>& hosts) {
  rank_new_hosts();
  by_rank_.assign(ranked_.size(), nullptr);
  for (HostOpen* host : hosts) {
    IMDS_CHECK(host->rank < ranked_.size() && ranked_[host->rank] == host);
    by_rank_[host->rank] = host;
  }
  hosts.clear();
  std::copy_if(by_rank_.begin(), by_rank_.end(), std::back_inserter(hosts), [](const HostOpen* host) { return host != nullptr; });
}

/// Hosts stay for many buckets: each is compared by its name once, then by its rank.
void OpenTable::rank_new_hosts() {
  if (new_hosts_.empty()) return;
  const auto by_id = [](const HostOpen* a, const HostOpen* b) { return a->id < b->id; };
  std::sort(new_hosts_.begin(), new_hosts_.end(), by_id);
  const auto middle = static_cast<std::ptrdiff_t>(ranked_.size());
  ranked_.insert(ranked_.end(), new_hosts_.begin(), new_hosts_.end());
  std::inplace_merge(ranked_.begin(), ranked_.begin() + middle, ranked_.end(), by_id);
  for (std::uint32_t i = 0; i < ranked_.size(); ++i) ranked_[i]->rank = i;
  new_hosts_.clear();
}

void OpenTable::forget_idle(std::vector<HostOpen*>& candidates) {
  std::erase_if(candidates, [](const HostOpen* host) { return host->listed != 0 || !host->open.empty(); });
  if (candidates.empty()) return;
  for (HostOpen* host : candidates) host->leaving = true;
  const auto leaving = [](const HostOpen* host) { return host->leaving; };
  std::erase_if(dirty_, leaving);
  std::erase_if(new_hosts_, leaving);
  std::erase_if(ranked_, leaving);
  for (std::uint32_t i = 0; i < ranked_.size(); ++i) ranked_[i]->rank = i;
  for (const HostOpen* host : candidates) {
    by_id_.erase(stable_hash64(host->id.value()), host->number);
    hosts_.give_back(host->number);
  }
  expected_.clear();
}

std::optional<Bucket> OpenTable::earliest() const {
  for (const auto& [bucket, hosts] : by_bucket_) {
    if (in_use(bucket)) return bucket;
  }
  return std::nullopt;
}

std::optional<Bucket> OpenTable::earliest_listed() const {
  std::optional<Bucket> out;
  for (const auto* lists : {&by_bucket_, &unseen_}) {
    if (!lists->empty()) out = std::min(out.value_or(lists->begin()->first), lists->begin()->first);
  }
  return out;
}

/// A bucket whose only sightings were twins that went elsewhere is listed, but empty.
bool OpenTable::in_use(Bucket bucket) const {
  const auto& hosts = by_bucket_.at(bucket);
  return std::any_of(hosts.begin(), hosts.end(), [&](const HostOpen* host) {
    return std::any_of(host->open.begin(), host->open.end(), [&](const Open& o) { return o.bucket == bucket; });
  });
}

void OpenTable::drain(const std::function<void(const WindowRow&)>& out, const OriginTable& origins) {
  WindowRow handed_out{SightingRow{}};  // one for all: what it holds takes the same memory again and again
  auto& row = std::get<SightingRow>(handed_out);
  for (const Tombstone& gone : tombstones_) {
    row.key.bucket = gone.bucket;
    row.key.host = gone.host;
    row.key.signature = gone.pooled->first;
    out(handed_out);
    release(*gone.pooled);
  }
  tombstones_.clear();
  row.value.emplace();
  in_turn(dirty_, [](std::span<HostOpen* const>) {}, [&](HostOpen* host) {
    host->dirty = false;
    row.key.host = host->id;
    for (Open& o : host->open) {
      if (!o.dirty) continue;
      o.dirty = false;
      o.stored = true;
      row.key.bucket = o.bucket;
      row.key.signature = o.signature();
      o.to_row(host->id, origins, *row.value);
      out(handed_out);
    }
  });
  dirty_.clear();
}

void OpenTable::rows(std::vector<WindowRow>& out, const OriginTable& origins) const {
  std::vector<SightingRow> all;
  for (std::uint32_t number = 0; number < hosts_.places(); ++number) {  // any order: sorted below
    const HostOpen& host = hosts_[number];
    for (const Open& o : host.open) {
      all.push_back({{o.bucket, host.id, o.signature()}, OpenSighting{}});
      o.to_row(host.id, origins, *all.back().value);
    }
  }
  std::sort(all.begin(), all.end(), [](const SightingRow& a, const SightingRow& b) { return a.key < b.key; });
  for (SightingRow& row : all) out.emplace_back(std::move(row));
}

}  // namespace imdswatch
