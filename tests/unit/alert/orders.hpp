#pragma once

#include <map>
#include <string>

#include "../triage/make.hpp"
#include "imdswatch/triage/order.hpp"

/// Orders of every kind, as golden files and tests tell them. What they say is made up.
namespace imdswatch::testing {

inline Factor factor(Factor::Part part, const std::string& value, double surprise, double with, double of, std::uint32_t peers_with,
                     std::uint32_t fleet_with) {
  Factor f;
  f.part = part;
  f.value = value;
  f.surprise = surprise;
  f.host_windows_with = with;
  f.host_windows = of;
  f.peers_with = peers_with;
  f.peers = 14;
  f.fleet_with = fleet_with;
  f.fleet = 600;
  if (fleet_with > 0) f.fleet_since = at(-hours{24 * 20});
  return f;
}

inline Score full_score() {
  Score s;
  s.surprise = 6.913402;
  s.points = 76.815578;
  s.expected_interval_days = 85'333.5;
  s.factors = {factor(Factor::Part::name, "curl.exe", 4.1, 0, 2310.4, 0, 3), factor(Factor::Part::folder, "c:\\users\\public\\", 2.2, 0, 0, 0, 0),
               factor(Factor::Part::user, "person", 0.513402, 0, 0, 0, 2), factor(Factor::Part::signer, "", 0.1, 0, 0, 0, 0)};
  s.factors[3].known = false;
  s.peer_group = "stem:web-asg";
  s.usual_callers = {"amazon-ssm-agent.exe", "ec2config.exe"};
  s.host_sightings = 2310.4;
  return s;
}

inline Finding full_finding() {
  Finding f = finding("web-asg-0a1b2c", "curl.exe", 40, 6.913402, minutes{3} + seconds{7});
  f.score = full_score();
  Sighting& sighting = f.sighting;
  sighting.key.signature.signer.reset();
  sighting.attributes = {"WEB-ASG-0A1B2C", "6f1c", "Windows Server 2022", "10.0.3.17", "a-1", "WEB-ASG-0A1B2C", "endpoint", "8.18.0",
                         "aws", "111122223333", "i-0a1b2c3d4e5f", "eu-central-1", "web-asg"};
  sighting.host_ids = {"6f1c", "web-asg-0a1b2c"};
  Evidence& e = sighting.processes[0].evidence;
  e.process.hash_sha256 = std::string(64, 'a');
  e.process.command_line = "curl.exe -s http://169.254.169.254/latest/meta-data/iam/security-credentials/web-role";
  e.parent = {"tomcat9.exe", "C:\\Program Files\\Tomcat\\bin\\tomcat9.exe", "{p-1}", "tomcat9.exe //RS//Tomcat9", "", "", "", 1200};
  e.user_domain = "CORP";
  e.process_start = sighting.first - seconds{2};
  return f;
}

inline AlertOrder single_order() {
  AlertOrder o;
  const Finding f = full_finding();
  o.identity = f.sighting.key;
  o.run = run_closing(40).time;
  o.findings = {f};
  o.calls = 1;
  o.first_call = o.last_call = f.sighting.first;
  return o;
}

inline AlertOrder update_order() {
  AlertOrder o = single_order();
  o.version = 3;
  o.calls = 12;
  o.held_by_cap = true;
  Sighting& s = o.findings[0].sighting;
  s.key.bucket = bucket(44);
  s.first += hours{1};
  s.last = s.first + minutes{2};
  s.processes[0] = process(s.first, "S-1-5-18", 4);
  s.processes[0].evidence.process = {};
  s.processes[0].evidence.parent = {};
  s.processes[0].evidence.user_name.clear();
  s.processes[0].evidence.joined = false;
  s.processes.push_back(process(s.last, "", 1));
  s.processes_omitted = 2;
  s.calls = 7;
  s.late = s.clock_skewed = true;
  s.format = Format::winlogbeat_raw;
  o.findings[0].reason = Finding::Reason::new_to_fleet;
  o.findings[0].learning = true;
  o.findings[0].score.sparse_history = true;
  o.findings[0].score.host_sightings = 6.2;
  o.findings[0].score.expected_interval_days.reset();
  o.last_call = s.last;
  return o;
}

inline AlertOrder group_order() {
  AlertOrder o;
  o.kind = AlertOrder::Kind::group;
  o.identity = {bucket(38), HostId{}, full_finding().sighting.key.signature};
  o.version = 2;
  o.run = run_closing(40).time;
  o.findings = {full_finding(), full_finding()};
  o.findings[1].sighting.attributes = {"WEB-ASG-0D4E5F", "", "", "", "", "", "", "", "", "", "", "", ""};
  o.findings[1].sighting.key.host = HostId{"web-asg-0d4e5f"};
  o.calls = 9;
  o.first_call = at(minutes{15} * 38);
  o.last_call = o.findings[0].sighting.last;
  o.group_hosts = {"db-1", "db-2", "db-3", "web-asg-000001", "web-asg-0a1b2c", "web-asg-0d4e5f"};
  o.group_hosts_count = 6;
  o.group_hosts_added = {"web-asg-0a1b2c", "web-asg-0d4e5f"};
  return o;
}

/// Nothing known but what the identity says, and text that is neither UTF-8 nor fit for a terminal.
inline AlertOrder bare_order() {
  AlertOrder o = single_order();
  Finding& f = o.findings[0];
  f = finding("bare-1", "bad\xff\x1b.exe", 40);
  f.sighting.key.signature = {"bad\xff\x1b.exe", std::nullopt, std::nullopt, std::nullopt};
  f.sighting.processes.clear();
  f.sighting.processes_omitted = 3;
  f.sighting.sources.clear();
  f.sighting.user_ids.clear();
  f.sighting.host_ids.clear();
  f.sighting.attributes = {};
  f.sighting.format = Format::unknown;
  f.score = {};
  o.identity = f.sighting.key;
  return o;
}

inline AlertOrder overflow_order() {
  AlertOrder o;
  o.kind = AlertOrder::Kind::overflow;
  o.identity.bucket = bucket(40);
  o.run = o.first_call = o.last_call = run_closing(40).time;
  o.findings_dropped = 1234;
  return o;
}

inline AlertOrder report_order() {
  AlertOrder o;
  o.kind = AlertOrder::Kind::learning_report;
  o.run = at(hours{72});
  LearningReport r;
  r.from = at(hours{0});
  r.to = at(hours{72});
  r.hosts = 600;
  r.entries = {{signature("odd.exe"), 1, {"web-1"}, 6.2}, {{"rare.exe", std::nullopt, std::nullopt, std::nullopt}, 5, {"a", "b"}, 4.9}};
  r.entries_omitted = 3;
  o.report = {r};
  return o;
}

/// By the name of their golden file.
inline std::map<std::string, AlertOrder> all_orders() {
  return {{"single", single_order()}, {"update", update_order()}, {"group", group_order()}, {"bare", bare_order()},
          {"overflow", overflow_order()},
          {"learning_report", report_order()}};
}

}  // namespace imdswatch::testing
