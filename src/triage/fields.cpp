#include "fields.hpp"

#include <algorithm>
#include <iterator>

#include "imdswatch/triage/policy.hpp"

namespace imdswatch::triage {
namespace {

std::string number(const std::optional<std::uint64_t>& value) { return value ? std::to_string(*value) : std::string(); }
std::string yes_no(const std::optional<bool>& value) { return !value ? "" : *value ? "true" : "false"; }

#define IMDS_CALL [](const CallView & c) -> std::string
#define IMDS_EVIDENCE c.process.evidence
#define IMDS_HOST c.sighting.attributes
#define IMDS_SIGNATURE c.sighting.key.signature

/// In the order in which docs/tuning.md lists them.
constexpr Field fields[] = {
    {"process.name", false, false, IMDS_CALL { return IMDS_EVIDENCE.process.name; }},
    {"process.executable", false, true, IMDS_CALL { return IMDS_EVIDENCE.process.executable; }},
    {"process.command_line", true, false, IMDS_CALL { return IMDS_EVIDENCE.process.command_line; }},
    {"process.pid", false, false, IMDS_CALL { return number(IMDS_EVIDENCE.process.pid); }},
    {"process.entity_id", false, false, IMDS_CALL { return IMDS_EVIDENCE.process.entity_id; }},
    {"process.hash.sha256", true, false, IMDS_CALL { return IMDS_EVIDENCE.process.hash_sha256; }},
    {"process.hash.sha1", true, false, IMDS_CALL { return IMDS_EVIDENCE.process.hash_sha1; }},
    {"process.hash.md5", true, false, IMDS_CALL { return IMDS_EVIDENCE.process.hash_md5; }},
    {"process.code_signature.subject_name", false, false, IMDS_CALL { return IMDS_EVIDENCE.signer_subject; }},
    {"process.code_signature.trusted", false, false, IMDS_CALL { return yes_no(IMDS_EVIDENCE.signature_trusted); }},
    {"process.parent.name", true, false, IMDS_CALL { return IMDS_EVIDENCE.parent.name; }},
    {"process.parent.executable", true, true, IMDS_CALL { return IMDS_EVIDENCE.parent.executable; }},
    {"process.parent.command_line", true, false, IMDS_CALL { return IMDS_EVIDENCE.parent.command_line; }},
    {"process.parent.entity_id", true, false, IMDS_CALL { return IMDS_EVIDENCE.parent.entity_id; }},
    {"process.parent.pid", true, false, IMDS_CALL { return number(IMDS_EVIDENCE.parent.pid); }},
    {"user.name", false, false, IMDS_CALL { return IMDS_EVIDENCE.user_name; }},
    {"user.domain", false, false, IMDS_CALL { return IMDS_EVIDENCE.user_domain; }},
    {"user.id", false, false, IMDS_CALL { return IMDS_EVIDENCE.user_id; }},
    {"host.name", false, false, IMDS_CALL { return IMDS_HOST.name; }},
    {"host.id", false, false, IMDS_CALL { return IMDS_HOST.id; }},
    {"host.os.name", false, false, IMDS_CALL { return IMDS_HOST.os_name; }},
    {"host.ip", false, false, IMDS_CALL { return IMDS_HOST.ip; }},
    {"agent.id", false, false, IMDS_CALL { return IMDS_HOST.agent_id; }},
    {"agent.name", false, false, IMDS_CALL { return IMDS_HOST.agent_name; }},
    {"agent.type", false, false, IMDS_CALL { return IMDS_HOST.agent_type; }},
    {"agent.version", false, false, IMDS_CALL { return IMDS_HOST.agent_version; }},
    {"cloud.provider", false, false, IMDS_CALL { return IMDS_HOST.cloud_provider; }},
    {"cloud.account.id", false, false, IMDS_CALL { return IMDS_HOST.cloud_account_id; }},
    {"cloud.instance.id", false, false, IMDS_CALL { return IMDS_HOST.cloud_instance_id; }},
    {"cloud.region", false, false, IMDS_CALL { return IMDS_HOST.cloud_region; }},
    {"destination.ip", false, false, IMDS_CALL { return to_string(c.process.destination); }},
    {"destination.port", false, false, IMDS_CALL { return c.process.port ? std::to_string(*c.process.port) : ""; }},
    {"network.transport", false, false, IMDS_CALL { return c.process.transport; }},
    {"imdswatch.host", false, false, IMDS_CALL { return c.sighting.key.host.value(); }},
    {"imdswatch.peer_value", false, false, IMDS_CALL { return IMDS_HOST.peer_value; }},
    {"imdswatch.format", false, false, IMDS_CALL { return std::string(to_string(c.sighting.format)); }},
    {"imdswatch.signature.name", false, false, IMDS_CALL { return IMDS_SIGNATURE.name; }},
    {"imdswatch.signature.folder", false, true, IMDS_CALL { return IMDS_SIGNATURE.folder.value_or(""); }},
    {"imdswatch.signature.user", false, false,
     IMDS_CALL { return IMDS_SIGNATURE.user ? std::string(to_string(*IMDS_SIGNATURE.user)) : std::string(); }},
    {"imdswatch.signature.signer", false, false, IMDS_CALL { return IMDS_SIGNATURE.signer.value_or(""); }},
};

#undef IMDS_CALL
#undef IMDS_EVIDENCE
#undef IMDS_HOST
#undef IMDS_SIGNATURE

}  // namespace

const Field* find_field(std::string_view name) {
  const auto it = std::find_if(std::begin(fields), std::end(fields), [&](const Field& field) { return field.name == name; });
  return it == std::end(fields) ? nullptr : it;
}

}  // namespace imdswatch::triage

namespace imdswatch {

const std::vector<std::string>& exception_fields() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const triage::Field& field : triage::fields) out.emplace_back(field.name);
    return out;
  }();
  return names;
}

bool needs_evidence(const Condition& condition) {
  const triage::Field* field = triage::find_field(condition.field);
  return field != nullptr && field->evidence;
}

}  // namespace imdswatch
