#include <algorithm>

#include "ecs.hpp"

namespace imdswatch::ecs {
namespace {

Json named(const char* id, const char* name, const char* reference) {
  return Json{{"id", id}, {"name", name}, {"reference", reference}};
}

Json tactic() { return named("TA0006", "Credential Access", "https://attack.mitre.org/tactics/TA0006/"); }
Json technique() { return named("T1552", "Unsecured Credentials", "https://attack.mitre.org/techniques/T1552/"); }
Json subtechnique() {
  return named("T1552.005", "Cloud Instance Metadata API", "https://attack.mitre.org/techniques/T1552/005/");
}

}  // namespace

Json rule(const AlertPolicy& policy) {
  return Object{}
      .text("id", policy.rule_id)
      .text("uuid", policy.rule_uuid)
      .text("name", policy.rule_name)
      .put("version", "1")
      .put("description", "A Windows process calls the cloud metadata service, and neither this host, nor hosts like it, nor the fleet make "
                          "that likely. The service hands out the credentials of the machine's role to whoever asks on the machine.")
      .put("author", Json::array({"imdswatch"}))
      .put("license", "Apache-2.0")
      .text("reference", policy.rule_reference)
      .put("category", "Credential Access")
      .put("ruleset", "imdswatch")
      .take();
}

/// Of the two logs only Sysmon gives a process an id.
bool has_entity_id(const Sighting& sighting) {
  return std::any_of(sighting.processes.begin(), sighting.processes.end(),
                     [](const ProcessSeen& seen) { return !seen.evidence.process.entity_id.empty(); });
}

Json tags(const AlertOrder& order) {
  Json out = Json::array({"Domain: Endpoint", "Domain: Cloud", "OS: Windows", "Use Case: Threat Detection", "Tactic: Credential Access"});
  bool defend = false, sysmon = false, security = false;
  for (const Finding& finding : order.findings) {
    defend = defend || finding.sighting.format == Format::elastic_defend;
    if (!is_windows_log(finding.sighting.format)) continue;
    (has_entity_id(finding.sighting) ? sysmon : security) = true;
  }
  if (defend) out.push_back("Data Source: Elastic Defend");
  if (sysmon) out.push_back("Data Source: Sysmon");
  if (security) out.push_back("Data Source: Windows Security Event Logs");
  return out;
}

Json threat() {
  return Json{{"framework", "MITRE ATT&CK"},
              {"tactic", {{"id", {tactic()["id"]}}, {"name", {tactic()["name"]}}, {"reference", {tactic()["reference"]}}}},
              {"technique",
               {{"id", {technique()["id"]}},
                {"name", {technique()["name"]}},
                {"reference", {technique()["reference"]}},
                {"subtechnique",
                 {{"id", {subtechnique()["id"]}}, {"name", {subtechnique()["name"]}}, {"reference", {subtechnique()["reference"]}}}}}}};
}

Json threat_list() {
  Json with_sub = technique();
  with_sub["subtechnique"] = Json::array({subtechnique()});
  return Json::array({Json{{"framework", "MITRE ATT&CK"}, {"tactic", tactic()}, {"technique", Json::array({with_sub})}}});
}

void add_kibana(Json& document, const AlertOrder& order, const AlertPolicy& policy, const std::string& id, const std::string& sentence) {
  document["kibana.alert.uuid"] = id;
  document["kibana.alert.status"] = "active";
  document["kibana.alert.workflow_status"] = "open";
  document["kibana.alert.severity"] = policy.severity;
  document["kibana.alert.risk_score"] = policy.risk_score;
  document["kibana.alert.reason"] = sentence;
  document["kibana.alert.start"] = to_iso8601(order.first_call);
  document["kibana.alert.original_time"] = to_iso8601(order.last_call);
  document["kibana.alert.rule.uuid"] = policy.rule_uuid;
  document["kibana.alert.rule.name"] = policy.rule_name;
  document["kibana.alert.rule.tags"] = document["tags"];
  document["kibana.alert.rule.threat"] = threat_list();
}

}  // namespace imdswatch::ecs
