#include <gtest/gtest.h>

#include "kafka/commit_ledger.hpp"

namespace imdswatch::kafka {
namespace {

TopicPartition source(int partition) { return {TopicId{}, Partition{partition}}; }
Checkpoint at(std::int64_t next) { return {{Offset{next}, "m"}, LeaderEpoch{1}}; }

TEST(CommitLedger, CommitsAtOnceWhatNothingWasSentFor) {
  CommitLedger ledger;
  EXPECT_TRUE(ledger.checkpoint(source(0), at(10)));
  const auto ready = ledger.take_committable();
  ASSERT_EQ(ready.size(), 1U);
  EXPECT_EQ(ready.at(source(0)).position.next, Offset{10});
  EXPECT_TRUE(ledger.take_committable().empty());
}

TEST(CommitLedger, WaitsForEveryRecordBeforeTheCheckpointWhateverTheOrderOfAcknowledgements) {
  CommitLedger ledger;
  const auto first = ledger.sent(), second = ledger.sent(), third = ledger.sent();
  ledger.checkpoint(source(0), at(10));
  ledger.acknowledged(third);
  ledger.acknowledged(first);
  EXPECT_TRUE(ledger.take_committable().empty());
  ledger.acknowledged(second);
  EXPECT_EQ(ledger.take_committable().size(), 1U);
  EXPECT_EQ(ledger.outstanding(), 0U);
}

TEST(CommitLedger, DoesNotWaitForRecordsAfterTheCheckpoint) {
  CommitLedger ledger;
  const auto before = ledger.sent();
  ledger.checkpoint(source(0), at(10));
  ledger.sent();
  ledger.acknowledged(before);
  EXPECT_EQ(ledger.take_committable().size(), 1U);
}

TEST(CommitLedger, ANewerCheckpointDoesNotPutOffTheOneThatWaits) {
  CommitLedger ledger;
  const auto before = ledger.sent();
  EXPECT_TRUE(ledger.checkpoint(source(0), at(10)));
  ledger.sent();
  EXPECT_FALSE(ledger.checkpoint(source(0), at(20)));
  ledger.acknowledged(before);
  EXPECT_EQ(ledger.take_committable().at(source(0)).position.next, Offset{10});
}

TEST(CommitLedger, AFailedDeliveryTakesAllWaitingCheckpointsWithIt) {
  CommitLedger ledger;
  const auto good = ledger.sent();
  ledger.checkpoint(source(0), at(10));
  ledger.acknowledged(good);
  const auto bad = ledger.sent();
  ledger.checkpoint(source(1), at(20));
  const auto later = ledger.sent();
  ledger.acknowledged(later);
  ledger.failed();
  const auto ready = ledger.take_committable();
  EXPECT_TRUE(ready.contains(source(0)));   // was committable before
  EXPECT_FALSE(ready.contains(source(1)));  // would leave a gap
  ledger.acknowledged(bad);                 // a report of the old producer
  EXPECT_EQ(ledger.outstanding(), 0U);
}

TEST(CommitLedger, GoesOnAfterAFailureWithTheNextProducer) {
  CommitLedger ledger;
  ledger.sent();
  ledger.failed();
  const auto again = ledger.sent();
  ledger.checkpoint(source(0), at(10));
  EXPECT_TRUE(ledger.take_committable().empty());
  ledger.acknowledged(again);
  EXPECT_EQ(ledger.take_committable().size(), 1U);
}

TEST(CommitLedger, ForgetsAPartitionThatWasTakenAway) {
  CommitLedger ledger;
  ledger.checkpoint(source(0), at(10));
  ledger.checkpoint(source(1), at(10));
  ledger.forget(source(0));
  EXPECT_FALSE(ledger.take_committable(source(0)).has_value());
  EXPECT_TRUE(ledger.take_committable(source(1)).has_value());
}

}  // namespace
}  // namespace imdswatch::kafka
