#pragma once

#include <optional>

#include "imdswatch/model/model.hpp"
#include "imdswatch/score/finding.hpp"
#include "imdswatch/score/policy.hpp"
#include "imdswatch/window/sighting.hpp"

namespace imdswatch {

struct JudgedCandidate {
  Judgement judgement;
  std::optional<Finding> finding;
};

/// How unusual the candidate is to the model as it stands, fading taken at `run_time`. What was judged before keeps its
/// judgement; only the explanation is made anew.
JudgedCandidate judge(const Candidate& candidate, const Model& model, const ScorePolicy& policy, EventTime run_time);

/// The same for a sighting as it stands in the window: the judgement of one that is no finding. None: it is one, so `judge` it whole.
class Screen {
 public:
  Screen(const Model& model, const ScorePolicy& policy, EventTime run_time) : model_(model), policy_(policy), run_time_(run_time) {}
  std::optional<Judgement> operator()(const Fresh& fresh);

 private:
  const Model& model_;
  const ScorePolicy& policy_;
  EventTime run_time_;
  SignatureCounts counts_;  ///< kept for its memory
};

/// Once, at the first run at or after the end of the learning period; the caller then tells the model `report_made()`.
std::optional<LearningReport> learning_report(const Model& model, const ScorePolicy& policy, EventTime run_time);

/// −log₁₀ p of the name and of the three parts, and their sum, rounded to 1e-6.
struct Surprise {
  double name = 0, folder = 0, user = 0, signer = 0;
  double sum = 0;
};
Surprise surprise(const SignatureCounts& counts, const ModelPolicy& policy);
/// Its sum alone: all that most sightings are asked for.
double surprise_in_all(const SignatureCounts& counts, const ModelPolicy& policy);

/// 0–100 for people, linear in s from 0 to 9, one decimal.
double points(double surprise);

/// The threshold for the parts that the shipper told.
double threshold(const Signature& signature, const ScorePolicy& policy);

}  // namespace imdswatch
