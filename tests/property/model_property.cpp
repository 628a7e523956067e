#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "imdswatch/base/hash.hpp"
#include "imdswatch/score/score.hpp"
#include "imdswatch/state/model_rows.hpp"
#include "support/reference_model.hpp"
#include "support/teacher.hpp"

namespace imdswatch::model_property_cases {
namespace {

using namespace test;

/// A small world that meets everything: few names, folders and hosts, unknown parts, findings, silent weeks, long forgetting.
class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  bool chance(double p) { return std::bernoulli_distribution(p)(random_); }

  std::string host() { return (chance(0.7) ? "web-" : chance(0.5) ? "db-" : "win-") + std::to_string(below(5)); }
  Signature signature() {
    Signature out{.name = "p" + std::to_string(below(4)) + ".exe", .folder = {}, .user = {}, .signer = {}};
    if (!chance(0.1)) out.folder = "c:\\" + std::to_string(below(3)) + "\\";
    if (!chance(0.2)) out.user = static_cast<UserKind>(below(3));
    if (!chance(0.3)) out.signer = std::string(1, static_cast<char>('a' + below(2)));
    return out;
  }
  std::vector<Leaving> bucket() {
    std::vector<Leaving> out;
    for (std::size_t n = below(8); n > 0; --n) {
      out.push_back(seen(host(), signature(), chance(0.4), chance(0.1) ? "asg-" + std::to_string(below(2)) : ""));
    }
    return canonical(std::move(out));
  }
  EventTime next_time(EventTime time) {
    if (chance(0.02)) return time + every * runs_a_day * static_cast<std::int64_t>(below(500));
    return time + every * static_cast<std::int64_t>(chance(0.1) ? 1 + below(300) : 1);
  }

 private:
  std::mt19937_64 random_;
};

std::uint64_t checksum(const Model& model) {
  std::vector<ModelRow> rows;
  model.rows(rows);
  std::string all;
  for (const ModelRow& row : rows) {
    const StateRow encoded = encode(row);
    all += encoded.key;
    all += encoded.value.value();
  }
  return stable_hash64(all);
}

ModelPolicy small_policy() {
  ModelPolicy policy;
  policy.guard_buckets = 3;
  policy.guard_days = 2;
  policy.default_stems.clear();
  return policy;
}

TEST(ModelProperty, AgreesWithAModelThatRecomputesAllFromItsHistory) {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    World world(seed);
    Model model(small_policy());
    ReferenceModel reference(small_policy());
    EventTime time = epoch;
    for (int step = 0; step < 150; ++step) {
      const std::vector<Leaving> leaving = world.bucket();
      const bool learning = step < 5;
      model.learn(run_at(time), leaving, learning);
      reference.learn(time, leaving, learning);
      if (step % 10 == 9) {
        for (int i = 0; i < 5; ++i) {
          const std::string host = world.host();
          const Signature signature = world.signature();
          const double s = surprise(model.counts(HostId{host}, {}, signature, time), model.policy()).sum;
          ASSERT_NEAR(s, reference.surprise(host, signature, time), 2e-5) << "seed " << seed << " step " << step;
          ASSERT_EQ(model.learned(HostId{host}, signature), reference.learned(host, signature, time)) << "seed " << seed;
        }
      }
      time = world.next_time(time);
    }
  }
}

TEST(ModelProperty, RestoredFromItsRowsItGoesOnTheSameToTheBit) {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    World world(seed);
    Model model(small_policy());
    std::map<std::string, std::string> log;  // the compacted topic
    EventTime time = epoch;
    std::optional<Model> restored;
    for (int step = 0; step < 300; ++step) {
      if (step % 60 == 30) {
        restored.emplace(small_policy());
        for (const auto& [key, value] : log) restored->apply(decode_model_row({key, value}).value());
        ASSERT_EQ(checksum(*restored), checksum(model)) << "seed " << seed << " step " << step;
      }
      const std::vector<Leaving> leaving = world.bucket();
      model.learn(run_at(time), leaving, false);
      std::vector<ModelRow> rows;
      model.drain(rows);
      for (const ModelRow& row : rows) {
        const StateRow encoded = encode(row);
        if (encoded.value) {
          log[encoded.key] = *encoded.value;
        } else {
          log.erase(encoded.key);
        }
      }
      if (restored) {
        restored->learn(run_at(time), leaving, false);
        std::vector<ModelRow> same;
        restored->drain(same);
        ASSERT_TRUE(same == rows) << "seed " << seed << " step " << step;
        const HostId host{world.host()};
        const Signature signature = world.signature();
        ASSERT_EQ(surprise(restored->counts(host, {}, signature, time), model.policy()).sum,
                  surprise(model.counts(host, {}, signature, time), model.policy()).sum);
        ASSERT_EQ(restored->figures().signatures, model.figures().signatures);
        ASSERT_EQ(restored->figures().hosts, model.figures().hosts);
      }
      time = world.next_time(time);
    }
    ASSERT_EQ(checksum(*restored), checksum(model));
  }
}

