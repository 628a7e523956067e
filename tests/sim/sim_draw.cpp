#include "sim_draw.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "fleet/fleet.hpp"
#include "fleet_run.hpp"

namespace imdswatch::sim {
namespace {

constexpr std::uint64_t seeds_of_a_fleet = 5;  ///< its events cost as much to write as to read

struct DrawnFleet {
  std::vector<fleet::Event> events, closing;
  std::size_t hosts = 0;
};

DrawnFleet draw_fleet(std::uint64_t number) {
  fleet::Random random(number);
  fleet::Options options;
  options.seed = random.next();
  options.hosts = 8 + static_cast<int>(random.below(8));
  options.days = 3;
  options.everyday_events_per_hour = 0.05;
  options.call_rate = 0.15;
  options.most_lag = std::chrono::seconds{random.below(100)};
  options.thefts_after_day = 1;
  options.roll_out = random.chance(0.5);
  fleet::Fleet fleet(options);
  DrawnFleet out;
  while (auto event = fleet.next()) out.events.push_back(std::move(*event));
  out.closing = fleet.closing_events();
  out.hosts = fleet.hosts().size();
  return out;
}

/// The last one that this thread drew is kept.
const DrawnFleet& fleet_of(std::uint64_t seed) {
  thread_local std::pair<std::uint64_t, DrawnFleet> last{~0ULL, {}};
  if (const std::uint64_t number = seed / seeds_of_a_fleet; last.first != number) last = {number, draw_fleet(number)};
  return last.second;
}

RawRecord garbage(EventTime arrives, fleet::Random& random) {
  switch (random.below(5)) {
    case 0: return {arrives, ""};
    case 1: return {arrives, "{\"@timestamp\":\"2026-"};
    case 2: return {arrives, "not json at all"};
    case 3: return {arrives, "[null,7]", 2};
    default: return {arrives, std::string("\xff\xfe\x00\x01", 4)};
  }
}

/// How a shipper puts several events into one message.
struct Packing {
  std::string_view begin, between, end;
};
constexpr std::array<Packing, 3> packings{{{"", "\n", ""}, {"[", ",", "]"}, {"{\"records\":[", ",", "]}"}}};
constexpr std::chrono::seconds packed_within{10};  ///< it waits no longer for the next one

void pack(RawRecord& message, const Packing& packing, RawRecord event) {
  if (message.events++ == 1) message.bytes.insert(0, packing.begin).append(packing.end);
  message.bytes.insert(message.bytes.size() - packing.end.size(), std::string(packing.between) + event.bytes);
  message.arrives = event.arrives;
}

/// The fleet's days are the 5th to the 8th of January.
std::string twenty_days_ahead(std::string json) {
  constexpr std::string_view from = "2026-01-0";
  for (std::size_t at = json.find(from); at != std::string::npos; at = json.find(from, at + 1))
    json[at + from.size() - 1] = '2';
  return json;
}

}  // namespace

Config draw_config(fleet::Random& random) {
  Config config = testing::default_config();
  config.detector.model.learning_for = std::chrono::hours{random.chance(0.8) ? 24 : 0};
  config.detector.triage.max_alerts_per_run = random.chance(0.3) ? 2 : 100;
  config.kafka.shards = 1 << random.below(3);
  return config;
}

RawPartitions draw_messages(std::uint64_t seed, fleet::Random& random, std::size_t partitions, Faults& faults) {
  const DrawnFleet& fleet = fleet_of(seed);
  RawPartitions out(partitions);
  const auto jumping_host = random.below(fleet.hosts);
  const double packed = random.chance(0.5) ? 0.5 * random.unit() : 0;
  const Packing& packing = packings[random.below(packings.size())];
  EventTime arrives{};
  for (const fleet::Event& event : fleet.events) {
    auto& partition = out[event.host % partitions];
    arrives = std::max(arrives, event.time);
    const bool after_garbage = faults.happens(Fault::garbage, random);
    if (after_garbage) partition.push_back(garbage(arrives, random));
    const bool jumps = event.host == jumping_host && faults.happens(Fault::event_clock_jump, random);
    RawRecord record{arrives, jumps ? twenty_days_ahead(event.json) : event.json};
    if (!after_garbage && !partition.empty() && arrives - partition.back().arrives <= packed_within && random.chance(packed)) {
      pack(partition.back(), packing, std::move(record));
    } else {
      partition.push_back(std::move(record));
    }
    if (faults.happens(Fault::redelivery, random)) partition.push_back(partition.back());
  }
  for (const fleet::Event& event : fleet.closing) {
    for (auto& partition : out) partition.push_back({event.time, event.json});
  }
  return out;
}

std::string draw_call_log_garbage(fleet::Random& random, std::string_view record) {
  switch (random.below(6)) {
    case 0: return garbage({}, random).bytes;
    case 1: return R"({"v":1,"type":"later"})";
    case 2: return R"({"v":1,"type":"call","host":"db-1"})";
    case 3: return R"({"v":1,"type":"progress","partition":0})";
    default: return std::string(record.substr(0, record.size() - std::min<std::size_t>(record.size(), 1 + random.below(400))));
  }
}

EventTime draw_live_from(fleet::Random& random, const RawPartitions& raw) {
  const EventTime end = raw.front().back().arrives;
  if (random.chance(0.5)) return end;
  return end - std::chrono::seconds{random.below(2 * 24 * 3600)};
}

}  // namespace imdswatch::sim
