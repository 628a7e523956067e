#include "call_builder.hpp"

#include "imdswatch/base/hash.hpp"
#include "imdswatch/base/limits.hpp"
#include "imdswatch/sieve/evidence.hpp"
#include "text.hpp"

namespace imdswatch {
namespace {

std::string field(std::string_view text) { return std::string{cut_utf8(text, limits::max_field_bytes)}; }

ProcessDetails details(const ProcessFields& process) {
  ProcessDetails out;
  out.name = field(process.name);
  out.executable = field(process.executable);
  out.entity_id = field(process.entity_id);
  out.command_line = cut_utf8(process.command_line, limits::max_command_line_bytes);
  out.hash_sha256 = field(process.hash_sha256);
  out.hash_sha1 = field(process.hash_sha1);
  out.hash_md5 = field(process.hash_md5);
  out.pid = process.pid;
  return out;
}

Evidence evidence_of(const ProcessFields& process, const ProcessFields& parent, const UserFields& user) {
  Evidence out;
  out.process = details(process);
  out.parent = details(parent);
  out.user_name = field(user.name);
  out.user_domain = field(user.domain);
  out.user_id = field(user.id);
  out.signer_subject = field(process.signature.subject);
  out.signature_trusted = process.signature.trusted;
  return out;
}

HostAttributes attributes_of(const Event& event) {
  HostAttributes out;
  out.name = field(event.host.name);
  out.id = field(event.host.id);
  out.os_name = field(event.host.os_name);
  out.ip = field(event.host.ip);
  out.agent_id = field(event.agent.id);
  out.agent_name = field(event.agent.name);
  out.agent_type = field(event.agent.type);
  out.agent_version = field(event.agent.version);
  out.cloud_provider = field(event.cloud.provider);
  out.cloud_account_id = field(event.cloud.account_id);
  out.cloud_instance_id = field(event.cloud.instance_id);
  out.cloud_region = field(event.cloud.region);
  out.peer_value = field(event.peer_value);
  return out;
}

void complete(std::string& text, const std::string& by) {
  if (text.empty()) text = by;
}

}  // namespace

void complete(ProcessDetails& process, const ProcessDetails& by) {
  complete(process.name, by.name);
  complete(process.executable, by.executable);
  complete(process.entity_id, by.entity_id);
  complete(process.command_line, by.command_line);
  complete(process.hash_sha256, by.hash_sha256);
  complete(process.hash_sha1, by.hash_sha1);
  complete(process.hash_md5, by.hash_md5);
  if (!process.pid) process.pid = by.pid;
}

std::string host_label(std::string_view name) {
  const std::string_view whole = cut_utf8(trim(name), limits::max_name_bytes);
  const std::size_t dot = whole.find('.');
  if (dot == std::string_view::npos || dot == 0 || parse_ip_address(whole)) return fold_case(whole);
  return fold_case(whole.substr(0, dot));
}

HostId host_id(const Event& event) {
  std::string label = host_label(event.host.name);
  if (label.empty()) label = fold_case(cut_utf8(trim(event.host.id), limits::max_name_bytes));
  if (label.empty() || event.namespace_value.empty()) return HostId{std::move(label)};
  return HostId{std::string{cut_utf8(event.namespace_value, limits::max_name_bytes)} + "/" + label};
}

ClockRule::HostHash host_hash(std::string_view name) {
  const std::string label = host_label(name);
  if (label.empty()) return 0;
  const auto hash = static_cast<ClockRule::HostHash>(stable_hash64(label));
  return hash == 0 ? 1 : hash;
}

Evidence evidence_of(const ConnectionEvent& connection) {
  return evidence_of(connection.process, connection.parent, connection.user);
}

Evidence evidence_of(const ProcessStartEvent& start) { return evidence_of(start.process, start.parent, start.user); }

Call make_call(const Event& event, const ConnectionEvent& connection, const Origin& origin, HostId host) {
  Call call;
  call.origin = origin;
  call.time = event.time;
  call.host = std::move(host);
  call.signature = make_signature(connection);
  call.evidence = evidence_of(connection);
  call.attributes = attributes_of(event);
  call.destination = connection.destination;
  call.port = connection.port;
  call.transport = field(connection.transport);
  call.event_id = field(event.event_id);
  call.format = event.format;
  return call;
}

void complete(Evidence& evidence, const Evidence& start) {
  complete(evidence.process, start.process);
  complete(evidence.parent, start.parent);
  if (evidence.user_name.empty() && evidence.user_id.empty()) {
    evidence.user_name = start.user_name;
    evidence.user_domain = start.user_domain;
    evidence.user_id = start.user_id;
  }
  if (evidence.signer_subject.empty() && !evidence.signature_trusted) {
    evidence.signer_subject = start.signer_subject;
    evidence.signature_trusted = start.signature_trusted;
  }
  if (!evidence.process_start) evidence.process_start = start.process_start;
  evidence.joined = true;
}

}  // namespace imdswatch
