#include "host_table.hpp"

#include <algorithm>

#include "imdswatch/base/hash.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t names_overhead = 16;  // of an allocation
constexpr std::size_t inline_text = 15;    // std::string keeps as many bytes in itself

std::size_t bytes_of(const History& history) {
  return sizeof(History) + history.parts.size() * sizeof(KnownPart) + history.signatures.size() * sizeof(KnownSignature);
}

std::size_t bytes_of(const std::string& host) { return host.size() > inline_text ? host.size() + 1 : 0; }

}  // namespace

std::uint32_t HostTable::number_of(std::string_view host) const {
  return expected_.find(by_id_, host, [&](std::uint32_t number) { return hosts_[number].id == host; });
}

void HostTable::expect(std::span<const HostId* const> hosts) const {
  expected_.expect(by_id_, hosts.size(), [&](std::size_t i) { return std::string_view(hosts[i]->value()); },
                   [&](std::uint32_t number) { prefetch(&hosts_[number], sizeof(Host)); });
  expected_.each([&](std::uint32_t number) {
    const std::vector<Entry>& names = hosts_[number].names;
    prefetch(names.data(), names.size() * sizeof(Entry));
  });
}

HostTable::Host* HostTable::find(std::string_view host) {
  const std::uint32_t number = number_of(host);
  return number == no_id ? nullptr : &hosts_[number];
}

const HostTable::Host* HostTable::find(std::string_view host) const {
  const std::uint32_t number = number_of(host);
  return number == no_id ? nullptr : &hosts_[number];
}

HostTable::Host& HostTable::find_or_make(std::string_view host) {
  if (Host* found = find(host)) return *found;
  const std::uint32_t number = hosts_.make();
  Host& made = hosts_[number];
  made.id = host;
  made.number = number;
  by_id_.insert(stable_hash64(host), number);
  text_bytes_ += bytes_of(made.id);
  return made;
}

void HostTable::erase(Host& host) {
  while (!host.names.empty()) erase_name(host, host.names.back().name);
  text_bytes_ -= bytes_of(host.id);
  by_id_.erase(stable_hash64(host.id), host.number);
  expected_.clear();
  hosts_.give_back(host.number);
}

std::size_t HostTable::place(const Host& host, std::uint32_t name) const {
  const auto at = std::ranges::lower_bound(
      host.names, name, [this](std::uint32_t a, std::uint32_t b) { return names_.less(a, b); }, &Entry::name);
  return static_cast<std::size_t>(at - host.names.begin());
}

const HostTable::Entry* HostTable::find_name(const Host& host, std::uint32_t name) const {
  const auto at = std::ranges::find(host.names, name, &Entry::name);
  return name == no_id || at == host.names.end() ? nullptr : &*at;
}

HostTable::Entry* HostTable::find_name(Host& host, std::uint32_t name) {
  const auto at = std::ranges::find(host.names, name, &Entry::name);
  return name == no_id || at == host.names.end() ? nullptr : &*at;
}

void HostTable::load(const Entry& entry, History& out) const {
  if (entry.detail != no_id) {
    out = details_[entry.detail];
  } else {
    expand(entry.parts(), entry.seen, out);
  }
}

std::span<const KnownPart> HostTable::parts(const Entry& entry, std::array<KnownPart, part_kinds>& plain) const {
  if (entry.detail != no_id) return details_[entry.detail].parts;
  std::size_t size = 0;
  for (const PartKind kind : {PartKind::folder, PartKind::user, PartKind::signer}) {
    const std::uint32_t id = entry.parts().id(kind);
    if (id != no_id) plain[size++] = {kind, id, entry.seen};
  }
  return {plain.data(), size};
}

void HostTable::count(const Entry& entry, std::ptrdiff_t sign) {
  const auto change = [sign](std::size_t& total, std::size_t by) { total = sign > 0 ? total + by : total - by; };
  change(entries_, 1);
  change(signatures_, entry.detail == no_id ? 1 : details_[entry.detail].signatures.size());
  change(detail_bytes_, entry.detail == no_id ? 0 : bytes_of(details_[entry.detail]));
}

void HostTable::drop_detail(Entry& entry) {
  if (entry.detail == no_id) return;
  details_[entry.detail] = {};
  free_details_.push_back(entry.detail);
  entry.detail = no_id;
}

HostTable::Entry& HostTable::open(Host& host, std::uint32_t name) {
  const std::size_t at = place(host, name);
  if (at == host.names.size() || host.names[at].name != name) {
    if (host.names.size() == host.names.capacity()) host.names.reserve(host.names.size() + 1);  // tight: there are many hosts
    Entry fresh;
    fresh.name = name;
    host.names.insert(host.names.begin() + static_cast<std::ptrdiff_t>(at), fresh);
  } else {
    count(host.names[at], -1);
  }
  return host.names[at];
}

void HostTable::store(Host& host, std::uint32_t name, const History& history) {
  if (history.signatures.empty() && history.parts.empty()) return erase_name(host, name);
  if (history.plain()) return store_plain(host, name, history.signatures.front().parts, history.seen);
  Entry& entry = open(host, name);
  entry.seen = history.seen;
  entry.changed = true;
  if (entry.detail == no_id && free_details_.empty()) {
    entry.detail = static_cast<std::uint32_t>(details_.size());
    details_.emplace_back();
  } else if (entry.detail == no_id) {
    entry.detail = free_details_.back();
    free_details_.pop_back();
  }
  details_[entry.detail] = history;
  count(entry, +1);
}

void HostTable::store_plain(Host& host, std::uint32_t name, const SignatureParts& parts, const Seen& seen) {
  Entry& entry = open(host, name);
  drop_detail(entry);
  entry.folder = parts.folder;
  entry.signer = parts.signer;
  entry.user = parts.user;
  entry.seen = seen;
  entry.changed = true;
  count(entry, +1);
}

void HostTable::erase_name(Host& host, std::uint32_t name) {
  const std::size_t at = place(host, name);
  if (at == host.names.size() || host.names[at].name != name) return;
  count(host.names[at], -1);
  drop_detail(host.names[at]);
  host.names.erase(host.names.begin() + static_cast<std::ptrdiff_t>(at));
}

std::vector<const HostTable::Host*> HostTable::sorted() const {
  std::vector<const Host*> out;
  out.reserve(size());
  each([&](const Host& host) { out.push_back(&host); });
  std::ranges::sort(out, {}, [](const Host* host) -> const std::string& { return host->id; });
  return out;
}

std::size_t HostTable::bytes() const {
  return hosts_.places() * (sizeof(Host) + names_overhead) + by_id_.bytes() + text_bytes_ + entries_ * sizeof(Entry) + detail_bytes_;
}

}  // namespace imdswatch
