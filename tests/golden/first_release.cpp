#include "first_release.hpp"

#include "imdswatch/base/check.hpp"

namespace imdswatch::first_release {
namespace {

using std::chrono::minutes;

/// 2026-02-08T00:00:00Z, a bucket's begin.
constexpr std::int64_t zero_us = 1'770'508'800'000'000;
constexpr std::int64_t zero_bucket = zero_us / 900'000'000;

EventTime at(EventClock::duration since) { return event_time_us(zero_us) + since; }
Bucket bucket(std::int64_t n) { return Bucket{zero_bucket + n}; }

TopicId topic(std::uint8_t n) {
  TopicId out;
  out.bytes.fill(n);
  return out;
}

Origin origin(std::int64_t offset, std::uint32_t place = 0) { return {topic(0xa1), Partition{3}, LeaderEpoch{5}, Offset{offset}, place}; }

IpAddress service_address() {
  const auto address = parse_ip_address("169.254.169.254");
  IMDS_CHECK(address.has_value());
  return *address;
}

Signature known_signature() { return {"curl.exe", "c:\\users\\~\\downloads\\", UserKind::person, "untrusted"}; }

Evidence evidence() {
  Evidence out;
  out.process = {"Curl.exe", "C:\\Users\\Jörg\\Downloads\\Curl.exe", "{5b0d-7}", "curl.exe -H \"X: 1\" http://169.254.169.254/", std::string(64, 'a'),
                 std::string(40, 'b'), std::string(32, 'c'), 6120};
  out.parent = {"w3wp.exe", "C:\\Windows\\System32\\inetsrv\\w3wp.exe", "{5b0d-1}", "w3wp.exe -ap Shop", std::string(64, 'd'), "", "", 900};
  out.user_name = "jörg";
  out.user_domain = "SHOP";
  out.user_id = "S-1-5-21-4-1108";
  out.signer_subject = "Example Ltd";
  out.signature_trusted = false;
  out.process_start = at(minutes{1});
  out.joined = true;
  return out;
}

HostAttributes attributes() {
  return {"web-1", "host-id-1", "Windows Server 2022", "10.0.0.7", "agent-id-1", "agent-1", "endpoint", "8.1",
          "aws", "123456789012", "i-0f00", "eu-central-1", "asg-web"};
}

SightingKey key() { return {bucket(2), HostId{"shop/web-1"}, known_signature()}; }
SightingKey least_key() { return {bucket(2), HostId{"db-1"}, {"a.exe", std::nullopt, std::nullopt, std::nullopt}}; }

Sighting sighting() {
  Sighting out;
  out.key = key();
  out.calls = 4;
  out.first = at(minutes{31});
  out.last = at(minutes{44});
  out.processes = {{evidence(), service_address(), 80, "tcp", 3, at(minutes{31}), at(minutes{44})},
                   {Evidence{}, service_address(), std::nullopt, "", 1, at(minutes{40}), at(minutes{40})}};
  out.processes_omitted = 2;
  out.user_ids = {"S-1-5-18", "S-1-5-21-4-1108"};
  out.user_ids_omitted = 1;
  out.sources = {{origin(70), "event-70"}, {origin(71, 2), ""}};
  out.attributes = attributes();
  out.host_ids = {"host-id-1", "web-1"};
  out.format = Format::winlogbeat_raw;
  out.late = true;
  out.clock_skewed = true;
  return out;
}

Finding finding() {
  Finding out;
  out.sighting = sighting();
  out.score.surprise = 6.25;
  out.score.points = 69.444444;
  out.score.expected_interval_days = 4000.5;
  out.score.factors = {{Factor::Part::name, "curl.exe", true, 5.5, 0.5, 2310, 1, 14, 3, 600, at(minutes{-90})},
                       {Factor::Part::signer, "", false, 0.75, 0, 0, 0, 0, 0, 0, std::nullopt}};
  out.score.peer_group = "stem:shop/web";
  out.score.usual_callers = {"agent.exe", "ägent.exe"};
  out.score.host_sightings = 2310;
  out.score.sparse_history = true;
  out.reason = Finding::Reason::new_to_fleet;
  out.first = false;
  out.learning = true;
  return out;
}

OpenSighting open_sighting() {
  OpenSighting out;
  out.calls = 6;
  out.first = at(minutes{30});
  out.last = at(minutes{44});
  out.unseen = sighting();
  out.judgement = Judgement{true, 6.25};
  out.peer_value = "asg-web";
  out.moments = {{at(minutes{30}), origin(69), CallMoment::no_process, true}, {at(minutes{31}), origin(70), 0, false}};
  return out;
}

}  // namespace

std::vector<ModelRow> model_rows() {
  const Votes votes{12.25, 20'492, 14, at(minutes{-90})};
  NameSeen name;
  name.seen = {3.5F, 29'508'480};
  name.parts = {{PartKind::folder, "c:\\a\\", {1.0F, 29'508'000}}, {PartKind::user, "person", {3.5F, 29'508'480}}, {PartKind::signer, "acme", {2, 29'508'465}}};
  name.signatures = {{std::nullopt, std::nullopt, std::nullopt, {0.5F, 29'508'000}, false, 5, 2, 20'491},
                     {"c:\\a\\", UserKind::person, "acme", {2, 29'508'465}, true, 0, 0, 0}};
  return {HostRow{HostId{"shop/web-1"}, HostHeader{29'000'000, 20'492, 77, {70.5F, 29'508'480}, "stem:shop/web"}},
          HostRow{HostId{"shop/web-2"}, std::nullopt},
          HostNameRow{HostId{"shop/web-1"}, "a.exe", name},
          HostNameRow{HostId{"shop/web-1"}, "b.exe", std::nullopt},
          FleetNameRow{"a.exe", votes},
          FleetNameRow{"b.exe", std::nullopt},
          FleetPartRow{"a.exe", PartKind::folder, "c:\\a\\", votes},
          FleetPartRow{"a.exe", PartKind::user, "person", std::nullopt},
          PeerNameRow{"stem:shop/web", "a.exe", votes},
          PeerNameRow{"stem:shop/web", "b.exe", std::nullopt},
          LearningRow{at(minutes{-90}), true, 20'492}};
}

std::vector<TriageRow> triage_rows() {
  AlertMemory alert;
  alert.state = AlertMemory::State::grouped;
  alert.told_in = bucket(4);
  alert.group = bucket(1);
  alert.suppress_from = alert.first_call = at(minutes{31});
  alert.last_call = at(minutes{44});
  alert.calls = 1ULL << 40;
  alert.user_ids = {"S-1-5-18", "S-1-5-21-4-1108"};
  alert.joined = {bucket(2), bucket(3)};
  AlertMemory told;
  told.state = AlertMemory::State::told;
  told.version = 7;
  const GroupMemory group{bucket(1), at(minutes{16}), 3, 4, bucket(4), at(minutes{17}), at(minutes{44}), 99};
  return {AlertMemoryRow{key(), alert},
          AlertMemoryRow{least_key(), told},
          AlertMemoryRow{{bucket(0), HostId{"db-1"}, known_signature()}, std::nullopt},
          GroupMemoryRow{known_signature(), group},
          GroupMemoryRow{{"a.exe", "", UserKind::system, "unsigned"}, std::nullopt},
          GroupMemberRow{known_signature(), HostId{"shop/web-1"}, GroupMember{GroupMember::Part::listed}},
          GroupMemberRow{known_signature(), HostId{"shop/web-2"}, std::nullopt},
          WaitingFindingRow{key(), WaitingFinding{finding(), at(minutes{60})}},
          WaitingFindingRow{least_key(), std::nullopt},
          PlacesUsedRow{PlacesUsed{bucket(4), 100, 50, 3, 2}}};
}

std::vector<WindowRow> window_rows() {
  OpenSighting plain;
  plain.calls = 1;
  plain.plain = true;
  SourceTime time;
  time.watermark = at(minutes{45});
  time.reported = time.at_end = true;
  time.left_out = true;
  time.generation = Generation{12};
  time.last_append = wall_time_ms(1'790'000'000'123);
  time.heard_at = std::chrono::seconds{5};
  TimeRow now;
  now.roster = {{{topic(0xa1), 8}, wall_time_ms(1'790'000'000'100)}, {{topic(0xb2), 1}, wall_time_ms(1'790'000'000'050)}};
  now.time = at(minutes{45});
  now.last_run = at(minutes{45});
  now.elapsed = std::chrono::hours{3};
  now.last_wall = wall_time_ms(1'790'000'000'000);
  now.last_append = wall_time_ms(1'790'000'000'123);
  const TopicPartition source{topic(0xa1), Partition{3}}, other{topic(0xb2), Partition{0}};
  return {SightingRow{key(), open_sighting()}, SightingRow{least_key(), plain},     SightingRow{{bucket(0), HostId{"db-1"}, known_signature()}, std::nullopt},
          MarkRow{source, origin(71, 2)},      MarkRow{other, std::nullopt},        SourceRow{source, time},
          SourceRow{other, std::nullopt},      now};
}

std::vector<LogBody> call_log() {
  Call call;
  call.origin = origin(70, 1);
  call.time = at(minutes{31}) + std::chrono::microseconds{456};
  call.host = HostId{"shop/web-1"};
  call.signature = known_signature();
  call.evidence = evidence();
  call.attributes = attributes();
  call.destination = service_address();
  call.port = 80;
  call.transport = "tcp";
  call.event_id = "event-70";
  call.format = Format::winlogbeat_raw;
  call.clock_skewed = true;
  Call least;
  least.host = HostId{"db-1"};
  least.signature.name = "a.exe";
  Progress progress;
  progress.roster = {{topic(0xa1), 8}, {topic(0xb2), 1}};
  progress.source = {topic(0xa1), Partition{3}};
  progress.watermark = at(minutes{45});
  progress.at_end = true;
  progress.generation = Generation{12};
  progress.wall = wall_time_ms(1'790'000'000'000);
  Progress silent = progress;
  silent.watermark.reset();
  silent.at_end = false;
  return {call, least, Lineage{call.origin, call.host, call.time, call.evidence}, Lineage{least.origin, least.host, least.time, {}}, progress, silent};
}

}  // namespace imdswatch::first_release
