#include "sim_world.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "fleet/fleet.hpp"
#include "fleet_run.hpp"
#include "pipeline.hpp"
#include "sim_instance.hpp"

namespace imdswatch::sim {
namespace {

constexpr int most_steps = 20'000;

fleet::Options draw_fleet(fleet::Random& random) {
  fleet::Options options;
  options.seed = random.next();
  options.hosts = 8 + static_cast<int>(random.below(8));
  options.days = 3;
  options.everyday_events_per_hour = 0.05;
  options.call_rate = 0.15;
  options.most_lag = std::chrono::seconds{random.below(100)};
  options.thefts_after_day = 1;
  options.roll_out = random.chance(0.5);
  return options;
}

Faults draw_faults(fleet::Random& random) {
  const auto maybe = [&](double most) { return random.chance(0.6) ? most * random.unit() : 0.0; };
  Faults out;
  out.crash = maybe(0.02);
  out.zombie = maybe(0.02);
  out.rebalance = maybe(0.02);
  out.produce_failure = maybe(0.02);
  out.abort = maybe(0.1);
  out.unknown = maybe(0.1);
  out.crash_before_commit = maybe(0.05);
  out.crash_after_commit = maybe(0.05);
  out.compaction = maybe(0.05);
  return out;
}

std::string garbage(fleet::Random& random) {
  switch (random.below(4)) {
    case 0: return "";
    case 1: return "{\"@timestamp\":\"2026-";
    case 2: return "not json at all";
    default: return std::string("\xff\xfe\x00\x01", 4);
  }
}

/// The fleet's events by partition (keyed by host), with garbage, redelivered events and a host whose clock jumps among them.
std::vector<std::vector<std::string>> draw_messages(fleet::Random& random, std::size_t partitions) {
  fleet::Fleet fleet(draw_fleet(random));
  std::vector<std::vector<std::string>> out(partitions);
  const double garbage_share = random.chance(0.5) ? 0.02 : 0;
  const double repeat_share = random.chance(0.5) ? 0.03 : 0;
  while (auto event = fleet.next()) {
    auto& partition = out[event->host % partitions];
    if (random.chance(garbage_share)) partition.push_back(garbage(random));
    partition.push_back(event->json);
    if (random.chance(repeat_share)) partition.push_back(event->json);
  }
  for (const fleet::Event& event : fleet.closing_events()) {
    for (auto& partition : out) partition.push_back(event.json);
  }
  return out;
}

class World {
 public:
  World(std::uint64_t seed, Canary canary);
  Outcome run();

 private:
  void step(const Faults& faults);
  void rebalance();
  bool settled();
  void reference();
  void compare();

