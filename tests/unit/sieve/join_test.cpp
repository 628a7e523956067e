#include <gtest/gtest.h>

#include "../../../src/sieve/evidence_blob.hpp"
#include "../../../src/sieve/process_table.hpp"
#include "events.hpp"
#include "imdswatch/sieve/evidence.hpp"

namespace imdswatch::test {
namespace {

using namespace std::chrono_literals;

Event call_of(std::string_view entity, std::optional<std::uint64_t> pid, EventTime time, std::string_view name = "curl.exe") {
  Event event = call_event("web-1", time, name);
  connection(event).process.entity_id = entity;
  connection(event).process.pid = pid;
  return event;
}

Event start_of(std::string_view entity, std::optional<std::uint64_t> pid, EventTime time, std::string_view line,
               std::string_view name = "curl.exe") {
  Event event = start_event("web-1", time, name);
  process_start(event).process.entity_id = entity;
  process_start(event).process.pid = pid;
  process_start(event).process.command_line = line;
  return event;
}

TEST(Join, FindsAStartByItsEntityId) {
  Feed feed;
  feed.begin();
  feed(start_of("e1", 4, start, "curl one"));
  feed(start_of("e2", 4, start + 1s, "curl two"));
  feed(call_of("e1", 4, start + 2s));
  const Evidence evidence = feed.calls().at(0).evidence;
  EXPECT_TRUE(evidence.joined);
  EXPECT_EQ(evidence.process.command_line, "curl one");
  EXPECT_EQ(evidence.parent.name, "cmd.exe");
  EXPECT_EQ(evidence.process_start, start);
  EXPECT_EQ(feed.core.counters().formats[1].join_hits, 1U);
}

TEST(Join, KeepsWhatTheConnectionItselfTells) {
  Feed feed;
  feed.begin();
  Event begun = start_of("e1", 4, start, "of the start");
  process_start(begun).user = {"SYSTEM", "NT AUTHORITY", "S-1-5-18"};
  feed(begun);
  Event call = call_of("e1", 4, start + 2s);
  connection(call).process.command_line = "of the call";
  connection(call).user.name = "alice";
  feed(call);
  const Evidence evidence = feed.calls().at(0).evidence;
  EXPECT_EQ(evidence.process.command_line, "of the call");
  EXPECT_EQ(evidence.user_name, "alice");
  EXPECT_EQ(evidence.user_id, "") << "a user is taken whole or not at all";
}

TEST(Join, ByPidTakesTheLatestStartBeforeTheCall) {
  Feed feed;
  feed.begin();
  feed(start_of("", 4, start, "first"));
  feed(start_of("", 4, start + 20s, "third"));
  feed(start_of("", 4, start + 10s, "second"));
  feed(call_of("", 4, start + 12s));
  EXPECT_EQ(feed.calls().at(0).evidence.process.command_line, "second");
}

TEST(Join, AReusedPidEndsTheFormerProcess) {
  Feed feed;
  feed.begin();
  feed(start_of("", 4, start, "old"));
  feed(start_of("", 4, start + 10s, "other", "notepad.exe"));
  feed(call_of("", 4, start + 12s));
  EXPECT_FALSE(feed.calls().at(0).evidence.joined);
  EXPECT_EQ(feed.core.counters().formats[1].join_misses, 1U);
}

TEST(Join, APidReusedByTheSameNameInAnotherFolderIsAnotherProcess) {
  const auto joined = [](std::string_view of_start, std::string_view of_call) {
    Feed feed;
    feed.begin();
    Event begun = start_of("", 4, start, "x");
    process_start(begun).process.executable = of_start;
    feed(begun);
    Event call = call_of("", 4, start + 1s);
    connection(call).process.executable = of_call;
    feed(call);
    return feed.calls().at(0).evidence.joined;
  };
  constexpr std::string_view drive = R"(C:\Windows\System32\curl.exe)";
  EXPECT_TRUE(joined(drive, R"(\device\harddiskvolume3\windows\system32\curl.exe)"));
  EXPECT_TRUE(joined(drive, R"(\??\c:/windows/system32/CURL.exe)"));
  EXPECT_FALSE(joined(drive, R"(\device\harddiskvolume3\temp\curl.exe)"));
  EXPECT_FALSE(joined(drive, R"(C:\temp\curl.exe)"));
  for (const auto* const unclear : {"", "curl.exe", R"(C:\temp\)", R"(\\server\share\curl.exe)", R"(C:\PROGRA~1\curl.exe)", R"(C:\Übung\curl.exe)",
                                    R"(\SystemRoot\System32\curl.exe)", R"(C:\temp)"})
    EXPECT_TRUE(joined(drive, unclear)) << unclear;
}

TEST(Join, APidIsOfTheProcessThatBeganWhenTheCallSays) {
  Feed feed;
  feed.begin();
  for (const auto after : {0s, 60s}) {
    Event begun = start_of("", 4, start + after, after == 0s ? "first" : "second");
    process_start(begun).process.started = start + after;
    feed(begun);
  }
  for (const auto began : {1s, 59s, 30s}) {
    Event call = call_of("", 4, start + 90s);
    connection(call).process.started = start + began;
    feed(call);
  }
  const auto calls = feed.calls();
  EXPECT_EQ(calls.at(0).evidence.process.command_line, "first");
  EXPECT_EQ(calls.at(1).evidence.process.command_line, "second");
  EXPECT_FALSE(calls.at(2).evidence.joined);
}

TEST(Join, APidOfAnotherHostIsAnotherProcess) {
  Feed feed;
  feed.begin();
  Event begun = start_of("", 4, start, "x");
  begun.host.name = "web-2";
  feed(begun);
  feed(call_of("", 4, start + 1s));
  EXPECT_FALSE(feed.calls().at(0).evidence.joined);
}

TEST(Join, DifferentEntityIdsOfOneShipperAreDifferentProcesses) {
  Feed feed;
  feed.begin();
  feed(start_of("e1", 4, start, "x"));
  feed(call_of("e2", 4, start + 1s));
  EXPECT_FALSE(feed.calls().at(0).evidence.joined);
}

TEST(Join, ByPidWorksAcrossShippers) {
  Feed feed;
  feed.begin();
  Event begun = start_of("{guid}", 4, start, "x");
  begun.format = Format::winlogbeat_raw;
  feed(begun);
  feed(call_of("base64", 4, start + 1s));
  EXPECT_EQ(feed.calls().at(0).evidence.process.command_line, "x");
}

TEST(Join, ALateStartIsSentAfterEachCallThatAwaitsIt) {
  Feed feed;
  feed.begin();
  feed(call_of("e1", 4, start + 1s));
  feed(call_of("e1", 4, start + 2s));
  feed(call_of("e9", 9, start + 3s));
  feed(start_of("e1", 4, start, "late"));
  const auto lineages = feed.lineages();
  ASSERT_EQ(lineages.size(), 2U);
  EXPECT_EQ(lineages[0].call, feed.calls()[0].origin);
  EXPECT_EQ(lineages[1].call, feed.calls()[1].origin);
  EXPECT_EQ(lineages[0].evidence.process.command_line, "late");
  EXPECT_EQ(lineages[0].evidence.process_start, start);
  EXPECT_TRUE(lineages[0].evidence.joined);
  EXPECT_EQ(lineages[0].call_time, start + 1s);
  feed(start_of("e1", 4, start + 1ms, "late"));
  EXPECT_EQ(feed.lineages().size(), 2U) << "a call is explained once";
  EXPECT_EQ(feed.core.counters().formats[1].late_starts, 2U);
}

TEST(Join, ALateStartByPidMustLieBeforeItsCallAndHaveItsName) {
  Feed feed;
  feed.begin();
  feed(call_of("", 4, start + 10s));
  feed(start_of("", 4, start + 13s, "after"));
  feed(start_of("", 4, start + 5s, "other", "notepad.exe"));
  EXPECT_TRUE(feed.lineages().empty());
  feed(start_of("", 4, start + 6s, "it"));
  ASSERT_EQ(feed.lineages().size(), 1U);
  EXPECT_EQ(feed.lineages()[0].evidence.process.command_line, "it");
}

TEST(Join, AQueuedCallIsJoinedWhenItGoesOut) {
  Feed feed;
  feed.begin();
  feed(call_of("e1", 4, start + 24h));
  feed(start_of("e1", 4, start + 24h - 1s, "in time"));
  feed.core.finish(feed.source, feed.out);
  EXPECT_EQ(feed.calls().at(0).evidence.process.command_line, "in time");
  EXPECT_TRUE(feed.lineages().empty());
}

TEST(Join, WarmUpBringsStartsOnly) {
  Feed feed;
  const std::vector<Decoded> events{start_of("e1", 4, start, "warm"), call_of("e1", 4, start)};
  feed.core.warm_up(feed.source, events);
  EXPECT_TRUE(feed.out.records.empty());
  EXPECT_EQ(feed.core.counters().formats[1].starts, 0U);
  EXPECT_EQ(feed.core.watermark(feed.source), std::nullopt);
  feed.begin();
  feed(call_of("e1", 4, start + 2s));
  EXPECT_EQ(feed.calls().at(0).evidence.process.command_line, "warm");
}

TEST(ProcessTable, StaysWithinItsBytesAndDropsTheOldest) {
  SieveConfig small = config();
  small.process_table_bytes = 20'000;
  Feed feed{small};
  feed.begin();
  for (int i = 0; i < 200; ++i) {
    const std::string entity = "e" + std::to_string(i);
    feed(start_of(entity, static_cast<std::uint64_t>(i), start, "line"));
    EXPECT_LE(feed.core.process_table_bytes(), 20'000U);
  }
  EXPECT_GT(feed.core.counters().starts_evicted, 0U);
  feed(call_of("e0", 0, start + 1s));
  feed(call_of("e199", 199, start + 1s));
  EXPECT_FALSE(feed.calls()[0].evidence.joined);
  EXPECT_TRUE(feed.calls()[1].evidence.joined);
}

TEST(ProcessTable, CountsWhatAllStartsOfAShapeShareOnce) {
  const std::string_view message =
      R"({"@timestamp":"2026-03-01T12:00:00Z","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","provider_name":"Microsoft-Windows-Sysmon",)"
      R"("event_id":1,"computer_name":"w","event_data":{"ProcessId":"5","Image":"C:\\a.exe","CommandLine":"a"}}})";
  Decoder decoder(DecodeConfig{.wanted_addresses = {*parse_ip_address("169.254.169.254")}});
  static_cast<void>(decoder.glance(message));
  static_cast<void>(decoder.decode(message));
  ASSERT_TRUE(decoder.glance(message));
  const KeptStart* const kept = decoder.keep_start();
  ASSERT_TRUE(kept && kept->shape);
  ProcessTable table(1u << 20, 0);
  table.add(ProcessKey{.entity = 1}, start, start, *kept);
  const std::size_t first = table.bytes();
  table.add(ProcessKey{.entity = 2}, start, start, *kept);
  const std::size_t second = table.bytes() - first;
  EXPECT_EQ(first, second + bytes_of(*kept->shape));
}

TEST(ProcessTable, ForgetsAfterADay) {
  Feed feed;
  feed.begin();
  feed(start_of("e1", 4, start, "old"));
  for (int i = 1; i <= 49; ++i) feed(other_event("a", start + i * 30min));
  feed(start_of("e2", 5, start + 24h + 1s, "new"));
  EXPECT_EQ(feed.core.counters().starts_evicted, 1U);
}

TEST(ProcessTable, AWrongClockDoesNotAgeTheOthers) {
  Feed feed;
  feed.begin();
  feed(start_of("e1", 4, start, "fine"));
  Event skewed = start_of("e2", 5, start + 24h * 365, "skewed");
  feed(skewed);
  EXPECT_EQ(feed.core.counters().starts_evicted, 0U);
}

TEST(ProcessTable, AStartToldAgainIsKeptOnce) {
  Feed feed;
  feed.begin();
  feed(start_of("e1", 4, start, "x"));
  const std::size_t bytes = feed.core.process_table_bytes();
  feed(start_of("e1", 4, start, "x"));
  EXPECT_EQ(feed.core.process_table_bytes(), bytes);
}

TEST(Evidence, IsTheSameAfterPacking) {
  Evidence evidence;
  evidence.process = {"n", "x", "e", "c", "h256", "h1", "h5", 1ULL << 63};
  evidence.parent.command_line = std::string{"\0\n", 2};
  evidence.user_name = "é";
  evidence.signature_trusted = false;
  EXPECT_EQ(unpack(pack(evidence)), evidence);
  EXPECT_EQ(unpack(pack(Evidence{})), Evidence{});
}

}  // namespace
}  // namespace imdswatch::test
