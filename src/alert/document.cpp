#include <cmath>

#include "ecs.hpp"
#include "explain.hpp"
#include "imdswatch/base/check.hpp"
#include "imdswatch/base/limits.hpp"

namespace imdswatch {
namespace ecs {

Object& Object::text(const char* key, std::string_view value, std::size_t max_bytes) {
  if (!value.empty()) json_[key] = words::cut(value, max_bytes);
  return *this;
}

Object& Object::put(const char* key, Json value) {
  const bool nothing = (value.is_array() || value.is_object()) && value.empty();
  if (!nothing) json_[key] = std::move(value);
  return *this;
}

double rounded(double value) {
  if (!std::isfinite(value)) return 0;
  const double out = std::round(value * 1e6) / 1e6;
  return out == 0 ? 0 : out;  // no -0.0
}

namespace {

constexpr std::size_t whole = static_cast<std::size_t>(-1);

/// Each cuts harder than the one before; the last one fits whatever the order holds.
constexpr Detail details[] = {
    {whole, 2048, whole, limits::max_group_hosts, 20, limits::max_processes_per_sighting, 1000},
    {2048, 512, 512, 1000, 10, 10, 200},
    {256, 128, 128, 100, 3, 3, 20},
};

Json event(const AlertOrder& order, const AlertPolicy& policy, const std::string& id) {
  const bool report = order.kind == AlertOrder::Kind::learning_report;
  Object out;
  out.put("id", id)
      .put("kind", report ? "event" : "alert")
      .put("category", report ? Json::array({"intrusion_detection"}) : Json::array({"intrusion_detection", "network"}))
      .put("type", Json::array({"info"}))
      .put("module", "imdswatch")
      .put("dataset", "imdswatch.alert")
      .put("created", to_iso8601(order.run))
      .put("start", to_iso8601(report ? order.report.front().from : order.first_call))
      .put("end", to_iso8601(report ? order.report.front().to : order.last_call));
  if (!report) out.put("risk_score", policy.risk_score).put("severity", policy.risk_score);
  return out.take();
}

void add_evidence(Json& document, const AlertOrder& order, const Detail& detail) {
  if (order.findings.empty()) return;
  const Finding& finding = order.findings.front();
  Object out;
  out.put("related", related(order, detail));
  if (order.kind == AlertOrder::Kind::single) {
    out.put("host", host(finding, detail)).put("agent", agent(finding.sighting.attributes, detail)).put("cloud", cloud(finding.sighting.attributes, detail));
  }
  if (!finding.sighting.processes.empty()) {
    const ProcessSeen& seen = finding.sighting.processes.front();
    out.put("process", process(finding, seen.evidence, detail, detail.command_line))
        .put("user", user(seen.evidence, detail))
        .put("destination", destination(seen))
        .put("network", network(seen));
  } else {
    out.put("process", Json{{"name", words::cut(finding.sighting.key.signature.name, detail.text)}});
  }
  document.update(out.take());
}

Json document(const AlertOrder& order, const AlertPolicy& policy, Shard shard, bool learning, const std::string& id, const Detail& detail) {
  const std::string sentence = words::cut(words::sentence(order), 4096);
  Json out = Json::object();
  out["@timestamp"] = to_iso8601(order.run);
  out["ecs"] = Json{{"version", "8.11.0"}};
  out["event"] = event(order, policy, id);
  out["message"] = sentence;
  out["rule"] = rule(policy);
  out["tags"] = tags(order);
  if (order.kind != AlertOrder::Kind::learning_report) out["threat"] = threat();
  add_evidence(out, order, detail);
  out["imdswatch"] = imdswatch(order, policy, shard, learning, detail);
  if (policy.kibana_fields && order.kind != AlertOrder::Kind::learning_report) add_kibana(out, order, policy, id, sentence);
  return out;
}

}  // namespace
}  // namespace ecs

Alert make_alert(const AlertOrder& order, const AlertPolicy& policy, Shard shard, bool learning) {
  const bool of_calls = order.kind == AlertOrder::Kind::single || order.kind == AlertOrder::Kind::group;
  IMDS_CHECK(!of_calls || !order.findings.empty());
  IMDS_CHECK(order.kind != AlertOrder::Kind::learning_report || order.report.size() == 1);
  Alert alert;
  alert.id = alert_id(order, policy, shard);
  alert.version = order.version;
  alert.key = order.kind == AlertOrder::Kind::single ? order.identity.host.value() : alert.id;
  for (const ecs::Detail& detail : ecs::details) {
    ecs::Json json = ecs::document(order, policy, shard, learning, alert.id, detail);
    if (&detail != &ecs::details[0]) json["imdswatch"]["truncated"] = true;
    // Text comes from events as it was written: what is not UTF-8 is replaced.
    alert.json = json.dump(-1, ' ', false, ecs::Json::error_handler_t::replace);
    if (alert.json.size() <= limits::max_alert_bytes) break;
  }
  return alert;
}

}  // namespace imdswatch
