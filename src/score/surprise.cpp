#include <algorithm>
#include <cmath>

#include "imdswatch/score/score.hpp"
#include "rounding.hpp"

namespace imdswatch {
namespace {

double chance_of_name(const NameCounts& name, const ModelPolicy& policy) {
  const double fleet = predictive(name.fleet, policy.novelty, policy);
  const double peers = name.has_peers ? predictive(name.peers, fleet, policy) : fleet;
  return predictive(name.host, peers, policy);
}

double chance_of_part(const Level& host, const Level& fleet, double floor, const ModelPolicy& policy) {
  return predictive(host, predictive(fleet, floor, policy), policy);
}

double mass_log10(double p) { return p > 0 ? p * std::log10(p) : 0.0; }

/// −Σ q log₁₀ q, q the chances of the values that the fleet knows and of the remainder, scaled to one. Values that the host has
/// not shown have the fleet's chances times the host's back-off b: Σ bp·log bp = b·Σ p·log p + b·log b·Σ p. Those it has shown
/// are taken out of that sum and put in with their own.
double expected_surprise(const PartCounts& part, double floor, const ModelPolicy& policy) {
  const double b = back_off(part.host, policy);
  double mass = b * part.spread.mass;
  double sum = b * part.spread.mass_log10 + mass_log10(b) * part.spread.mass;
  for (const OwnValue& own : part.own) {
    const double fleet_only = b * predictive(own.fleet, floor, policy);
    const double p = predictive(own.host, predictive(own.fleet, floor, policy), policy);
    mass += p - fleet_only;
    sum += mass_log10(p) - mass_log10(fleet_only);
  }
  const double remainder = std::max(0.0, 1.0 - mass);
  const double scale = mass + remainder;
  return std::max(0.0, std::log10(scale) - (sum + mass_log10(remainder)) / scale);
}

double surprise_of_part(const SignatureCounts& counts, PartKind kind, const ModelPolicy& policy) {
  const PartCounts& part = counts.parts[static_cast<std::size_t>(kind)];
  const double floor = part_floor(kind, policy);
  if (!part.known) return expected_surprise(part, floor, policy);
  return -std::log10(chance_of_part(part.host, part.fleet, floor, policy));
}

Surprise not_rounded(const SignatureCounts& counts, const ModelPolicy& policy) {
  Surprise out{.name = -std::log10(chance_of_name(counts.name, policy)),
               .folder = surprise_of_part(counts, PartKind::folder, policy),
               .user = surprise_of_part(counts, PartKind::user, policy),
               .signer = surprise_of_part(counts, PartKind::signer, policy)};
  out.sum = out.name + out.folder + out.user + out.signer;
  return out;
}

}  // namespace

Surprise surprise(const SignatureCounts& counts, const ModelPolicy& policy) {
  Surprise out = not_rounded(counts, policy);
  for (double* figure : {&out.name, &out.folder, &out.user, &out.signer, &out.sum}) *figure = to_millionths(*figure);
  return out;
}

double surprise_in_all(const SignatureCounts& counts, const ModelPolicy& policy) { return to_millionths(not_rounded(counts, policy).sum); }

double points(double surprise) {
  constexpr double full_surprise = 9.0, full_points = 100.0, steps = 10.0;
  return std::round(std::clamp(surprise / full_surprise, 0.0, 1.0) * full_points * steps) / steps;
}

double threshold(const Signature& signature, const ScorePolicy& policy) {
  if (!signature.user && !signature.signer) return policy.threshold_without_user_and_signer.value_or(policy.threshold);
  if (!signature.user) return policy.threshold_without_user.value_or(policy.threshold);
  if (!signature.signer) return policy.threshold_without_signer.value_or(policy.threshold);
  return policy.threshold;
}

}  // namespace imdswatch
