#include <cmath>

#include "imdswatch/base/limits.hpp"
#include "imdswatch/score/score.hpp"
#include "rounding.hpp"

namespace imdswatch {
namespace {

constexpr std::uint32_t sparse_below = 10;  // buckets in which the host called

std::string text_of(const Signature& signature, PartKind kind) {
  switch (kind) {
    case PartKind::folder: return signature.folder.value_or("");
    case PartKind::user: return signature.user ? std::string(to_string(*signature.user)) : std::string();
    case PartKind::signer: return signature.signer.value_or("");
  }
  return {};
}

Factor name_factor(const Signature& signature, const SignatureCounts& counts, double surprise) {
  Factor out;
  out.part = Factor::Part::name;
  out.value = signature.name;
  out.surprise = surprise;
  out.host_windows_with = to_millionths(counts.name.host.count);
  out.host_windows = to_millionths(counts.host_windows);
  out.peers_with = counts.name.among_peers.with;
  out.peers = counts.name.among_peers.of;
  out.fleet_with = counts.name.in_fleet.with;
  out.fleet = counts.name.in_fleet.of;
  out.fleet_since = counts.name.since;
  return out;
}

Factor part_factor(Factor::Part part, PartKind kind, const Signature& signature, const SignatureCounts& counts, double surprise) {
  const PartCounts& known = counts.parts[static_cast<std::size_t>(kind)];
  Factor out;
  out.part = part;
  out.value = text_of(signature, kind);
  out.known = known.known;
  out.surprise = surprise;
  out.host_windows_with = to_millionths(known.host.count);
  out.host_windows = to_millionths(counts.name.host.count);
  out.fleet_with = known.in_fleet.with;
  out.fleet = known.in_fleet.of;
  out.fleet_since = known.since;
  return out;
}

/// How often such a call is to be expected of the host, going by how often it calls at all.
std::optional<double> expected_interval_days(double surprise, const SignatureCounts& counts) {
  if (counts.host_buckets < sparse_below || counts.host_age_days <= 0) return std::nullopt;
  const double sightings_a_day = counts.host_buckets / counts.host_age_days;
  return std::pow(10.0, surprise) / sightings_a_day;
}

Score explain(const Sighting& sighting, const SignatureCounts& counts, double stated, const Model& model, EventTime run_time) {
  const Signature& signature = sighting.key.signature;
  const Surprise parts = surprise(counts, model.policy());
  Score out;
  out.surprise = stated;
  out.points = points(stated);
  out.expected_interval_days = expected_interval_days(stated, counts);
  out.factors = {name_factor(signature, counts, parts.name),
                 part_factor(Factor::Part::folder, PartKind::folder, signature, counts, parts.folder),
                 part_factor(Factor::Part::user, PartKind::user, signature, counts, parts.user),
                 part_factor(Factor::Part::signer, PartKind::signer, signature, counts, parts.signer)};
  out.peer_group = counts.peer_group;
  out.usual_callers = model.usual_callers(sighting.key.host, run_time, limits::max_usual_callers);
  out.host_sightings = counts.host_buckets;
  out.sparse_history = counts.host_buckets < sparse_below;
  return out;
}

Judgement judge_first(const HostId& host, const Signature& signature, const SignatureCounts& counts, const Model& model,
                      const ScorePolicy& policy, EventTime run_time) {
  const double s = surprise_in_all(counts, model.policy());
  const bool unusual = s > threshold(signature, policy) && !model.learned(host, signature);
  const bool new_to_fleet = !counts.name.since && !model.learning(run_time);
  return {.finding = unusual || new_to_fleet, .surprise = s};
}

}  // namespace

std::optional<Judgement> Screen::operator()(const Fresh& fresh) {
  if (fresh.before) return fresh.before->finding ? std::nullopt : fresh.before;
  model_.counts(fresh.host, fresh.peer_value, fresh.signature, run_time_, counts_);
  const Judgement said = judge_first(fresh.host, fresh.signature, counts_, model_, policy_, run_time_);
  return said.finding ? std::nullopt : std::optional{said};
}

JudgedCandidate judge(const Candidate& candidate, const Model& model, const ScorePolicy& policy, EventTime run_time) {
  const Sighting& sighting = candidate.fresh;
  const Signature& signature = sighting.key.signature;
  if (candidate.before && !candidate.before->finding) return {.judgement = *candidate.before, .finding = std::nullopt};

  const SignatureCounts counts = model.counts(sighting.key.host, sighting.attributes.peer_value, signature, run_time);
  const bool learning = model.learning(run_time);
  JudgedCandidate out;
  out.judgement =
      candidate.before ? *candidate.before : judge_first(sighting.key.host, signature, counts, model, policy, run_time);
  if (!out.judgement.finding) return out;
  const bool by_surprise = out.judgement.surprise > threshold(signature, policy);
  out.finding = Finding{.sighting = sighting,
                        .score = explain(sighting, counts, out.judgement.surprise, model, run_time),
                        .reason = by_surprise ? Finding::Reason::surprise : Finding::Reason::new_to_fleet,
                        .first = !candidate.before,
                        .learning = learning};
  return out;
}

}  // namespace imdswatch
