#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "imdswatch/state/triage_rows.hpp"
#include "unit/triage/make.hpp"

namespace imdswatch {
namespace {

using namespace testing;

/// A few hosts, names and users, so that repeats, groups and the cap meet; small limits, so that all of them are reached.
TriagePolicy any_policy() {
  TriagePolicy policy;
  policy.max_alerts_per_run = *rc::gen::inRange(0, 5);
  policy.group_hosts_over = *rc::gen::inRange(0, 4);
  policy.suppress_for = hours{*rc::gen::inRange(0, 4)};
  policy.group_within = hours{*rc::gen::inRange(1, 4)};
  if (*rc::gen::arbitrary<bool>()) {
    policy.exceptions = {{"users", {{"user.id", {"S-0"}, std::nullopt}}, {{"process.name", {"*1.exe"}, std::nullopt}}, at(hours{3}), ""}};
  }
  return policy;
}

std::vector<Finding> any_findings(std::int64_t closing) {
  std::vector<Finding> out;
  std::set<SightingKey> keys;
  const int count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    const std::string host = "h" + std::to_string(*rc::gen::inRange(0, 6));
    const std::string name = "p" + std::to_string(*rc::gen::inRange(0, 3)) + ".exe";
    const std::int64_t n = closing - *rc::gen::inRange(0, 3);
    const std::string user = *rc::gen::elementOf(std::vector<std::string>{"S-0", "S-1", "S-2", ""});
    Finding f = finding(host, name, n, *rc::gen::inRange(5, 9), minutes{*rc::gen::inRange(0, 15)}, user);
    f.sighting.processes[0].evidence.process.name = name;
    if (!keys.insert(f.sighting.key).second) continue;  // a run has one candidate for each sighting
    if (*rc::gen::inRange(0, 20) == 0) f.sighting.first -= hours{*rc::gen::inRange(1, 30)};  // very late
    out.push_back(std::move(f));
  }
  return out;
}

struct Step {
  Run run;
  std::vector<Finding> findings;
};

/// Runs, in `continuous` worlds with calls of admit between them.
std::vector<Step> any_steps() {
  std::vector<Step> out;
  const int between = *rc::gen::elementOf(std::vector<int>{0, 0, 2});
  std::int64_t n = 0;
  const int runs = *rc::gen::inRange(1, 12);
  for (int i = 0; i < runs; ++i) {
    out.push_back({run_closing(n), any_findings(n)});
    for (int k = 1; k <= between; ++k) {
      imdswatch::Run run = run_closing(n);
      run.time += minutes{4 * k};
      out.push_back({run, any_findings(n + 1)});
    }
    n += *rc::gen::elementOf(std::vector<int>{1, 1, 1, 5, 40});
  }
  return out;
}

std::string all(const TriageOutcome& outcome) {
  std::string out;
  for (const AlertOrder& order : outcome.orders) {
    out += brief(order);
    for (const Finding& f : order.findings) {
      out += " [" + f.sighting.key.host.value() + " s" + std::to_string(f.score.surprise) + " c" + std::to_string(f.sighting.calls) + " u";
      for (const std::string& user : f.sighting.user_ids) out += user;
      for (const ProcessSeen& p : f.sighting.processes) out += " " + std::to_string(to_us(p.first)) + "x" + std::to_string(p.calls);
      out += "]";
    }
    for (const std::string& host : order.group_hosts) out += " " + host;
    out += "\n";
  }
  return out;
}

RC_GTEST_PROP(TriageProperty, EveryFindingIsInExactlyOneAccount, ()) {
  Triage triage{any_policy()};
  for (const Step& step : any_steps()) {
    const TriageCounts c = triage.admit(step.findings, step.run).counts;
    RC_ASSERT(c.findings == step.findings.size());
    RC_ASSERT(c.findings == c.muted + c.repeated + c.grouped + c.told + c.carried + c.overflowed);
  }
}

RC_GTEST_PROP(TriageProperty, NoTwoOrdersShareIdentityAndVersionAndVersionsHaveNoGap, ()) {
  Triage triage{any_policy()};
  std::map<std::pair<int, SightingKey>, std::uint32_t> versions;
  for (const Step& step : any_steps()) {
    for (const AlertOrder& order : triage.admit(step.findings, step.run).orders) {
      std::uint32_t& latest = versions[{static_cast<int>(order.kind), order.identity}];
      RC_ASSERT(order.version == latest + 1);
      latest = order.version;
    }
  }
}

RC_GTEST_PROP(TriageProperty, EveryCallThatIsNotMutedIsToldOrCountedInTheEnd, ()) {
  TriagePolicy policy = any_policy();
  policy.max_alerts_per_run = std::max(policy.max_alerts_per_run, 1);
  Triage triage{policy};
  std::uint64_t given = 0, told = 0, grouped_repeats = 0;
  imdswatch::Run last{};
  const auto tell = [&](std::vector<Finding> findings, const imdswatch::Run& run) {
    given += findings.size();
    const TriageOutcome out = triage.admit(std::move(findings), run);
    given -= out.counts.muted;
    for (const AlertOrder& order : out.orders) {
      for (const Finding& f : order.findings) told += f.sighting.calls;
    }
    grouped_repeats += out.counts.repeated;  // an upper bound: those of hosts in a group make no version
    last = run;
  };
  for (const Step& step : any_steps()) tell(step.findings, step.run);
  for (std::int64_t n = last.closing.value() - first_bucket + 1; triage.carried() > 0; ++n) tell({}, run_closing(n));
  RC_ASSERT(told <= given);
  RC_ASSERT(told + grouped_repeats >= given);
}

RC_GTEST_PROP(TriageProperty, TheOrderOfFindingsDoesNotMatter, ()) {
  const TriagePolicy policy = any_policy();
  Triage one{policy}, other{policy};
  for (Step step : any_steps()) {
    const std::string expected = all(one.admit(step.findings, step.run));
    std::reverse(step.findings.begin(), step.findings.end());
    std::rotate(step.findings.begin(), step.findings.begin() + static_cast<std::ptrdiff_t>(step.findings.size() / 3), step.findings.end());
    RC_ASSERT(all(other.admit(step.findings, step.run)) == expected);
  }
}

RC_GTEST_PROP(TriageProperty, RestoredFromItsRowsItGoesOnTheSame, ()) {
  const TriagePolicy policy = any_policy();
  Triage one{policy};
  auto other = std::make_unique<Triage>(policy);
  std::map<std::string, StateRow> topic;  // compacted
  for (const Step& step : any_steps()) {
    RC_ASSERT(all(other->admit(step.findings, step.run)) == all(one.admit(step.findings, step.run)));
    std::vector<TriageRow> drained;
    other->drain(drained);
    for (const TriageRow& row : drained) {
      const StateRow state = encode(row);
      RC_ASSERT(state.value || topic.contains(state.key));  // a tombstone only for what was written
      state.value ? void(topic[state.key] = state) : void(topic.erase(state.key));
    }
    if (*rc::gen::arbitrary<bool>()) continue;
    auto restored = std::make_unique<Triage>(policy);
    for (const auto& [key, row] : topic) restored->apply(*decode_triage_row(row));
    std::vector<TriageRow> before, after;
    other->rows(before);
    restored->rows(after);
    RC_ASSERT(before == after);
    other = std::move(restored);
  }
}

}  // namespace
}  // namespace imdswatch
