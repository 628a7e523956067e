#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "imdswatch/triage/triage.hpp"
#include "exceptions.hpp"
#include "memory.hpp"

namespace imdswatch::triage {

/// One call of Triage::admit. Findings go through exceptions, repeats and roll-outs one by one (round.cpp, rollout.cpp); what is
/// to be told of them then stands in Memory::waiting, from where the second half (telling.cpp) takes it.
class Round {
 public:
  Round(Memory& memory, const TriagePolicy& policy, const Run& run) : memory_(memory), policy_(policy), run_(run) {}
  TriageOutcome admit(std::vector<Finding> findings, const Exceptions& exceptions);

 private:
  void begin();
  void take(Finding finding);

  // Repeats.
  [[nodiscard]] std::optional<AlertKey> repeated(const Finding& finding) const;
  void add_repeat(const AlertKey& key, Finding finding);

  // Roll-outs. `place` says where a finding that is no repeat is told, and moves the window on.
  AlertMemory::State place(const Finding& finding);
  void open_window(const Finding& finding);
  void grow_group(const Signature& signature, const Sighting& sighting);

  /// Makes the memory of a new alert; its finding waits.
  void remember(Finding finding, AlertMemory::State state);
  /// A new single alert that could not even be carried: as if it had never been.
  void forget(const AlertKey& key);
  void mend_window(const AlertKey& gone);

  // Telling.
  void tell_new();
  struct Candidate {
    const WaitingFinding* waiting;  ///< until it is told
    AlertKey key;
    bool fresh;
  };
  void choose_and_tell(std::vector<Candidate> candidates, std::uint64_t places);
  void carry_or_drop(const std::vector<Candidate>& left);
  void tell_single(const AlertKey& key);
  void tell_updates();
  void tell_groups();
  void tell_group(const Signature& signature);
  void tell_overflow();

  [[nodiscard]] bool is_fresh(const AlertKey& key) const { return fresh_.contains(key); }
  [[nodiscard]] PlacesUsed& used() { return *memory_.places.edit(0); }

  Memory& memory_;
  const TriagePolicy& policy_;
  const Run run_;
  TriageOutcome out_;
  std::map<AlertKey, std::uint64_t> fresh_;  ///< new single alerts of this round → findings of the round added to them
  std::set<MemberKey> new_members_;          ///< hosts that this round brought into a window
};

}  // namespace imdswatch::triage
