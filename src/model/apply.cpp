#include "impl.hpp"

namespace imdswatch {

void Model::apply(const ModelRow& row) {
  impl_->host_sums = {};
  std::visit([this](const auto& one) { impl_->apply_row(one); }, row);
}

void Model::Impl::apply_row(const HostRow& row) {
  HostTable::Host& host = hosts.find_or_make(row.host.value());
  if (host.has_header && host.group != no_id) --groups[host.group].hosts;
  if (!row.value) {
    host.has_header = false;
    host.group = no_id;
    if (host.names.empty()) hosts.erase(host);
    return;
  }
  host.has_header = true;
  host.first_minute = row.value->first_minute;
  host.vote_day = row.value->vote_day;
  host.buckets = row.value->buckets;
  host.windows = row.value->windows;
  host.group = group_id(row.value->group);
  if (host.group != no_id) ++groups[host.group].hosts;
}

void Model::Impl::apply_row(const HostNameRow& row) {
  HostTable::Host& host = hosts.find_or_make(row.host.value());
  const std::uint32_t name = name_id(row.name);
  History history;
  if (row.value) from_row(*row.value, values, history);
  hosts.store(host, name, history);  // an empty one is erased
  if (HostTable::Entry* entry = hosts.find_name(host, name)) entry->changed = false;
  if (host.names.empty() && !host.has_header) hosts.erase(host);
}

void Model::Impl::apply_row(const FleetNameRow& row) {
  const std::uint32_t name = name_id(row.name);
  if (!row.value) return fleet.erase(name);
  fleet.set(name, *row.value);
}

void Model::Impl::apply_row(const FleetPartRow& row) {
  VoteList& list = values_of(name_id(row.name), row.kind);
  const std::uint32_t id = part_id(row.kind, row.part, values);
  if (!row.value) return list.erase(id);
  list.set(id, *row.value);
}

void Model::Impl::apply_row(const PeerNameRow& row) {
  const std::uint32_t group = group_id(row.group), name = name_id(row.name);
  if (group == no_id) return;
  if (row.value) {
    groups[group].votes.set(name, *row.value);
  } else {
    groups[group].votes.erase(name);
  }
}

void Model::Impl::apply_row(const LearningRow& row) { learning = row; }

}  // namespace imdswatch
