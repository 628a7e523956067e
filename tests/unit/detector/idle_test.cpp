#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shard_feed.hpp"

/// Time that steps over a stretch in which nothing is called.
namespace imdswatch::idle_cases {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::days year{365};
constexpr EventClock::duration every = 15min;

class QuietShard : public testing::ShardFeed {
 public:
  QuietShard() : ShardFeed(config()) {
    for (int hour = 0; hour < 120; ++hour) {
      for (const char* host : {"web-1", "web-2", "web-3"}) call(host, "usual.exe", hour * 60min);
      if (hour == 100) call("web-1", "odd.exe", hour * 60min);
      progress(hour * 60min + 30min);
    }
  }

  [[nodiscard]] std::vector<std::string> told() const {
    std::vector<std::string> out;
    for (const Alert& alert : effects().alerts) out.push_back(alert.id + " " + std::to_string(alert.version) + " " + std::to_string(alert.order->findings.empty() ? 0 : alert.order->findings[0].score.surprise));
    return out;
  }
  /// What all runs leave behind.
  [[nodiscard]] std::vector<std::uint64_t> state() const {
    return {detector().checksum(Table::model), detector().checksum(Table::triage), detector().checksum(Table::sighting), detector().checksum(Table::time)};
  }
  [[nodiscard]] const std::vector<RunSummary>& runs() const { return effects().runs; }
  [[nodiscard]] std::uint64_t all_runs() const {
    std::uint64_t out = 0;
    for (const RunSummary& run : effects().runs) out += 1 + run.idle_before;
    return out;
  }

 private:
  static DetectorConfig config() {
    DetectorConfig out;
    out.model.learning_for = 24h;
    return out;
  }
};

TEST(Idle, AStepOverYearsLeavesWhatTheSameYearsDayByDayLeave) {
  // Below and above what is forgotten after 400 days; the call that ends the stretch stands in the log before time has come to it.
  for (const std::chrono::days gap : {std::chrono::days{90}, std::chrono::days{399}, std::chrono::days{405}, std::chrono::days{1200}}) {
    QuietShard at_once, by_day;
    for (std::chrono::days day{6}; day < gap; ++day) by_day.progress(day);
    for (QuietShard* one : {&at_once, &by_day}) {
      one->call("web-2", "odd.exe", gap + 1h);
      one->progress(gap + 3h);
      one->call("web-1", "usual.exe", gap + 3h);
      one->progress(gap + 5h);
    }
    EXPECT_EQ(at_once.told(), by_day.told()) << gap.count();
    EXPECT_EQ(at_once.state(), by_day.state()) << gap.count();
    EXPECT_EQ(at_once.all_runs(), by_day.all_runs()) << gap.count();
    EXPECT_LT(at_once.runs().size(), by_day.runs().size()) << gap.count();
  }
}

TEST(Idle, TwoHundredYearsTakeAFewRuns) {
  QuietShard shard;
  const std::size_t before = shard.runs().size();
  const std::uint64_t counted = shard.all_runs();
  const EventTime from = *shard.detector().figures().last_run;
  shard.call("web-1", "usual.exe", 200 * year);
  shard.progress(200 * year + 1h);
  EXPECT_EQ(shard.detector().figures().last_run, QuietShard::start() + 200 * year + 1h);
  EXPECT_LT(shard.runs().size() - before, 1'000U);
  EXPECT_EQ(shard.all_runs() - counted, static_cast<std::uint64_t>((QuietShard::start() + 200 * year + 1h - from) / every)) << "none is lost to the count";
}

}  // namespace
}  // namespace imdswatch::idle_cases
