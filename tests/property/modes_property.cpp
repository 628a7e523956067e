#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "fleet_run.hpp"

namespace imdswatch::testing {
namespace {

fleet::Options world(std::uint64_t seed) {
  fleet::Options options;
  options.seed = seed;
  options.hosts = 20;
  options.days = 5;
  options.everyday_events_per_hour = 0.1;
  options.call_rate = 0.2;
  options.thefts_after_day = 2;
  options.roll_out = false;
  options.lateral_movement = false;
  return options;
}

Config one_day_of_learning() {
  Config config = default_config();
  config.detector.model.learning_for = std::chrono::hours{24};
  return config;
}

/// New single alerts: id → score. The id holds host, signature and bucket.
std::map<std::string, double> findings(const std::vector<Alert>& alerts) {
  std::map<std::string, double> out;
  for (const Alert& alert : alerts) {
    if (alert.version != 1 || alert.order->kind != AlertOrder::Kind::single) continue;
    out[alert.id] = alert.order->findings.front().score.surprise;
  }
  return out;
}

TEST(Modes, IntervalAndContinuousGiveTheSameFindingsWithTheSameScores) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Config config = one_day_of_learning();
    const auto interval = findings(run_fleet(world(seed), config).alerts);
    config.detector.schedule.mode = Schedule::Mode::continuous;
    const auto continuous = findings(run_fleet(world(seed), config).alerts);
    EXPECT_GT(interval.size(), 5U) << "seed " << seed;
    EXPECT_EQ(interval, continuous) << "seed " << seed;
  }
}

TEST(Modes, TheNumberOfPartitionsDoesNotMatter) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto one = findings(run_fleet(world(seed), one_day_of_learning(), 1).alerts);
    EXPECT_GT(one.size(), 5U);
    EXPECT_EQ(one, findings(run_fleet(world(seed), one_day_of_learning(), 5).alerts)) << "seed " << seed;
  }
}

TEST(LearningPeriod, NothingIsToldBeforeItsEndAndOneReportThenTellsWhatOnlyFewDo) {
  fleet::Options options = world(3);
  options.thefts_after_day = 0;
  const FleetRun run = run_fleet(options, one_day_of_learning());
  const EventTime until = options.start + std::chrono::hours{24};
  int reports = 0;
  for (const Alert& alert : run.alerts) {
    EXPECT_GE(alert.order->run, until);
    if (alert.order->kind != AlertOrder::Kind::learning_report) continue;
    ++reports;
    std::size_t thefts_within = 0;
    const fleet::Fleet fleet(options);
    for (const fleet::Theft& theft : fleet.thefts()) thefts_within += theft.time < until - std::chrono::minutes{15} ? 1 : 0;
    ASSERT_GT(thefts_within, 0U);
    EXPECT_GE(alert.order->report.front().entries.size(), thefts_within) << "every theft of the first day is in the report";
  }
  EXPECT_EQ(reports, 1);
}

}  // namespace
}  // namespace imdswatch::testing
