#pragma once

#include <array>
#include <cstdint>

#include "imdswatch/base/time.hpp"
#include "imdswatch/model/policy.hpp"
#include "imdswatch/model/rows.hpp"

namespace imdswatch {

std::int32_t minute_of(EventTime run_time);
std::int32_t day_of(EventTime run_time);

/// What time leaves of counts and votes. A run asks for few different spans, so the powers computed last are kept.
class Fading {
 public:
  explicit Fading(const ModelPolicy& policy) : policy_(policy) {}  ///< must outlive it
  [[nodiscard]] const ModelPolicy& policy() const { return policy_; }

  /// A host's count at a run. One sighting and more is what was learned, and never fades below one.
  [[nodiscard]] float faded(const Seen& seen, std::int32_t minute) const;
  /// What is left of a vote so many whole days after it was worth 1.
  [[nodiscard]] double vote_weight(std::int64_t days) const;
  /// The sum of the votes on a later day: all of them fade by the same factor.
  [[nodiscard]] double faded(const Votes& votes, std::int32_t day) const;
  /// Adds to the sum, as of `day`.
  void add(Votes& votes, double weight, std::int32_t day) const;

 private:
  struct Kept {
    std::int64_t minutes = 0;
    double left = 1;
  };
  [[nodiscard]] double left_after(std::int64_t minutes) const;

  const ModelPolicy& policy_;
  mutable std::array<Kept, 1024> kept_{};  ///< by the last bits of the minutes
};

}  // namespace imdswatch
