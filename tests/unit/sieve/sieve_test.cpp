#include <gtest/gtest.h>

#include "events.hpp"

namespace imdswatch::test {
namespace {

using namespace std::chrono_literals;

TEST(Sieve, KeepsACallToTheMetadataService) {
  Feed feed;
  feed.begin();
  Event event = call_event("WEB-1.corp.example", start + 1s, "Curl.exe");
  connection(event).process.executable = "C:\\Tools\\Curl.exe";
  connection(event).user = {"alice", "CORP", "S-1-5-21-1"};
  event.event_id = "e1";
  event.agent.id = "a1";
  event.cloud.account_id = "42";
  feed(event);
  ASSERT_EQ(feed.calls().size(), 1U);
  const Call call = feed.calls()[0];
  EXPECT_EQ(call.host, HostId{"web-1"});
  EXPECT_EQ(call.signature, (Signature{"curl.exe", "c:\\tools\\", UserKind::person, std::nullopt}));
  EXPECT_EQ(call.origin, (Origin{feed.source.topic, Partition{0}, LeaderEpoch{3}, Offset{2}, 0}));
  EXPECT_EQ(call.time, start + 1s);
  EXPECT_EQ(call.evidence.process.name, "Curl.exe");
  EXPECT_EQ(call.evidence.user_name, "alice");
  EXPECT_EQ(call.attributes.name, "WEB-1.corp.example");
  EXPECT_EQ(call.attributes.agent_id, "a1");
  EXPECT_EQ(call.attributes.cloud_account_id, "42");
  EXPECT_EQ(call.event_id, "e1");
  EXPECT_EQ(call.port, 80);
  EXPECT_FALSE(call.clock_skewed);
}

TEST(Sieve, IgnoresOtherAddressesAndExcludedPortsAndCountsThem) {
  Feed feed;
  feed.begin();
  Event elsewhere = call_event("a", start);
  connection(elsewhere).destination = *parse_ip_address("10.0.0.1");
  feed(elsewhere);
  Event dns = call_event("a", start);
  connection(dns).port = 53;
  feed(dns);
  EXPECT_TRUE(feed.out.records.empty());
  EXPECT_EQ(feed.core.counters().formats[1].connections_elsewhere, 2U);
  EXPECT_EQ(feed.core.counters().formats[1].calls, 0U);
}

TEST(Sieve, TakesAnUnknownPortForACall) {
  Feed feed;
  feed.begin();
  Event event = call_event("a", start);
  connection(event).port.reset();
  feed(event);
  EXPECT_EQ(feed.calls().size(), 1U);
}

TEST(Sieve, TheHostIsTheFirstLabelUnlessItIsAnAddress) {
  Feed feed;
  feed.begin();
  feed(call_event("10.1.2.3", start));
  Event spaced = call_event("prod-1.example.com", start);
  spaced.namespace_value = "123456";
  feed(spaced);
  Event id_only = call_event("", start);
  id_only.host.id = "ABC-1.2";
  feed(id_only);
  ASSERT_EQ(feed.calls().size(), 3U);
  EXPECT_EQ(feed.calls()[0].host, HostId{"10.1.2.3"});
  EXPECT_EQ(feed.calls()[1].host, HostId{"123456/prod-1"});
  EXPECT_EQ(feed.calls()[2].host, HostId{"abc-1.2"});
}

TEST(Sieve, PlaceCountsAllEventsOfAMessage) {
  Feed feed;
  feed.begin();
  feed.message({other_event("a", start), call_event("a", start), Rejected{Format::unknown, RejectReason::no_time, "x"},
                call_event("b", start)});
  ASSERT_EQ(feed.calls().size(), 2U);
  EXPECT_EQ(feed.calls()[0].origin.place, 1U);
  EXPECT_EQ(feed.calls()[1].origin.place, 3U);
}

TEST(Sieve, RejectsAMessageOnceAndCountsEachEvent) {
  Feed feed;
  feed.message({Rejected{Format::unknown, RejectReason::no_time, "first"}, Rejected{Format::unknown, RejectReason::no_host, "second"}});
  ASSERT_EQ(feed.out.rejected.size(), 1U);
  EXPECT_EQ(feed.out.rejected[0].detail, "first");
  EXPECT_EQ(feed.core.counters().formats[0].rejected[static_cast<std::size_t>(RejectReason::no_host)], 1U);
}

TEST(Sieve, CutsTextAtAUtf8Boundary) {
  Feed feed;
  feed.begin();
  std::string line = "x";
  for (int i = 0; i < 10'000; ++i) line += "é";
  Event event = call_event("a", start);
  connection(event).process.command_line = line;
  feed(event);
  const std::string cut = feed.calls()[0].evidence.process.command_line;
  EXPECT_EQ(cut.size(), 16383U);
  EXPECT_TRUE(cut.ends_with("é"));
}

TEST(Sieve, HasNoWatermarkBeforeAnEventCounts) {
  Feed feed;
  feed(other_event("a", start));
  EXPECT_EQ(feed.core.watermark(feed.source), std::nullopt);
  feed(other_event("b", start));
  EXPECT_EQ(feed.core.watermark(feed.source), start - 2min);
}

TEST(Sieve, CountsWhatIsOlderThanTheWatermark) {
  Feed feed;
  feed.begin();
  feed(other_event("a", start - 2min));
  EXPECT_EQ(feed.core.counters().out_of_order, 0U);
  feed(other_event("a", start - 2min - 1us));
  EXPECT_EQ(feed.core.counters().out_of_order, 1U);
}

TEST(Sieve, HoldsACallFarAheadAndThoseBehindItInOrder) {
  Feed feed;
  feed.begin();
  feed(call_event("skewed", start + 24h));
  feed(call_event("fine", start + 1s));
  EXPECT_TRUE(feed.out.records.empty());
  EXPECT_EQ(feed.core.watermark(feed.source), start - 2min);
  feed(other_event("fine", start + 1min));
  EXPECT_EQ(feed.core.watermark(feed.source), start - 2min) << "not past what is queued";
  EXPECT_EQ(feed.core.position(feed.source).next, Offset{2});
  feed(other_event("fine", start + 2min));
  ASSERT_EQ(feed.calls().size(), 2U);
  EXPECT_EQ(feed.calls()[0].host, HostId{"skewed"});
  EXPECT_TRUE(feed.calls()[0].clock_skewed);
  EXPECT_EQ(feed.calls()[0].time, start);
  EXPECT_EQ(feed.calls()[1].time, start + 1s);
  EXPECT_EQ(feed.core.watermark(feed.source), start);
  EXPECT_EQ(feed.core.position(feed.source).next, Offset{6});
  EXPECT_EQ(feed.core.counters().clock_skewed, 1U);
}

TEST(Sieve, AHostWithAWrongClockThatCallsOftenDoesNotHoldTheWatermarkForGood) {
  Feed feed;
  feed.begin();
  for (int i = 0; i < 600; ++i) {
    feed(call_event("skewed", start + 24h + i * 1s));
    feed(other_event("fine", start + i * 1s));
  }
  EXPECT_GE(*feed.core.watermark(feed.source), start + 599s - 4min - 1s);
}

TEST(Sieve, ACallThatComesToCountKeepsItsTime) {
  Feed feed;
  feed.begin();
  feed(call_event("a", start + 24h));
  feed(call_event("b", start + 24h + 5min));
  ASSERT_EQ(feed.calls().size(), 2U);
  EXPECT_EQ(feed.calls()[0].time, start + 24h);
  EXPECT_FALSE(feed.calls()[0].clock_skewed);
  EXPECT_EQ(feed.core.watermark(feed.source), start + 24h + 3min);
}

TEST(Sieve, OneMachineUnderTwoNamesIsOneHost) {
  Feed feed;
  feed(call_event("web-1", start));
  feed(other_event("WEB-1.corp.example", start));
  EXPECT_TRUE(feed.out.records.empty());
}

TEST(Sieve, FinishWritesWhatWaits) {
  Feed feed;
  feed(call_event("a", start));
  feed.core.finish(feed.source, feed.out);
  ASSERT_EQ(feed.calls().size(), 1U);
  EXPECT_EQ(feed.calls()[0].time, start);
  EXPECT_FALSE(feed.calls()[0].clock_skewed);
  feed(call_event("a", start + 1s));
  EXPECT_EQ(feed.calls().size(), 2U);
}

TEST(Sieve, APartitionTakenUpAgainGivesTheSameCalls) {
  Feed feed;
  feed.begin();
  feed(other_event("x", start + 24h));
  feed(call_event("skewed", start + 48h));
  feed(call_event("fine", start + 1s));
  const SourcePosition position = feed.core.position(feed.source);
  EXPECT_EQ(position.next, Offset{3});
  Feed again{config(), position.metadata, position.next.value()};
  again(call_event("skewed", start + 48h));
  again(call_event("fine", start + 1s));
  for (Feed* each : {&feed, &again}) (*each)(call_event("y", start + 24h));
  ASSERT_EQ(again.calls().size(), 0U);
  for (Feed* each : {&feed, &again}) (*each)(other_event("y", start + 24h + 2min));
  ASSERT_EQ(again.calls().size(), 3U);
  EXPECT_EQ(again.out.records, feed.out.records);
  EXPECT_EQ(again.calls()[0].time, start + 24h);
}

TEST(Sieve, AMessageIsCommittedOnlyWhenAllItsCallsAreOut) {
  Feed feed;
  feed.begin();
  feed.message({call_event("fine", start + 1s), call_event("skewed", start + 24h)});
  EXPECT_EQ(feed.calls().size(), 1U);
  EXPECT_EQ(feed.core.position(feed.source).next, Offset{2});
}

TEST(Sieve, ARevokedPartitionForgetsWhatItHeld) {
  Feed feed;
  feed.begin();
  feed(call_event("skewed", start + 24h));
  feed.core.revoke(feed.source);
  feed.core.assign(feed.source, {});
  feed.core.finish(feed.source, feed.out);
  EXPECT_TRUE(feed.out.records.empty());
}

}  // namespace
}  // namespace imdswatch::test
