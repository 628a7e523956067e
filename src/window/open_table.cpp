#include "open_table.hpp"

#include <algorithm>

#include "imdswatch/base/check.hpp"

namespace imdswatch {

Open* HostOpen::find(Bucket bucket, const Signature& signature) {
  for (Open& o : open) {
    if (o.bucket == bucket && *o.signature == signature) return &o;
  }
  return nullptr;
}

std::vector<Open*> in_bucket(HostOpen& host, Bucket bucket) {
  std::vector<Open*> out;
  for (Open& o : host.open) {
    if (o.bucket == bucket) out.push_back(&o);
  }
  std::sort(out.begin(), out.end(), [](const Open* a, const Open* b) { return *a->signature < *b->signature; });
  return out;
}

std::size_t OpenTable::SignatureHash::operator()(const Signature& s) const {
  const std::hash<std::string> hash;
  std::size_t out = hash(s.name);
  if (s.folder) out = out * 31 + hash(*s.folder);
  if (s.signer) out = out * 31 + hash(*s.signer);
  return out * 31 + (s.user ? static_cast<std::size_t>(*s.user) + 1 : 0);
}

HostOpen* OpenTable::find(const HostId& host) {
  const auto at = hosts_.find(host);
  return at == hosts_.end() ? nullptr : &at->second;
}

HostOpen& OpenTable::host(const HostId& host) {
  const auto [at, made] = hosts_.try_emplace(host);
  if (made) {
    at->second.id = &at->first;
    new_hosts_.push_back(&at->second);
  }
  return at->second;
}

Open& OpenTable::open(HostOpen& host, Bucket bucket, const Signature& signature) {
  const bool first = std::none_of(host.open.begin(), host.open.end(), [&](const Open& o) { return o.bucket == bucket; });
  if (first) {
    by_bucket_[bucket].push_back(&host);
    ++host.listed;
  }
  const auto pooled = signatures_.try_emplace(signature, 0).first;
  ++pooled->second;
  ++size_;
  Open& made = host.open.emplace_back();
  made.bucket = bucket;
  made.signature = &pooled->first;
  return made;
}

void OpenTable::drop(HostOpen& host, Open& open) {
  if (open.stored) tombstones_.push_back({open.bucket, *host.id, *open.signature});
  const auto pooled = signatures_.find(*open.signature);
  IMDS_CHECK(pooled != signatures_.end());
  if (--pooled->second == 0) signatures_.erase(pooled);
  if (&open != &host.open.back()) open = std::move(host.open.back());
  host.open.pop_back();
  --size_;
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

void OpenTable::sort_by_id(std::vector<HostOpen*>& hosts) {
  rank_new_hosts();
  std::sort(hosts.begin(), hosts.end(), [](const HostOpen* a, const HostOpen* b) { return a->rank < b->rank; });
  hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
}

/// Hosts stay for many buckets: each is compared by its name once, then by its rank.
void OpenTable::rank_new_hosts() {
  if (new_hosts_.empty()) return;
  const auto by_id = [](const HostOpen* a, const HostOpen* b) { return *a->id < *b->id; };
  std::sort(new_hosts_.begin(), new_hosts_.end(), by_id);
  const auto middle = static_cast<std::ptrdiff_t>(ranked_.size());
  ranked_.insert(ranked_.end(), new_hosts_.begin(), new_hosts_.end());
  std::inplace_merge(ranked_.begin(), ranked_.begin() + middle, ranked_.end(), by_id);
  for (std::size_t i = 0; i < ranked_.size(); ++i) ranked_[i]->rank = i;
  new_hosts_.clear();
}

void OpenTable::forget_idle(std::vector<HostOpen*>& candidates) {
  const auto idle = [](const HostOpen* host) { return host->listed == 0 && host->open.empty(); };
  std::erase_if(candidates, [&](const HostOpen* host) { return !idle(host); });
  if (candidates.empty()) return;
  std::erase_if(dirty_, idle);
  std::erase_if(new_hosts_, idle);
  std::erase_if(ranked_, idle);
  for (const HostOpen* host : candidates) {
    const auto at = hosts_.find(*host->id);
    IMDS_CHECK(at != hosts_.end());
    hosts_.erase(at);
  }
}

std::optional<Bucket> OpenTable::earliest() const {
  for (const auto& [bucket, hosts] : by_bucket_) {
    if (in_use(bucket)) return bucket;
  }
  return std::nullopt;
}

/// A bucket whose only sightings were twins that went elsewhere is listed, but empty.
bool OpenTable::in_use(Bucket bucket) const {
  const auto& hosts = by_bucket_.at(bucket);
  return std::any_of(hosts.begin(), hosts.end(), [&](const HostOpen* host) {
    return std::any_of(host->open.begin(), host->open.end(), [&](const Open& o) { return o.bucket == bucket; });
  });
}

void OpenTable::drain(std::vector<WindowRow>& out, const OriginTable& origins) {
  for (SightingKey& key : tombstones_) out.emplace_back(SightingRow{std::move(key), std::nullopt});
  tombstones_.clear();
  for (HostOpen* host : dirty_) {
    host->dirty = false;
    for (Open& o : host->open) {
      if (!o.dirty) continue;
      o.dirty = false;
      o.stored = true;
      out.emplace_back(SightingRow{{o.bucket, *host->id, *o.signature}, o.to_row(*host->id, origins)});
    }
  }
  dirty_.clear();
}

void OpenTable::rows(std::vector<WindowRow>& out, const OriginTable& origins) const {
  std::vector<SightingRow> all;
  for (const auto& [id, host] : hosts_) {  // any order: sorted below
    for (const Open& o : host.open) all.push_back({{o.bucket, id, *o.signature}, o.to_row(id, origins)});
  }
  std::sort(all.begin(), all.end(), [](const SightingRow& a, const SightingRow& b) { return a.key < b.key; });
  for (SightingRow& row : all) out.emplace_back(std::move(row));
}

}  // namespace imdswatch
