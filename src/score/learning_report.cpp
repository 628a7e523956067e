#include <algorithm>
#include <map>

#include "imdswatch/base/limits.hpp"
#include "imdswatch/score/score.hpp"

namespace imdswatch {
namespace {

constexpr std::uint64_t percent = 100;

struct Tally {
  std::uint32_t hosts = 0;
  std::vector<std::string> examples;
};

}  // namespace

std::optional<LearningReport> learning_report(const Model& model, const ScorePolicy&, EventTime run_time) {
  if (!model.report_due(run_time)) return std::nullopt;
  LearningReport out;
  out.to = *model.learning_until();
  out.from = out.to - model.policy().learning_for;
  out.hosts = static_cast<std::uint32_t>(model.figures().hosts);

  std::map<Signature, Tally> tallies;
  model.each_signature([&](std::string_view host, const Signature& signature) {
    Tally& tally = tallies[signature];
    ++tally.hosts;
    if (tally.examples.size() < limits::max_learning_report_hosts) tally.examples.emplace_back(host);
  });
  const HostId nobody;  // a new host of the fleet, with neither history nor peers
  for (auto& [signature, tally] : tallies) {
    if (tally.hosts > 1 && tally.hosts * percent >= out.hosts) continue;
    const SignatureCounts counts = model.counts(nobody, {}, signature, run_time);
    out.entries.push_back({.signature = signature,
                           .hosts = tally.hosts,
                           .examples = std::move(tally.examples),
                           .surprise = surprise_in_all(counts, model.policy())});
  }
  std::ranges::stable_sort(out.entries, std::ranges::greater{}, &LearningReport::Entry::surprise);  // ties: by signature
  if (out.entries.size() > limits::max_learning_report_entries) {
    out.entries_omitted = out.entries.size() - limits::max_learning_report_entries;
    out.entries.resize(limits::max_learning_report_entries);
  }
  return out;
}

}  // namespace imdswatch
