#include "host_table.hpp"

#include <algorithm>

namespace imdswatch {
namespace {

constexpr std::size_t node_overhead = 40;  // link, hash, index slot, two allocations
constexpr std::size_t inline_text = 15;    // std::string keeps as many bytes in itself

std::size_t bytes_of(const History& history) {
  return sizeof(History) + history.parts.size() * sizeof(KnownPart) + history.signatures.size() * sizeof(KnownSignature);
}

std::size_t bytes_of(const std::string& host) { return host.size() > inline_text ? host.size() + 1 : 0; }

}  // namespace

HostTable::Node* HostTable::find(std::string_view host) {
  const auto at = hosts_.find(host);
  return at == hosts_.end() ? nullptr : &*at;
}

const HostTable::Node* HostTable::find(std::string_view host) const {
  const auto at = hosts_.find(host);
  return at == hosts_.end() ? nullptr : &*at;
}

HostTable::Node& HostTable::find_or_make(std::string_view host) {
  if (Node* found = find(host)) return *found;
  Node& made = *hosts_.try_emplace(std::string(host)).first;
  text_bytes_ += bytes_of(made.first);
  return made;
}

void HostTable::erase(const std::string& host) {
  const auto at = hosts_.find(host);
  if (at == hosts_.end()) return;
  while (!at->second.names.empty()) erase_name(at->second, at->second.names.back().name);
  text_bytes_ -= bytes_of(at->first);
  hosts_.erase(at);
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

void HostTable::load(const Entry& entry, History& out) const {
  if (entry.detail != no_id) {
    out = details_[entry.detail];
  } else {
    expand(entry.parts(), entry.seen, out);
  }
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

void HostTable::store(Host& host, std::uint32_t name, const History& history) {
  if (history.signatures.empty() && history.parts.empty()) return erase_name(host, name);
  const std::size_t at = place(host, name);
  if (at == host.names.size() || host.names[at].name != name) {
    if (host.names.size() == host.names.capacity()) host.names.reserve(host.names.size() + 1);  // tight: there are many hosts
    Entry fresh;
    fresh.name = name;
    host.names.insert(host.names.begin() + static_cast<std::ptrdiff_t>(at), fresh);
  } else {
    count(host.names[at], -1);
  }
  Entry& entry = host.names[at];
  entry.seen = history.seen;
  if (history.plain()) {
    drop_detail(entry);
    const SignatureParts& parts = history.signatures.front().parts;
    entry.folder = parts.folder;
    entry.signer = parts.signer;
    entry.user = parts.user;
  } else {
    if (entry.detail == no_id && free_details_.empty()) {
      entry.detail = static_cast<std::uint32_t>(details_.size());
      details_.emplace_back();
    } else if (entry.detail == no_id) {
      entry.detail = free_details_.back();
      free_details_.pop_back();
    }
    details_[entry.detail] = history;
  }
  count(entry, +1);
}

void HostTable::erase_name(Host& host, std::uint32_t name) {
  const std::size_t at = place(host, name);
  if (at == host.names.size() || host.names[at].name != name) return;
  count(host.names[at], -1);
  drop_detail(host.names[at]);
  host.names.erase(host.names.begin() + static_cast<std::ptrdiff_t>(at));
}

std::vector<const HostTable::Node*> HostTable::sorted() const {
  std::vector<const Node*> out;
  out.reserve(hosts_.size());
  for (const Node& node : hosts_) out.push_back(&node);
  std::ranges::sort(out, {}, [](const Node* node) -> const std::string& { return node->first; });
  return out;
}

std::size_t HostTable::bytes() const {
  return hosts_.size() * (sizeof(Node) + node_overhead) + text_bytes_ + entries_ * sizeof(Entry) + detail_bytes_;
}

}  // namespace imdswatch
