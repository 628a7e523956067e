#include <cmath>

#include "explain.hpp"

namespace imdswatch::words {
namespace {

std::string destination(const ProcessSeen& process) {
  const std::string address = to_string(process.destination);
  if (!process.port) return address;
  return (address.find(':') == std::string::npos ? address : "[" + address + "]") + ":" + std::to_string(*process.port);
}

std::string single(const AlertOrder& order) {
  const Finding& finding = order.findings.front();
  std::string out = process_name(finding) + " on " + host_name(finding);
  if (!finding.sighting.processes.empty()) {
    const ProcessSeen& process = finding.sighting.processes.front();
    const std::string user = user_name(process.evidence);
    if (!process.evidence.parent.name.empty()) out += ", started by " + process.evidence.parent.name;
    if (!user.empty()) out += (process.evidence.parent.name.empty() ? ", running as " : " as ") + user + ",";
    else if (!process.evidence.parent.name.empty()) out += ",";
    out += " called the cloud metadata service (" + destination(process) + ")";
  } else {
    out += " called the cloud metadata service";
  }
  out += order.calls == 1 ? "" : " " + counted(order.calls, "time");
  return out + ": score " + std::to_string(std::lround(finding.score.points)) + " of 100, unusual for this host.";
}

std::string group(const AlertOrder& order) {
  std::string out = order.identity.signature.name + " called the cloud metadata service on " + counted(order.group_hosts_count, "host") +
                    " where it is unusual, within a day";
  if (order.group_hosts_added.empty()) return out + ".";
  out += "; added: ";
  for (std::size_t i = 0; i < order.group_hosts_added.size() && i < 3; ++i) out += (i == 0 ? "" : ", ") + order.group_hosts_added[i];
  if (order.group_hosts_added.size() > 3) out += " and " + number(order.group_hosts_added.size() - 3) + " more";
  return out + ".";
}

std::string report(const AlertOrder& order) {
  const LearningReport& r = order.report.front();
  return "The learning period is over: " + counted(r.entries.size() + r.entries_omitted, "caller") + " of the metadata service seen on few of " +
         counted(r.hosts, "host") + " should be looked at by a person.";
}

}  // namespace

std::string_view to_string(AlertOrder::Kind kind) {
  switch (kind) {
    case AlertOrder::Kind::single: return "single";
    case AlertOrder::Kind::group: return "group";
    case AlertOrder::Kind::overflow: return "overflow";
    case AlertOrder::Kind::learning_report: return "learning_report";
  }
  return "single";
}

std::string sentence(const AlertOrder& order) {
  switch (order.kind) {
    case AlertOrder::Kind::single: return single(order);
    case AlertOrder::Kind::group: return group(order);
    case AlertOrder::Kind::overflow:
      return counted(order.findings_dropped, "finding") + " of this run could be neither told nor carried over: far more callers are unusual "
             "than alerts are allowed. Look for what changed in the fleet, then replay the call log.";
    case AlertOrder::Kind::learning_report: return report(order);
  }
  return {};
}

std::string number(std::uint64_t value) {
  std::string out = std::to_string(value);
  for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, ",");
  return out;
}

std::string counted(std::uint64_t value, const std::string& singular) { return number(value) + " " + singular + (value == 1 ? "" : "s"); }

std::string date(EventTime time) { return to_iso8601(time).substr(0, 10); }

std::string cut(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "\xe2\x80\xa6";
}

std::string process_name(const Finding& finding) {
  const auto& processes = finding.sighting.processes;
  const std::string written = processes.empty() ? "" : processes.front().evidence.process.name;
  return written.empty() ? finding.sighting.key.signature.name : written;
}

std::string host_name(const Finding& finding) {
  const std::string& written = finding.sighting.attributes.name;
  return written.empty() ? finding.sighting.key.host.value() : written;
}

std::string user_name(const Evidence& evidence) {
  if (evidence.user_name.empty()) return evidence.user_id;
  return evidence.user_domain.empty() ? evidence.user_name : evidence.user_domain + "\\" + evidence.user_name;
}

}  // namespace imdswatch::words
