#include "evidence.hpp"

#include <algorithm>
#include <tuple>

#include "imdswatch/base/limits.hpp"
#include "imdswatch/sieve/evidence.hpp"

namespace imdswatch {
namespace {

auto content(const ProcessDetails& d) {
  return std::tie(d.name, d.executable, d.entity_id, d.pid, d.command_line, d.hash_sha256, d.hash_sha1, d.hash_md5);
}

auto content(const Evidence& e) {
  return std::tuple_cat(content(e.process), content(e.parent),
                        std::tie(e.user_name, e.user_domain, e.user_id, e.signer_subject, e.signature_trusted, e.process_start,
                                 e.joined));
}

/// All that an exception can ask for; ProcessSeen and Call both have it.
template <class Seen>
auto content_of(const Seen& s) {
  return std::tuple_cat(content(s.evidence), std::tie(s.destination, s.port, s.transport));
}

void insert_text(std::vector<std::string>& texts, const std::string& text, std::size_t limit, bool& left_out) {
  if (text.empty()) return;
  const auto at = std::lower_bound(texts.begin(), texts.end(), text);
  if (at != texts.end() && *at == text) return;
  left_out = texts.size() >= limit;
  if (left_out && at == texts.end()) return;
  texts.insert(at, text);
  if (left_out) texts.pop_back();
}

void fill_text(std::string& to, const std::string& from) {
  if (to.empty()) to = from;
}

}  // namespace

Placed add_process(Sighting& sighting, const Call& call) {
  auto& all = sighting.processes;
  const auto wanted = content_of(call);
  const auto at = std::lower_bound(all.begin(), all.end(), wanted, [](const ProcessSeen& p, const auto& w) { return content_of(p) < w; });
  Placed placed{.index = static_cast<std::size_t>(at - all.begin())};
  if (at != all.end() && content_of(*at) == wanted) {
    ++at->calls;
    at->first = std::min(at->first, call.time);
    at->last = std::max(at->last, call.time);
    return placed;
  }
  const bool full = all.size() >= limits::max_processes_per_sighting;
  if (full && at == all.end()) {
    ++sighting.processes_omitted;
    placed.kept = false;
    return placed;
  }
  all.insert(at, ProcessSeen{call.evidence, call.destination, call.port, call.transport, 1, call.time, call.time});
  placed.inserted = true;
  if (full) {
    sighting.processes_omitted += all.back().calls;
    all.pop_back();
    placed.evicted = true;
  }
  return placed;
}

void add_user_id(Sighting& sighting, const std::string& user_id) {
  bool left_out = false;
  insert_text(sighting.user_ids, user_id, limits::max_user_ids, left_out);
  if (left_out) sighting.user_ids_omitted = 1;
}

void add_host_ids(Sighting& sighting, const HostAttributes& attributes) {
  bool left_out = false;
  insert_text(sighting.host_ids, attributes.name, limits::max_host_ids, left_out);
  insert_text(sighting.host_ids, attributes.id, limits::max_host_ids, left_out);
}

void add_source(Sighting& sighting, const SourceEvent& source) {
  auto& all = sighting.sources;
  const auto at = std::lower_bound(all.begin(), all.end(), source.origin,
                                   [](const SourceEvent& s, const Origin& origin) { return s.origin < origin; });
  if (at != all.end() && at->origin == source.origin) return;
  const bool full = all.size() >= limits::max_sources_per_sighting;
  if (full && at == all.end()) return;
  all.insert(at, source);
  if (full) all.pop_back();
}

void order_by_first_call(Sighting& sighting) {
  std::stable_sort(sighting.processes.begin(), sighting.processes.end(),
                   [](const ProcessSeen& a, const ProcessSeen& b) { return a.first < b.first; });  // then by content, as they stand
}

void fill(Evidence& to, const Evidence& from) {
  complete(to.process, from.process);
  complete(to.parent, from.parent);
  fill_text(to.user_name, from.user_name);
  fill_text(to.user_domain, from.user_domain);
  fill_text(to.user_id, from.user_id);
  fill_text(to.signer_subject, from.signer_subject);
  if (!to.signature_trusted) to.signature_trusted = from.signature_trusted;
  if (!to.process_start) to.process_start = from.process_start;
  to.joined = true;
}

}  // namespace imdswatch
