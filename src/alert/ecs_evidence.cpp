#include <algorithm>
#include <set>

#include "ecs.hpp"
#include "explain.hpp"

namespace imdswatch::ecs {
namespace {

Json hash(const ProcessDetails& p, const Detail& detail) {
  return Object{}.text("md5", p.hash_md5, detail.text).text("sha1", p.hash_sha1, detail.text).text("sha256", p.hash_sha256, detail.text).take();
}

void add_details(Object& out, const ProcessDetails& p, const std::string& name, const Detail& detail, std::size_t command_line) {
  out.text("name", name, detail.text)
      .text("executable", p.executable, detail.text)
      .text("command_line", p.command_line, command_line)
      .maybe("pid", p.pid)
      .text("entity_id", p.entity_id, detail.text)
      .put("hash", hash(p, detail));
}

}  // namespace

Json host(const Finding& finding, const Detail& detail) {
  const HostAttributes& a = finding.sighting.attributes;
  Object out;
  out.text("name", words::host_name(finding), detail.text)
      .text("id", a.id, detail.text)
      .put("os", Object{}.put("type", "windows").put("family", "windows").text("name", a.os_name, detail.text).take());
  if (!a.ip.empty()) out.put("ip", Json::array({words::cut(a.ip, detail.text)}));
  return out.take();
}

Json agent(const HostAttributes& a, const Detail& detail) {
  return Object{}
      .text("id", a.agent_id, detail.text)
      .text("name", a.agent_name, detail.text)
      .text("type", a.agent_type, detail.text)
      .text("version", a.agent_version, detail.text)
      .take();
}

Json cloud(const HostAttributes& a, const Detail& detail) {
  return Object{}
      .text("provider", a.cloud_provider, detail.text)
      .put("account", Object{}.text("id", a.cloud_account_id, detail.text).take())
      .put("instance", Object{}.text("id", a.cloud_instance_id, detail.text).take())
      .text("region", a.cloud_region, detail.text)
      .take();
}

Json process(const Finding& finding, const Evidence& e, const Detail& detail, std::size_t command_line) {
  Object out, parent;
  add_details(out, e.process, e.process.name.empty() ? finding.sighting.key.signature.name : e.process.name, detail, command_line);
  if (e.process_start) out.put("start", to_iso8601(*e.process_start));
  out.put("code_signature", Object{}.text("subject_name", e.signer_subject, detail.text).maybe("trusted", e.signature_trusted).take());
  add_details(parent, e.parent, e.parent.name, detail, command_line);
  return out.put("parent", parent.take()).take();
}

Json user(const Evidence& e, const Detail& detail) {
  return Object{}.text("name", e.user_name, detail.text).text("domain", e.user_domain, detail.text).text("id", e.user_id, detail.text).take();
}

Json destination(const ProcessSeen& p) {
  const std::string ip = to_string(p.destination);
  return Object{}.text("address", ip).text("ip", ip).maybe("port", p.port).take();
}

Json network(const ProcessSeen& p) {
  const bool v6 = to_string(p.destination).find(':') != std::string::npos;
  return Object{}.put("direction", "egress").text("transport", p.transport, 64).put("type", v6 ? "ipv6" : "ipv4").take();
}

Json related(const AlertOrder& order, const Detail& detail) {
  std::set<std::string> hosts, users, ips, hashes;
  const auto add = [&](std::set<std::string>& to, const std::string& value) {
    if (!value.empty() && to.size() < detail.hosts) to.insert(words::cut(value, detail.text));
  };
  for (const std::string& name : order.group_hosts) add(hosts, name);
  for (const Finding& finding : order.findings) {
    add(hosts, words::host_name(finding));
    for (const std::string& id : finding.sighting.host_ids) add(hosts, id);
    for (const std::string& id : finding.sighting.user_ids) add(users, id);
    add(ips, finding.sighting.attributes.ip);
    for (const ProcessSeen& p : finding.sighting.processes) {
      add(users, p.evidence.user_name);
      add(users, p.evidence.user_id);
      add(ips, to_string(p.destination));
      for (const ProcessDetails* d : {&p.evidence.process, &p.evidence.parent}) {
        for (const std::string* value : {&d->hash_md5, &d->hash_sha1, &d->hash_sha256}) add(hashes, *value);
      }
    }
  }
  return Object{}.put("hash", hashes).put("hosts", hosts).put("ip", ips).put("user", users).take();
}

Json processes(const Finding& finding, const Detail& detail) {
  Json out = Json::array();
  for (const ProcessSeen& p : finding.sighting.processes) {
    if (out.size() >= detail.processes) break;
    out.push_back(Object{}
                      .put("calls", p.calls)
                      .put("first", to_iso8601(p.first))
                      .put("last", to_iso8601(p.last))
                      .put("evidence_found", p.evidence.joined)
                      .put("process", process(finding, p.evidence, detail, detail.listed_command_line))
                      .put("user", user(p.evidence, detail))
                      .put("destination", destination(p))
                      .put("network", network(p))
                      .take());
  }
  return out;
}

Json sources(const Sighting& sighting, const Detail& detail) {
  Json out = Json::array();
  for (const SourceEvent& s : sighting.sources) {
    out.push_back(Object{}
                      .put("topic_id", to_string(s.origin.topic))
                      .put("partition", s.origin.partition.value())
                      .put("leader_epoch", s.origin.epoch.value())
                      .put("offset", s.origin.offset.value())
                      .put("place", s.origin.place)
                      .text("event_id", s.event_id, detail.text)
                      .take());
  }
  return out;
}

}  // namespace imdswatch::ecs
