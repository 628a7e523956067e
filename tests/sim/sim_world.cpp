#include "sim_world.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "pipeline.hpp"
#include "sim_draw.hpp"
#include "sim_instance.hpp"

namespace imdswatch::sim {
namespace {

constexpr int most_steps = 20'000;
/// What the clock rule waits for at a partition's beginning is written far ahead, and what a started instance reads before it has heard
/// of the others.
constexpr std::size_t calls_far_ahead_of_a_partition = 150;

class World {
 public:
  World(std::uint64_t seed, Canary canary, bool undisturbed);
  Outcome run();

 private:
  void step();
  void disturb();
  void disturb_one(Instance& one);
  void outage();
  void write_garbage();
  void rebalance();
  void quiet_down();
  bool settled();
  void reference();
  void compare_alerts();
  void compare_models();

  fleet::Random random_;
  bool undisturbed_;
  Config config_;
  Faults faults_;
  Broker broker_;
  std::vector<std::unique_ptr<Instance>> instances_;
  std::vector<Alert> expected_;
  std::vector<std::uint64_t> expected_models_;  ///< checksums, by shard
  std::uint64_t away_steps_ = 0;
};

Broker draw_broker(std::uint64_t seed, fleet::Random& random, Faults& faults, int shards) {
  RawPartitions raw = draw_messages(seed, random, 1 + random.below(4), faults);
  const EventTime live_from = draw_live_from(random, raw);
  return {std::move(raw), shards, live_from};
}

World::World(std::uint64_t seed, Canary canary, bool undisturbed)
    : random_(seed),
      undisturbed_(undisturbed),
      config_(draw_config(random_)),
      faults_(Faults::drawn(random_)),
      broker_(draw_broker(seed, random_, faults_, config_.kafka.shards)) {
  reference();
  if (undisturbed_) faults_.stop();
  DetectorConfig detector = config_.detector;
  if (canary == Canary::silent_partition_left_out_early) detector.schedule.stall_timeout = std::chrono::seconds{1};
  const std::size_t count = 1 + random_.below(4);
  for (std::size_t i = 0; i < count; ++i) {
    instances_.push_back(
        std::make_unique<Instance>(Setting{broker_, random_, faults_, canary}, config_.sieve, detector));
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
      if (next[i] < broker_.raw[i].size() && (!lagging || pipeline.watermark(i) < pipeline.watermark(*lagging)))
        lagging = i;
    }
    if (!lagging) break;
    const auto& messages = broker_.raw[*lagging];
    for (int n = 0; n < 50 && next[*lagging] < messages.size(); ++n)
      pipeline.read(*lagging, messages[next[*lagging]++].bytes);
    IMDS_CHECK(pipeline.pump().ok());
    if (next[*lagging] == messages.size()) IMDS_CHECK(pipeline.end(*lagging).ok());
  }
  IMDS_CHECK(pipeline.finish(true).ok());
  for (std::int32_t shard = 0; shard < config_.kafka.shards; ++shard) {
    expected_models_.push_back(pipeline.detector(Shard{shard})->checksum(Table::model));
  }
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
  std::rotate(awake.begin(), awake.begin() + static_cast<std::ptrdiff_t>(random_.below(awake.size())), awake.end());
  for (const std::size_t i : awake) instances_[i]->own(partitions[i], shards[i]);
}

void World::disturb_one(Instance& one) {
  if (faults_.happens(Fault::crash, random_)) one.crash();
  if (faults_.happens(Fault::nap, random_)) one.nap(1 + random_.below(40));
  const auto awake = std::ranges::count_if(instances_, [](const auto& instance) { return !instance->suspended(); });
  if (one.suspended()) {
    if (!random_.chance(0.1)) return;
    one.resume();  // writes on as a member of an old generation, for some steps
    for (std::uint64_t n = random_.below(10); n > 0; --n) one.step();
    rebalance();
  } else if (awake > 1 && faults_.happens(Fault::stopped, random_)) {
    one.suspend();
    rebalance();
  } else if (faults_.happens(Fault::rebalance, random_)) {
    rebalance();
  }
}

/// Everything is down for hours, and the shippers go on.
void World::outage() {
  broker_.now += std::chrono::minutes{10 + random_.below(12 * 60)};
  for (auto& instance : instances_) {
    instance->suspend();
    instance->crash();
    instance->resume();
  }
  rebalance();
}

void World::write_garbage() {
  const auto shard = random_.below(broker_.shards.size());
  const auto& log = broker_.shards[shard].log;
  broker_.append_garbage(shard, draw_call_log_garbage(random_, log.empty() ? std::string_view() : log.back().bytes));
}

void World::disturb() {
  disturb_one(*instances_[random_.below(instances_.size())]);
  if (faults_.happens(Fault::compaction, random_)) broker_.compact(random_.below(broker_.shards.size()));
  if (faults_.happens(Fault::call_log_garbage, random_)) write_garbage();
  if (away_steps_ == 0 && faults_.happens(Fault::broker_away, random_)) away_steps_ = 1 + random_.below(60);
  if (faults_.happens(Fault::outage, random_)) outage();
  // In a live world detection follows the wall clock, and one that jumps again and again would take it ahead of the events.
  if (broker_.all_arrived() && faults_.happens(Fault::wall_clock_jump, random_))
    instances_[random_.below(instances_.size())]->jump_clock();
}

void World::step() {
  broker_.away = away_steps_ > 0;
  if (broker_.away) --away_steps_;
  for (auto& instance : instances_) instance->step();
}

bool World::settled() {
  return std::ranges::all_of(instances_, [](const auto& instance) { return instance->drained(); });
}

/// Faults stop, and all that is still to come arrives.
void World::quiet_down() {
  faults_.stop();
  away_steps_ = 0;
  broker_.now += std::chrono::days{3};
  for (auto& instance : instances_) instance->resume();
  if (!undisturbed_) rebalance();
}

Outcome World::run() {
  const std::uint64_t disturbed_steps = 50 + random_.below(400);
  for (std::uint64_t n = 0; n < disturbed_steps; ++n) {
    broker_.now += std::chrono::milliseconds{random_.below(5000)};
    disturb();
    step();
  }
  quiet_down();
  int steps = 0;
  int settled_steps = 0;
  while (settled_steps < 60 && ++steps < most_steps) {
    // As fast as time may move at the wall clock's pace: what the cap has put off is told by the runs that then fall due.
    broker_.now += std::chrono::seconds{30};
    step();
    settled_steps = settled() ? settled_steps + 1 : 0;
  }
  if (steps == most_steps) broker_.violated("does not drain once faults have stopped");
  if (broker_.calls_far_ahead > calls_far_ahead_of_a_partition * broker_.raw.size()) {
    broker_.violated(std::to_string(broker_.calls_far_ahead) + " calls were written far ahead of the detector's time");
  }
  compare_alerts();
  compare_models();
  return {broker_.violations, broker_.alerts.size(), faults_.counts(), broker_.calls_far_ahead};
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

void World::compare_alerts() {
  const auto expected = told(expected_);
  const auto seen = told(broker_.alerts);
  const auto name = [](const auto& entry) {
    return entry.first.first + " version " + std::to_string(entry.first.second);
  };
  for (const auto& entry : expected) {
    const auto found = seen.find(entry.first);
    if (found == seen.end()) {
      broker_.violated("missing: " + name(entry));
    } else if (found->second.size() > 1) {
      broker_.violated("double: " + name(entry));
    } else if (found->second != entry.second) {
      broker_.violated("other number of calls: " + name(entry));
    }
  }
  for (const auto& entry : seen) {
    if (!expected.contains(entry.first)) broker_.violated("extra: " + name(entry));
  }
}

/// A call that was lost, or counted twice, is seldom one that an alert tells of; but the model has learned of it.
void World::compare_models() {
  for (std::size_t i = 0; i < broker_.shards.size(); ++i) {
    const Shard shard{static_cast<std::int32_t>(i)};
    Detector restored(config_.detector, shard);
    for (const StateRow& row : broker_.shards[i].state) {
      if (auto applied = restored.apply(row); !applied) return broker_.violated(applied.error().message);
    }
    if (restored.checksum(Table::model) != expected_models_[i])
      broker_.violated("shard " + std::to_string(i) + ": the model has learned something else");
  }
}

}  // namespace

Outcome run_world(std::uint64_t seed, Canary canary, bool undisturbed) {
  return World(seed, canary, undisturbed).run();
}

}  // namespace imdswatch::sim