TEST(ModelProperty, ALevelSumsToOneForAnyCountsWhenTheOneAboveDoes) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 1000; ++round) {
    ModelPolicy policy;
    policy.discount = std::uniform_real_distribution<>(0, 0.99)(random);
    policy.strength = std::uniform_real_distribution<>(0.01, 10)(random);
    const std::size_t values = 1 + random() % 20;
    std::vector<double> above(values, 1.0 / static_cast<double>(values));
    for (int depth = 0; depth < 3; ++depth) {
      std::vector<double> counts(values);
      Level level;
      for (double& c : counts) {
        c = random() % 3 == 0 ? 0.0 : std::exp(std::uniform_real_distribution<>(-6, 8)(random));
        level.total += c;
        level.discounts += std::min(policy.discount, c);
      }
      double sum = 0;
      for (std::size_t i = 0; i < values; ++i) {
        level.count = counts[i];
        above[i] = predictive(level, above[i], policy);
        ASSERT_GT(above[i], 0);
        sum += above[i];
      }
      ASSERT_NEAR(sum, 1.0, 1e-9);
    }
  }
}

TEST(ModelProperty, WhatALevelGivesItsValuesAndLeavesToTheNextIsOne) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world(seed);
    Model model(small_policy());
    EventTime time = epoch;
    for (int step = 0; step < 60; ++step, time = world.next_time(time)) model.learn(run_at(time), world.bucket(), false);
    const HostId host{world.host()};
    const auto own_share = [&](const Level& level) { return predictive(level, 0.0, model.policy()); };
    double on_host = 0, in_peers = 0, in_fleet = 0;
    NameCounts last;
    for (int i = 0; i < 4; ++i) {
      last = model.counts(host, {}, agent("p" + std::to_string(i) + ".exe"), time).name;
      on_host += own_share(last.host);
      in_peers += own_share(last.peers);
      in_fleet += own_share(last.fleet);
    }
    ASSERT_NEAR(on_host + back_off(last.host, model.policy()), 1, 1e-9);
    ASSERT_NEAR(in_peers + back_off(last.peers, model.policy()), 1, 1e-9);
    ASSERT_NEAR(in_fleet + back_off(last.fleet, model.policy()), 1, 1e-9);
    double folder_on_host = 0, folder_in_fleet = 0;
    PartCounts folder;
    for (int i = 0; i < 3; ++i) {
      folder = model.counts(host, {}, agent("p1.exe", "c:\\" + std::to_string(i) + "\\"), time).parts[0];
      folder_on_host += own_share(folder.host);
      folder_in_fleet += own_share(folder.fleet);
    }
    ASSERT_NEAR(folder_on_host + back_off(folder.host, model.policy()), 1, 1e-9);
    ASSERT_NEAR(folder_in_fleet + back_off(folder.fleet, model.policy()), 1, 1e-9);
  }
}

TEST(ModelProperty, RarityFallsAsSightingsRise) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world(seed);
    Model model(small_policy());
    EventTime time = epoch;
    for (int step = 0; step < 40; ++step, time += every) model.learn(run_at(time), world.bucket(), false);
    const HostId host{"web-1"};
    const Signature signature = agent("p1.exe", "c:\\1\\", UserKind::system, "a");
    double before = surprise(model.counts(host, {}, signature, time), model.policy()).sum;
    for (int more = 0; more < 20; ++more) {
      model.learn(run_at(time), std::vector{seen(host.value(), signature)}, false);
      const double now = surprise(model.counts(host, {}, signature, time), model.policy()).sum;
      ASSERT_LT(now, before) << "seed " << seed << " sighting " << more;
      before = now;
    }
  }
}

}  // namespace
}  // namespace imdswatch::model_property_cases
