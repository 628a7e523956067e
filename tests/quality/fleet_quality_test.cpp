#include <gtest/gtest.h>

#include <cstdio>

#include "fleet_run.hpp"

namespace imdswatch::testing {
namespace {

void print(const char* name, const FleetFigures& figures) {
  std::printf("%s: recall %.3f (%d of %d), %.1f false alerts per 1,000 host-days (%d of %d alerts in %.0f host-days)\n", name,
              figures.recall(), figures.found, figures.thefts, figures.false_per_1000_host_days(), figures.false_alerts,
              figures.new_alerts, figures.host_days);
  for (const std::string& missed : figures.missed) std::printf("  missed: %s\n", missed.c_str());
  for (const std::string& wrong : figures.wrong) std::printf("  false: %s\n", wrong.c_str());
}

/// Two weeks of 60 hosts, with fewer calls than in life: a bucket counts once, however many stand in it.
fleet::Options small_fleet(std::uint64_t seed) {
  fleet::Options options;
  options.seed = seed;
  options.everyday_events_per_hour = 0.2;
  options.call_rate = 0.2;
  return options;
}

TEST(FleetQuality, FindsEveryKindOfTheftWithFewFalseAlerts) {
  FleetFigures sum;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const FleetFigures figures = run_fleet(small_fleet(seed), default_config()).figures;
    print(("seed " + std::to_string(seed)).c_str(), figures);
    sum.thefts += figures.thefts;
    sum.found += figures.found;
    sum.new_alerts += figures.new_alerts;
    sum.false_alerts += figures.false_alerts;
    sum.host_days += figures.host_days;
  }
  print("all", sum);
  EXPECT_GE(sum.recall(), 0.95);
  EXPECT_LE(sum.false_per_1000_host_days(), 20);
}

TEST(FleetQuality, ARollOutIsToldThriceAndThenAsOneGroup) {
  fleet::Options options = small_fleet(1);
  options.shippers = fleet::Options::Shippers::defend;  // each shipper's events make a signature of their own
  options.thefts_of_each_kind = 0;
  options.lateral_movement = false;
  const FleetRun run = run_fleet(options, default_config());
  int singles = 0, groups = 0;
  for (const Alert& alert : run.alerts) {
    if (alert.version != 1 || alert.json.find("telegraf.exe") == std::string::npos) continue;
    if (alert.json.find("\"learning_report\"") != std::string::npos) continue;
    ++(alert.json.find("\"hosts_added\"") == std::string::npos ? singles : groups);
  }
  EXPECT_EQ(singles, 3);
  EXPECT_EQ(groups, 1);
}

TEST(FleetQuality, ANewHostInAKnownFleetDoesNotAlarmOnItsOwnAgents) {
  fleet::Options options = small_fleet(1);
  options.thefts_of_each_kind = 0;
  options.lateral_movement = false;
  options.roll_out = false;
  const FleetFigures figures = run_fleet(options, default_config()).figures;
  print("no theft, no roll-out", figures);
  EXPECT_LE(figures.new_alerts, 2);
}

}  // namespace
}  // namespace imdswatch::testing
