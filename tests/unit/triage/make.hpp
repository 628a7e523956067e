#pragma once

#include <string>
#include <utility>
#include <vector>

#include "imdswatch/base/check.hpp"
#include "imdswatch/triage/triage.hpp"

/// Findings and runs for tests of triage and alert. Bucket 0 begins at `epoch`, a Sunday of 2026.
namespace imdswatch::testing {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline constexpr std::int64_t first_bucket = 1'967'232;  // 2026-02-08T00:00:00Z in quarters of an hour
inline EventTime at(EventClock::duration since_epoch) { return event_time_us(first_bucket * 900'000'000) + since_epoch; }
inline Bucket bucket(std::int64_t n) { return Bucket{first_bucket + n}; }

/// The run that closes bucket n: T = the end of it, with a look-back of three buckets.
inline Run run_closing(std::int64_t n) { return {at(minutes{15} * (n + 1)), bucket(n), bucket(n - 2)}; }

inline Signature signature(const std::string& name) {
  return {name, "c:\\users\\public\\", UserKind::person, "unsigned"};
}

inline ProcessSeen process(EventTime time, const std::string& user_id = "S-1-5-21-7", std::uint64_t calls = 1) {
  ProcessSeen p;
  p.evidence.process = {"Curl.exe", "C:\\Users\\Public\\Curl.exe", "{e-1}", "curl.exe http://169.254.169.254/latest/", "", "", "", 4242};
  p.evidence.parent.name = "tomcat9.exe";
  p.evidence.user_name = "svc_web";
  p.evidence.user_id = user_id;
  p.evidence.joined = true;
  p.destination = IpAddress{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 169, 254, 169, 254}};
  p.port = 80;
  p.transport = "tcp";
  p.calls = calls;
  p.first = p.last = time;
  return p;
}

/// One call of `host` under `name` in bucket n, `into` after the bucket's start.
inline Finding finding(const std::string& host, const std::string& name, std::int64_t n, double s = 6, EventClock::duration into = minutes{1},
                       const std::string& user_id = "S-1-5-21-7") {
  Finding f;
  Sighting& sighting = f.sighting;
  sighting.key = {bucket(n), HostId{host}, signature(name)};
  sighting.calls = 1;
  sighting.first = sighting.last = at(minutes{15} * n) + into;
  sighting.processes = {process(sighting.first, user_id)};
  if (!user_id.empty()) sighting.user_ids = {user_id};
  SourceEvent source;
  source.origin.offset = Offset{to_us(sighting.first) / 1000 % 1'000'000'000};
  source.event_id = "event-" + host + "-" + std::to_string(n);
  sighting.sources = {source};
  sighting.attributes.name = host;
  sighting.host_ids = {host};
  sighting.format = Format::elastic_defend;
  f.score.surprise = s;
  f.score.points = s / 9 * 100;
  return f;
}

/// Hands the run's findings in and holds the account against them.
inline TriageOutcome admit(Triage& triage, std::vector<Finding> findings, const Run& run) {
  TriageOutcome out = triage.admit(std::move(findings), run);
  const TriageCounts& c = out.counts;
  IMDS_CHECK(c.findings == c.muted + c.repeated + c.grouped + c.told + c.carried + c.overflowed);
  return out;
}

/// What an order says, in a form that compares and prints: "single web-1/curl.exe@3 v1 calls=2".
inline std::string brief(const AlertOrder& order) {
  static constexpr const char* kinds[] = {"single", "group", "overflow", "learning"};
  std::string out = kinds[static_cast<std::size_t>(order.kind)];
  if (order.kind == AlertOrder::Kind::overflow) {
    return out + "@" + std::to_string(order.identity.bucket.value() - first_bucket) + " v" + std::to_string(order.version) + " dropped=" +
           std::to_string(order.findings_dropped);
  }
  out += " " + order.identity.host.value() + "/" + order.identity.signature.name + "@" +
         std::to_string(order.identity.bucket.value() - first_bucket) + " v" + std::to_string(order.version) + " calls=" +
         std::to_string(order.calls);
  if (order.held_by_cap) out += " held";
  for (const std::string& host : order.group_hosts_added) out += " +" + host;
  return out;
}

inline std::vector<std::string> brief(const TriageOutcome& outcome) {
  std::vector<std::string> out;
  for (const AlertOrder& order : outcome.orders) out.push_back(brief(order));
  return out;
}

using Briefs = std::vector<std::string>;

}  // namespace imdswatch::testing
