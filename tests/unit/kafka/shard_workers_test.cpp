#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "kafka/shard_workers.hpp"

/// Doors open their clients when they are first used: these workers never meet a broker.
namespace imdswatch::kafka {
namespace {

using namespace std::chrono_literals;

const KafkaSettings settings{.properties = {{"bootstrap.servers", "127.0.0.1:1"}}, .raw_topics = {}, .topics = {}, .prefix = {}, .instance_id = {}};
const auto no_member = [] { return GroupMetadataHandle{}; };

TEST(ShardWorkers, AShardGivenASecondTimeIsTakenFromItsFirstWorkerThoughThatIsJustEndingByItself) {
  std::latch ending{1}, given_again{1};
  std::atomic<int> made{0};
  ShardWorkers* all = nullptr;
  ShardWorkers workers(
      settings, {},
      [&](Shard, StateReader&, LogSource&, CommitOutlet&) -> ShardTurn {
        if (++made == 2) return [](bool) -> Result<bool> { return std::this_thread::sleep_for(1ms), true; };
        return [](bool) -> Result<bool> { return Error{Errc::kafka_fatal, "beyond help"}; };
      },
      [&](const Error&) {
        ending.count_down();
        given_again.wait();
        std::this_thread::sleep_for(100ms);  // into the wait for this thread
        static_cast<void>(all->figures());   // what the group's own answer to an end may ask
      });
  all = &workers;
  workers.take(Shard{0}, no_member);
  ending.wait();
  std::jthread giving([&] {
    given_again.count_down();
    workers.take(Shard{0}, no_member);
  });
  giving.join();
  EXPECT_EQ(made, 2);
  ASSERT_EQ(workers.figures().size(), 1U);
  EXPECT_TRUE(workers.leave_all(false).empty());
  EXPECT_TRUE(workers.figures().empty());
}

TEST(ShardWorkers, WhatALastTurnCouldNotCommitIsTold) {
  std::latch held{2};
  ShardWorkers workers(
      settings, {},
      [&](Shard shard, StateReader&, LogSource&, CommitOutlet&) -> ShardTurn {
        return [&, shard, first = true](bool leaving) mutable -> Result<bool> {
          if (leaving && shard == Shard{1}) return Error{Errc::commit_aborted, "aborted"};
          if (std::exchange(first, false)) held.count_down();
          std::this_thread::sleep_for(1ms);
          return true;
        };
      },
      [](const Error&) { FAIL() << "none ends by itself"; });
  workers.take(Shard{0}, no_member);
  workers.take(Shard{1}, no_member);
  held.wait();
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(workers.leave_all(false), std::vector<std::string>{"shard 1: aborted"});
}

TEST(ShardWorkers, OfAShardThatOthersHaveNoLastTurnIsTaken) {
  std::latch held{1};
  std::atomic<int> last_turns{0};
  ShardWorkers workers(
      settings, {},
      [&](Shard, StateReader&, LogSource&, CommitOutlet&) -> ShardTurn {
        return [&, first = true](bool leaving) mutable -> Result<bool> {
          last_turns += leaving ? 1 : 0;
          if (std::exchange(first, false)) held.count_down();
          std::this_thread::sleep_for(1ms);
          return true;
        };
      },
      [](const Error&) {});
  workers.take(Shard{0}, no_member);
  held.wait();
  EXPECT_TRUE(workers.leave({Shard{0}}, true).empty());
  EXPECT_EQ(last_turns, 0);
}

}  // namespace
}  // namespace imdswatch::kafka
