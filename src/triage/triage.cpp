#include "imdswatch/triage/triage.hpp"

#include "exceptions.hpp"
#include "memory.hpp"
#include "round.hpp"

namespace imdswatch {

struct Triage::Impl {
  explicit Impl(TriagePolicy p) : policy(std::move(p)), exceptions(policy) {}
  TriagePolicy policy;
  triage::Exceptions exceptions;
  triage::Memory memory;
};

void add(TriageCounts& into, const TriageCounts& more) {
  into.findings += more.findings;
  into.muted += more.muted;
  into.repeated += more.repeated;
  into.grouped += more.grouped;
  into.told += more.told;
  into.carried += more.carried;
  into.overflowed += more.overflowed;
  into.released += more.released;
  for (const auto& [name, count] : more.muted_by) into.muted_by[name] += count;
  into.expired = more.expired;
}

Triage::Triage(TriagePolicy policy) : impl_(std::make_unique<Impl>(std::move(policy))) {}
Triage::~Triage() = default;
Triage::Triage(Triage&&) noexcept = default;
Triage& Triage::operator=(Triage&&) noexcept = default;

TriageOutcome Triage::admit(std::vector<Finding> findings, const Run& run) {
  return triage::Round(impl_->memory, impl_->policy, run).admit(std::move(findings), impl_->exceptions);
}

std::size_t Triage::carried() const { return impl_->memory.waiting.size(); }
void Triage::drain(std::vector<TriageRow>& out) { impl_->memory.drain(out); }
void Triage::apply(const TriageRow& row) { impl_->memory.apply(row); }
void Triage::rows(std::vector<TriageRow>& out) const { impl_->memory.rows(out); }

}  // namespace imdswatch
