#pragma once

#include <string>
#include <vector>

#include "imdswatch/score/finding.hpp"
#include "imdswatch/triage/order.hpp"
#include "fields.hpp"
#include "pattern.hpp"

namespace imdswatch {
struct TriagePolicy;
struct Exception;
struct Condition;
}  // namespace imdswatch

namespace imdswatch::triage {

/// The configured exceptions, made ready once.
class Exceptions {
 public:
  explicit Exceptions(const TriagePolicy& policy);

  /// Names of those that have expired, in the policy's order.
  [[nodiscard]] std::vector<std::string> expired(EventTime run) const;
  /// Takes the calls out of `finding` that an exception mutes. True if none remains; then `counts` names the first exception
  /// that muted one.
  bool mute(Finding& finding, EventTime run, TriageCounts& counts) const;

 private:
  struct Test {
    const Field* field;  ///< null: no such field
    std::vector<Pattern> patterns;
    std::optional<bool> exists;
    [[nodiscard]] bool holds(const CallView& call) const;
    [[nodiscard]] bool can_tell(const CallView& call) const;
  };
  struct Ready {
    std::string name;
    std::vector<Test> when, unless;
    std::optional<EventTime> expires;
    [[nodiscard]] bool matches(const CallView& call) const;
  };
  static std::vector<Test> ready(const std::vector<Condition>& conditions);
  [[nodiscard]] const Ready* matching(const CallView& call, EventTime run) const;

  std::vector<Ready> exceptions_;
};

}  // namespace imdswatch::triage
