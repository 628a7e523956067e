#include "imdswatch/detector/shard_runner.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace imdswatch {
namespace {

using namespace std::chrono_literals;

/// One shard's topics in vectors; commits end as the test says.
class Topics final : public StateReader, public LogSource, public CommitOutlet {
 public:
  std::vector<LogBody> log;
  std::vector<StateRow> state;
  std::vector<Alert> alerts;
  std::deque<CommitOutcome> outcomes;  ///< of the next commits; `committed` once empty
  std::vector<std::string> order;

  Result<void> read(const std::function<Result<void>(const StateRow&)>& row) override {
    order.emplace_back("read state");
    for (const StateRow& one : state) {
      if (auto applied = row(one); !applied) return applied;
    }
    return {};
  }
  Result<void> seek(std::optional<Offset> next) override {
    order.emplace_back("seek");
    at_ = next ? static_cast<std::size_t>(next->value()) : 0;
    return {};
  }
  Result<std::vector<LogRecord>> poll(std::size_t most) override {
    std::vector<LogRecord> out;
    for (; out.size() < most && at_ < log.size(); ++at_) out.push_back({Offset{static_cast<std::int64_t>(at_)}, {}, log[at_]});
    return out;
  }
  Result<void> open() override {
    order.emplace_back("open");
    return {};
  }
  CommitOutcome commit(const ShardCommit& what) override {
    const CommitOutcome outcome = outcomes.empty() ? CommitOutcome::committed : outcomes.front();
    if (!outcomes.empty()) outcomes.pop_front();
    if (outcome != CommitOutcome::committed) return outcome;
    alerts.insert(alerts.end(), what.alerts.begin(), what.alerts.end());
    state.insert(state.end(), what.rows.begin(), what.rows.end());
    return outcome;
  }

 private:
  std::size_t at_ = 0;
};

const EventTime start = event_time_us(1'767'571'200'000'000);

Call call(EventClock::duration after, std::int64_t offset) {
  Call out;
  out.origin.offset = Offset{offset};
  out.time = start + after;
  out.host = HostId{"web-1"};
  out.signature = {.name = "curl.exe", .folder = "c:\\temp\\", .user = UserKind::person, .signer = "unsigned"};
  out.attributes.name = "web-1";
  return out;
}

Progress progress(EventClock::duration after) {
  Progress out;
  out.roster = {{TopicId{}, 1}};
  out.watermark = start + after;
  return out;
}

DetectorConfig without_learning_period() {
  DetectorConfig out;
  out.model.learning_for = 0h;
  return out;
}

class ShardRunnerTest : public ::testing::Test {
 protected:
  Topics topics;
  ShardRunner runner{without_learning_period(), Shard{0}, topics, topics, topics};
};

TEST_F(ShardRunnerTest, TakesAShardByFencingThenStateThenLog) {
  ASSERT_TRUE(runner.step(10).ok());
  EXPECT_EQ(topics.order, (std::vector<std::string>{"open", "read state", "seek"}));
}

TEST_F(ShardRunnerTest, TellsAStrangerOnceAndCommitsItWithTheState) {
  topics.log = {call(1min, 0), progress(16min)};
  auto turn = runner.turn(10, false);
  ASSERT_TRUE(turn.ok());
  EXPECT_EQ(turn->commit, CommitOutcome::committed) << "an alert does not wait";
  ASSERT_EQ(topics.alerts.size(), 1U);
  EXPECT_FALSE(topics.state.empty());
  ASSERT_EQ(turn->runs.size(), 1U);
  EXPECT_EQ(turn->runs[0].triage.told, 1U);
}

TEST_F(ShardRunnerTest, WithoutAlertsItCommitsWhenAsked) {
  topics.log = {call(1min, 0)};
  EXPECT_FALSE(runner.turn(10, false)->commit);
  EXPECT_EQ(runner.turn(10, true)->commit, CommitOutcome::committed);
  EXPECT_FALSE(runner.turn(10, true)->commit) << "nothing is left to commit";
}

class AfterAnythingButCommitted : public ShardRunnerTest, public ::testing::WithParamInterface<CommitOutcome> {};

TEST_P(AfterAnythingButCommitted, MemoryIsThrownAwayAndTheSameAlertsComeAgain) {
  topics.outcomes = {GetParam()};
  topics.log = {call(1min, 0), progress(16min)};
  ASSERT_TRUE(runner.turn(10, true).ok());
  EXPECT_FALSE(runner.taken());
  EXPECT_TRUE(topics.alerts.empty());
  auto again = runner.turn(10, true);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->restored);
  EXPECT_EQ(again->stepped, 2U);
  EXPECT_EQ(topics.alerts.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Outcomes, AfterAnythingButCommitted, ::testing::Values(CommitOutcome::aborted, CommitOutcome::unknown));

TEST_F(ShardRunnerTest, AFencedCommitIsAnErrorThatSaysToLeave) {
  topics.outcomes = {CommitOutcome::fenced};
  topics.log = {call(1min, 0)};
  auto turn = runner.turn(10, true);
  ASSERT_FALSE(turn.ok());
  EXPECT_EQ(turn.error().code, Errc::fenced);
  EXPECT_FALSE(runner.taken());
}

TEST_F(ShardRunnerTest, ARestoredShardIsTheSameAndGoesOnWhereItWas) {
  topics.log = {call(1min, 0), progress(16min), call(17min, 1), progress(40min)};
  ASSERT_TRUE(runner.turn(10, true).ok());
  const auto checksum = runner.detector()->checksum();
  runner.drop();
  topics.log.push_back(call(41min, 2));
  auto turn = runner.step(0);
  ASSERT_TRUE(turn.ok());
  EXPECT_EQ(runner.detector()->checksum(), checksum);
  EXPECT_EQ(runner.detector()->next_offset(), Offset{4});
}

TEST_F(ShardRunnerTest, ADamagedStateRowStopsTheShardWithItsKey) {
  topics.log = {call(1min, 0)};
  ASSERT_TRUE(runner.turn(10, true).ok());
  topics.state.back().value->back() ^= 1;
  runner.drop();
  auto turn = runner.step(10);
  ASSERT_FALSE(turn.ok());
  EXPECT_EQ(turn.error().code, Errc::record_malformed);
  EXPECT_NE(turn.error().message.find("checksum"), std::string::npos);
}

TEST_F(ShardRunnerTest, CallsToldAgainByARestartedSieveAreDropped) {
  topics.log = {call(1min, 0), call(1min, 0), call(1min, 0), progress(16min)};
  ASSERT_TRUE(runner.turn(10, true).ok());
  EXPECT_EQ(runner.detector()->figures().window.told_before, 2U);
}

}  // namespace
}  // namespace imdswatch
