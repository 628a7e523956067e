#include "imdswatch/model/model.hpp"

#include <algorithm>
#include <cstdint>

#include "fading.hpp"
#include "impl.hpp"
#include "peer_group.hpp"

namespace imdswatch {

Model::Model(ModelPolicy policy) : impl_(std::make_unique<Impl>(std::move(policy))) {}
Model::~Model() = default;
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;

const ModelPolicy& Model::policy() const { return impl_->policy; }

std::uint32_t Model::Impl::name_id(std::string_view name) {
  const std::uint32_t id = names.intern(name);
  while (fleet_values.size() <= id) fleet_values.push_back({VoteList(&values), VoteList(nullptr), VoteList(&values)});
  return id;
}

bool Model::Impl::are_of(const KnownIds& ids, const Signature& signature) const {
  const auto same = [&](const std::optional<std::string>& text, std::uint32_t id) {
    return text ? id != no_id && values.text(id) == *text : id == no_id;
  };
  return ids.name != no_id && names.text(ids.name) == signature.name && same(signature.folder, ids.parts.folder) &&
         same(signature.signer, ids.parts.signer) && ids.parts.user == (signature.user ? static_cast<std::uint8_t>(*signature.user) : no_user);
}

const Model::Impl::KnownIds& Model::Impl::ids_of(const Signature& signature) const {
  constexpr std::uintptr_t apart = 32;  // no two signatures stand closer
  KnownIds& last = found_last[reinterpret_cast<std::uintptr_t>(&signature) / apart % found_last.size()];
  if (are_of(last, signature)) return last;
  KnownIds found{.name = names.find(signature.name), .parts = {}, .all = false};
  found.all = look_up(signature, values, found.parts);
  if (found.name == no_id || !found.all) return found_now = found;  // what is not there may come
  return last = found;
}

std::uint32_t Model::Impl::group_id(std::string_view group) {
  if (group.empty()) return no_id;
  const std::uint32_t id = group_names.intern(group);
  while (groups.size() <= id) groups.emplace_back(&names);
  return id;
}

VoteList& Model::Impl::edit_values_of(std::uint32_t name, PartKind kind) {
  VoteList& out = values_of(name, kind);
  if (out.clean()) changed.part_lists.emplace_back(name, kind);
  return out;
}

VoteList& Model::Impl::edit_group(std::uint32_t group) {
  VoteList& out = groups[group].votes;
  if (out.clean()) changed.groups.push_back(group);
  return out;
}

void Model::Impl::list(HostTable::Host& host) {
  if (!host.listed) changed.hosts.push_back(host.number);
  host.listed = true;
}

void Model::first_call(EventTime time) {
  if (impl_->learning.first_call) return;
  impl_->learning.first_call = time;
  impl_->changed.learning = true;
}

std::optional<EventTime> Model::learning_until() const {
  if (!impl_->learning.first_call) return std::nullopt;
  return *impl_->learning.first_call + impl_->policy.learning_for;
}

bool Model::learning(EventTime run_time) const {
  if (impl_->policy.learning_for.count() <= 0) return false;
  const auto until = learning_until();
  return !until || run_time < *until;
}

bool Model::report_due(EventTime run_time) const {
  const LearningRow& learning_row = impl_->learning;
  return impl_->policy.learning_for.count() > 0 && learning_row.first_call && !learning_row.report_made && !learning(run_time);
}

void Model::report_made() {
  impl_->learning.report_made = true;
  impl_->changed.learning = true;
}

void Model::expect(std::span<const HostId* const> hosts) const { impl_->hosts.expect(hosts); }

bool Model::learned(const HostId& host, const Signature& signature) const {
  const Impl& m = *impl_;
  const HostTable::Host* known_host = m.hosts.find(host.value());
  if (!known_host) return false;
  const Impl::KnownIds& known_ids = m.ids_of(signature);
  const HostTable::Entry* entry = m.hosts.find_name(*known_host, known_ids.name);
  if (!entry || !known_ids.all) return false;
  const SignatureParts& asked = known_ids.parts;
  const auto holds = [&](const SignatureParts& parts) { return parts == asked || (!asked.complete() && parts.has(asked)); };
  if (entry->detail == no_id) return holds(entry->parts());
  return std::ranges::any_of(m.hosts.detail(*entry).signatures,
                             [&](const KnownSignature& known) { return known.learned && holds(known.parts); });
}

std::vector<std::string> Model::usual_callers(const HostId& host, EventTime run_time, std::size_t most) const {
  const Impl& m = *impl_;
  const HostTable::Host* known_host = m.hosts.find(host.value());
  if (!known_host) return {};
  std::vector<std::pair<float, std::string>> callers;
  for (const HostTable::Entry& entry : known_host->names) {
    callers.emplace_back(-m.fading.faded(entry.seen, minute_of(run_time)), m.names.text(entry.name));
  }
  std::ranges::sort(callers);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min(most, callers.size()); ++i) out.push_back(std::move(callers[i].second));
  return out;
}

void Model::each_signature(const std::function<void(std::string_view, const Signature&)>& visit) const {
  const Impl& m = *impl_;
  History history;
  for (const HostTable::Host* host : m.hosts.sorted()) {
    for (const HostTable::Entry& entry : host->names) {
      m.hosts.load(entry, history);
      for (const KnownSignature& known : history.signatures) visit(host->id, to_signature(m.names.text(entry.name), known.parts, m.values));
    }
  }
}

Model::Figures Model::figures() const {
  const Impl& m = *impl_;
  Figures out{.hosts = m.hosts.size(), .signatures = m.hosts.signatures(), .fleet_names = m.fleet.entries().size(), .peer_groups = 0, .bytes = 0};
  out.made_room = m.made_room;
  out.not_learned = m.not_learned;
  out.bytes = m.hosts.bytes() + m.names.bytes() + m.values.bytes() + m.group_names.bytes() +
              m.fleet.entries().capacity() * sizeof(VoteList::Entry) + m.fleet_values.size() * sizeof(Impl::NameValues);
  for (const Impl::NameValues& lists : m.fleet_values) {
    for (const VoteList& list : lists) out.bytes += list.entries().capacity() * sizeof(VoteList::Entry);
  }
  for (const Impl::Group& group : m.groups) {
    if (group.hosts > 0) ++out.peer_groups;
    out.bytes += sizeof(Impl::Group) + group.votes.entries().capacity() * sizeof(VoteList::Entry);
  }
  return out;
}

}  // namespace imdswatch