  fleet::Random random_;
  Canary canary_;
  Config config_;
  Faults faults_;
  Broker broker_;
  std::vector<std::unique_ptr<Instance>> instances_;
  std::vector<Alert> expected_;
  Outcome outcome_;
};

Config draw_config(fleet::Random& random, Canary canary) {
  Config config = testing::default_config();
  config.detector.model.learning_for = std::chrono::hours{random.chance(0.8) ? 24 : 0};
  config.detector.triage.max_alerts_per_run = random.chance(0.3) ? 2 : 100;
  config.kafka.shards = 1 + static_cast<int>(random.below(3));
  static_cast<void>(canary);
  return config;
}

World::World(std::uint64_t seed, Canary canary)
    : random_(seed),
      canary_(canary),
      config_(draw_config(random_, canary)),
      faults_(draw_faults(random_)),
      broker_(draw_messages(random_, 1 + random_.below(4)), config_.kafka.shards) {
  reference();
  DetectorConfig detector = config_.detector;
  if (canary == Canary::silent_partition_left_out_early) detector.schedule.stall_timeout = std::chrono::seconds{1};
  const std::size_t count = 1 + random_.below(4);
  for (std::size_t i = 0; i < count; ++i) {
    instances_.push_back(std::make_unique<Instance>(Setting{broker_, random_, faults_, canary}, config_.sieve, detector));
  }
  rebalance();
}

/// The undisturbed run that everything is held against.
void World::reference() {
  Pipeline pipeline(config_.sieve, config_.detector, config_.kafka.shards,
                    {.alert = [&](const Alert& alert) { expected_.push_back(alert); },
                     .run = [](const RunSummary&) {},
                     .rejected = [](const RejectedRecord&) {}});
  for (std::size_t i = 0; i < broker_.raw.size(); ++i) static_cast<void>(pipeline.add_source());
  IMDS_CHECK(pipeline.start().ok());
  std::vector<std::size_t> next(broker_.raw.size());
  for (;;) {
    std::optional<std::size_t> lagging;
    for (std::size_t i = 0; i < next.size(); ++i) {
      if (next[i] < broker_.raw[i].size() && (!lagging || pipeline.watermark(i) < pipeline.watermark(*lagging))) lagging = i;
    }
    if (!lagging) break;
    for (int n = 0; n < 50 && next[*lagging] < broker_.raw[*lagging].size(); ++n) pipeline.read(*lagging, broker_.raw[*lagging][next[*lagging]++]);
    IMDS_CHECK(pipeline.pump().ok());
    if (next[*lagging] == broker_.raw[*lagging].size()) IMDS_CHECK(pipeline.end(*lagging).ok());
  }
  IMDS_CHECK(pipeline.finish(true).ok());
}

void World::rebalance() {
  broker_.generation = Generation{broker_.generation.value() + 1};
  std::vector<std::size_t> awake;
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    if (!instances_[i]->suspended()) awake.push_back(i);
  }
  std::vector<std::set<std::size_t>> partitions(instances_.size()), shards(instances_.size());
  for (std::size_t p = 0; p < broker_.raw.size(); ++p) partitions[awake[random_.below(awake.size())]].insert(p);
  for (std::size_t s = 0; s < broker_.shards.size(); ++s) shards[awake[random_.below(awake.size())]].insert(s);
  for (const std::size_t i : awake) instances_[i]->own(partitions[i], shards[i]);
}

void World::step(const Faults& faults) {
  Instance& one = *instances_[random_.below(instances_.size())];
  if (random_.chance(faults.crash)) {
    ++outcome_.crashes;
    one.crash();
  }
  if (random_.chance(faults.produce_failure)) {
    ++outcome_.produce_failures;
    one.produce_failed();
  }
  const auto awake = std::ranges::count_if(instances_, [](const auto& instance) { return !instance->suspended(); });
  if (awake > 1 && !one.suspended() && random_.chance(faults.zombie)) {
    ++outcome_.zombies;
    one.suspend();
    rebalance();
  } else if (one.suspended() && random_.chance(0.1)) {
    one.resume();  // writes on as a member of an old generation, for some steps
    for (std::uint64_t n = random_.below(4); n > 0; --n) one.step();
    rebalance();
  } else if (random_.chance(faults.rebalance)) {
    ++outcome_.rebalances;
    rebalance();
  }
  if (random_.chance(faults.compaction)) broker_.compact(random_.below(broker_.shards.size()));
  for (auto& instance : instances_) instance->step();
}

bool World::settled() {
  return std::ranges::all_of(instances_, [](const auto& instance) { return instance->drained(); });
}

Outcome World::run() {
  const std::uint64_t disturbed_steps = 50 + random_.below(400);
  for (std::uint64_t n = 0; n < disturbed_steps; ++n) {
    broker_.now += std::chrono::milliseconds{random_.below(5000)};
    step(faults_);
  }
  faults_ = {};
  for (auto& instance : instances_) {
    if (instance->suspended()) instance->resume();
  }
  rebalance();
  int steps = 0;
  int settled_steps = 0;
  while (settled_steps < 60 && ++steps < most_steps) {
    // As fast as time may move at the wall clock's pace: what the cap has put off is told by the runs that then fall due.
    broker_.now += std::chrono::seconds{30};
    step(faults_);
    settled_steps = settled() ? settled_steps + 1 : 0;
  }
  if (steps == most_steps) broker_.violations.push_back("does not drain once faults have stopped");
  compare();
  outcome_.violations = broker_.violations;
  return outcome_;
}

/// What is compared of an alert: identity, and how many calls it tells of.
std::map<std::pair<std::string, std::uint32_t>, std::vector<std::uint64_t>> told(const std::vector<Alert>& alerts) {
  std::map<std::pair<std::string, std::uint32_t>, std::vector<std::uint64_t>> out;
  for (const Alert& alert : alerts) {
    const auto document = nlohmann::json::parse(alert.json);
    out[{alert.id, alert.version}].push_back(document.at("imdswatch").value("calls", std::uint64_t{0}));
  }
  return out;
}

void World::compare() {
  const auto expected = told(expected_);
  const auto seen = told(broker_.alerts);
  outcome_.alerts = broker_.alerts.size();
  outcome_.reference_alerts = expected_.size();
  const auto name = [](const auto& entry) { return entry.first.first + " version " + std::to_string(entry.first.second); };
  for (const auto& entry : expected) {
    const auto found = seen.find(entry.first);
    if (found == seen.end()) {
      broker_.violations.push_back("missing: " + name(entry));
    } else if (found->second.size() > 1) {
      broker_.violations.push_back("double: " + name(entry));
    } else if (found->second != entry.second) {
      broker_.violations.push_back("other number of calls: " + name(entry));
    }
  }
  for (const auto& entry : seen) {
    if (!expected.contains(entry.first)) broker_.violations.push_back("extra: " + name(entry));
  }
}

}  // namespace

Outcome run_world(std::uint64_t seed, Canary canary) { return World(seed, canary).run(); }

}  // namespace imdswatch::sim
