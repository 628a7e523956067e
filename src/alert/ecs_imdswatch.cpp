#include <algorithm>
#include <cmath>

#include "ecs.hpp"
#include "explain.hpp"

namespace imdswatch::ecs {
namespace {

Json texts(const std::vector<std::string>& all, std::size_t most, std::size_t max_bytes) {
  Json out = Json::array();
  for (const std::string& text : all) {
    if (out.size() >= most) break;
    out.push_back(words::cut(text, max_bytes));
  }
  return out;
}

Json factor(const Factor& f, const std::string& name, const Detail& detail) {
  Object out;
  out.put("part", words::to_string(f.part)).text("value", f.value, detail.text).put("known", f.known).put("surprise", rounded(f.surprise));
  out.put("sentence", words::factor_sentence(f, name));
  if (!f.known) return out.take();
  out.put("host_windows_with", rounded(f.host_windows_with)).put("host_windows", rounded(f.host_windows));
  if (f.peers > 0) out.put("peers_with", f.peers_with).put("peers", f.peers);
  if (f.fleet > 0) out.put("fleet_with", f.fleet_with).put("fleet", f.fleet);
  if (f.fleet_since) out.put("fleet_since", to_iso8601(*f.fleet_since));
  return out.take();
}

Json expected_interval(const Score& score) {
  if (!score.expected_interval_days) return Json::object();
  constexpr double most = 3652.5;  // beyond ten years the figure says nothing
  return Object{}
      .put("days", rounded(std::min(*score.expected_interval_days, most)))
      .put("over_10_years", *score.expected_interval_days > most)
      .put("text", words::interval(score.expected_interval_days))
      .put("estimate", true)
      .take();
}

/// On how many other hosts the process name is known.
void add_prevalence(Object& out, const Score& score, const Detail& detail) {
  const auto name = std::find_if(score.factors.begin(), score.factors.end(), [](const Factor& f) { return f.part == Factor::Part::name; });
  if (name == score.factors.end()) return;
  if (name->peers > 0) {
    out.put("peers", Object{}.text("group", score.peer_group, detail.text).put("hosts_with", name->peers_with).put("hosts", name->peers).take());
  }
  if (name->fleet == 0) return;
  Object fleet;
  fleet.put("hosts_with", name->fleet_with).put("hosts", name->fleet);
  if (name->fleet_since) fleet.put("since", to_iso8601(*name->fleet_since));
  out.put("fleet", fleet.take());
}

void add_score(Object& out, const Finding& finding, const Detail& detail) {
  const Score& score = finding.score;
  Json factors = Json::array();
  for (const Factor& f : score.factors) factors.push_back(factor(f, finding.sighting.key.signature.name, detail));
  out.put("score", rounded(score.points))
      .put("surprise", rounded(score.surprise))
      .put("reason", finding.reason == Finding::Reason::surprise ? "surprise" : "new_to_fleet")
      .put("expected_interval", expected_interval(score))
      .put("explanation", texts(words::explanation(finding), 100, 4096))
      .put("factors", std::move(factors));
  add_prevalence(out, score, detail);
  out.put("usual_callers", texts(score.usual_callers, 10, detail.text))
      .put("host_windows", rounded(score.host_sightings))
      .put("sparse_history", score.sparse_history);
}

void add_finding(Object& out, const AlertOrder& order, const Detail& detail) {
  const Finding& finding = order.findings.front();
  const Sighting& sighting = finding.sighting;
  add_score(out, finding, detail);
  out.text("host", sighting.key.host.value(), detail.text)
      .put("host_ids", texts(sighting.host_ids, 64, detail.text))
      .put("format", to_string(sighting.format))
      .put("calls_added", sighting.calls)
      .put("processes", processes(finding, detail));
  const std::size_t shown = std::min(sighting.processes.size(), detail.processes);
  std::uint64_t omitted = sighting.processes_omitted;
  for (std::size_t i = shown; i < sighting.processes.size(); ++i) omitted += sighting.processes[i].calls;
  if (omitted > 0) out.put("calls_of_processes_omitted", omitted);
  if (sighting.user_ids_omitted > 0) out.put("user_ids_omitted", sighting.user_ids_omitted);
  out.put("sources", sources(sighting, detail)).put("late", sighting.late).put("clock_skewed", sighting.clock_skewed);
}

Json example(const Finding& finding, const Detail& detail) {
  const Sighting& sighting = finding.sighting;
  Object out;
  out.put("host", host(finding, detail))
      .put("agent", agent(sighting.attributes, detail))
      .put("cloud", cloud(sighting.attributes, detail))
      .put("calls", sighting.calls)
      .put("first", to_iso8601(sighting.first))
      .put("score", rounded(finding.score.points));
  if (!sighting.processes.empty()) {
    const Evidence& evidence = sighting.processes.front().evidence;
    out.put("process", process(finding, evidence, detail, std::min<std::size_t>(detail.listed_command_line, 1024)));
    out.put("user", user(evidence, detail));
  }
  return out.take();
}

void add_group(Object& out, const AlertOrder& order, const Detail& detail) {
  const Finding& first = order.findings.front();
  Json examples = Json::array();
  std::uint64_t calls_added = 0;
  bool late = false, skewed = false;
  for (const Finding& finding : order.findings) {
    if (examples.size() < detail.examples) examples.push_back(example(finding, detail));
    calls_added += finding.sighting.calls;
    late = late || finding.sighting.late;
    skewed = skewed || finding.sighting.clock_skewed;
  }
  add_score(out, first, detail);
  out.put("calls_added", calls_added)
      .put("group", Object{}
                        .put("hosts", texts(order.group_hosts, detail.hosts, detail.text))
                        .put("hosts_count", order.group_hosts_count)
                        .put("hosts_added", texts(order.group_hosts_added, detail.hosts, detail.text))
                        .put("hosts_added_count", order.group_hosts_added.size())
                        .put("examples", std::move(examples))
                        .take())
      .put("late", late)
      .put("clock_skewed", skewed);
}

Json report(const LearningReport& r, const Detail& detail) {
  Json entries = Json::array();
  for (const LearningReport::Entry& entry : r.entries) {
    if (entries.size() >= detail.entries) break;
    entries.push_back(Object{}
                          .put("signature", signature(entry.signature, detail))
                          .put("hosts", entry.hosts)
                          .put("examples", texts(entry.examples, 5, detail.text))
                          .put("surprise", rounded(entry.surprise))
                          .take());
  }
  const std::uint64_t omitted = r.entries_omitted + (r.entries.size() - entries.size());
  return Object{}
      .put("from", to_iso8601(r.from))
      .put("to", to_iso8601(r.to))
      .put("hosts", r.hosts)
      .put("entries", std::move(entries))
      .put("entries_omitted", omitted)
      .take();
}

}  // namespace

Json signature(const Signature& s, const Detail& detail) {
  Object out;
  out.text("name", s.name, detail.text);
  if (s.folder) out.put("folder", words::cut(*s.folder, detail.text));
  if (s.user) out.put("user", to_string(*s.user));
  if (s.signer) out.put("signer", words::cut(*s.signer, detail.text));
  return out.take();
}

Json imdswatch(const AlertOrder& order, const AlertPolicy& policy, Shard shard, bool learning, const Detail& detail) {
  Object out;
  out.put("version", order.version).put("kind", words::to_string(order.kind)).put("schema_version", 1);
  const bool of_calls = order.kind == AlertOrder::Kind::single || order.kind == AlertOrder::Kind::group;
  if (of_calls) {
    out.put("signature", signature(order.identity.signature, detail)).put("bucket", order.identity.bucket.value()).put("calls", order.calls);
    out.put("held_by_cap", order.held_by_cap);
  }
  switch (order.kind) {
    case AlertOrder::Kind::single: add_finding(out, order, detail); break;
    case AlertOrder::Kind::group: add_group(out, order, detail); break;
    case AlertOrder::Kind::overflow: out.put("overflow", Json{{"findings_dropped", order.findings_dropped}}); break;
    case AlertOrder::Kind::learning_report: out.put("learning_report", report(order.report.front(), detail)); break;
  }
  const auto while_learning = [](const Finding& finding) { return finding.learning; };
  learning = learning || std::any_of(order.findings.begin(), order.findings.end(), while_learning);
  return out.put("learning", learning)
      .put("shard", shard.value())
      .text("model_version", policy.model_version)
      .text("config_version", policy.config_version)
      .take();
}

}  // namespace imdswatch::ecs
