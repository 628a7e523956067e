#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>

#include "glance_comparison.hpp"
#include "imdswatch/decode/decoder.hpp"
#include "support/event_changes.hpp"
#include "support/glances.hpp"
#include "support/json_shapes.hpp"
#include "written_addresses.hpp"

namespace imdswatch::glance_property {
namespace {

using testing::change_values;
using testing::compact;
using testing::golden_events;
using testing::Json;

TEST(GlanceProperty, WhatAGlanceTellsIsWhatReadingTheWholeEventTells) {
  const std::vector<Json> events = golden_events();
  testing::Glancer quick(DecodeConfig{.namespace_field = "cloud.account.id", .wanted_addresses = {metadata_service}});
  Decoder plain(DecodeConfig{.namespace_field = "cloud.account.id"});
  std::mt19937_64 random(20260301);
  Found found;
  for (int round = 0; round < 60'000; ++round) {
    Json event = events[random() % events.size()];
    if (random() % 4 == 0) testing::add_names_beside(event, random);
    if (random() % 8 == 0) testing::shuffle_keys(event, random);
    if (random() % 16 == 0) testing::join_some_keys(event, random);
    if (random() % 16 == 0) testing::change_case_of_keys(event, random);
    if (random() % 16 == 0) testing::add_noise(event, random);
    change_values(event, random);
    ASSERT_NO_FATAL_FAILURE(compare(quick, plain, random() % 16 == 0 ? testing::write_json(event, random) : compact(event), found));
  }
  EXPECT_GT(found.glances, 10'000);
  expect_many_of_each(found);
}

/// Where objects with the same keys change places or names, or a brace moves across a key, each key stays where it was, and means
/// something else.
TEST(GlanceProperty, WhatObjectsLieInOneAnotherIsSeen) {
  const std::vector<Json> events = golden_events();
  Decoder plain;
  std::mt19937_64 random(20260303);
  Found found;
  for (int round = 0; round < 4'000; ++round) {
    testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});  // one that knows only this event
    Json event = events[random() % events.size()];
    change_values(event, random);
    const auto seen = [&](const Json& json) { ASSERT_NO_FATAL_FAILURE(compare(quick, plain, compact(json), found)); };
    for (int twice = 0; twice < 2; ++twice) ASSERT_NO_FATAL_FAILURE(seen(event));
    for (int other = 0; other < 12; ++other) {
      Json changed = event;
      if (random() % 3 == 0) change_values(changed, random);
      if (random() % 2 == 0) testing::swap_objects(changed, random);
      if (random() % 3 == 0) testing::rename_objects(changed, random);
      for (auto moves = random() % 3; moves > 0; --moves) testing::move_brace(changed, random);
      ASSERT_NO_FATAL_FAILURE(seen(changed));
    }
  }
  EXPECT_GT(found.glances, 4'000);
}

/// What `records` is, a list of events, one event or a field of one, and whether the object around it is itself an event.
TEST(GlanceProperty, WhatRecordsStandForIsSeen) {
  const std::vector<Json> events = golden_events();
  const std::vector<std::string> values{R"([{"a":"1"}])", R"({"a":"1"})", R"("x")", R"(["x"])", R"(["{}"])", R"([["x"]])", R"([{"a":"1"},{}])", R"([{},{"a":"1"}])", "[]", "7"};
  const std::vector<std::string> around{"", R"("a":"1",)", R"("time":"2026-03-01T12:00:00Z",)", R"("@timestamp":"2026-03-01T12:00:00Z","event":{"module":"endpoint"},)", R"("aid":"1","event_simpleName":"X",)"};
  testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});
  Decoder plain;
  std::mt19937_64 random(20260304);
  Found found;
  for (int round = 0; round < 30'000; ++round) {
    Json changed = events[random() % events.size()];
    change_values(changed, random);
    const std::string event = compact(changed);
    const std::string& more = around[random() % around.size()];
    std::string message;
    switch (random() % 6) {
      case 0: message = "{" + more + "\"records\":[" + event + "]}"; break;
      case 1: message = "{\"records\":[" + event + "]" + (more.empty() ? "" : "," + more.substr(0, more.size() - 1)) + "}"; break;
      case 2: message = "{" + more + "\"records\":" + event + "}"; break;
      case 3: message = "{" + more + "\"records\":" + values[random() % values.size()] + "}"; break;
      case 4: message = event.substr(0, event.size() - 1) + ",\"records\":" + values[random() % values.size()] + "}"; break;
      default: message = "{\"records\":" + values[random() % values.size()] + "," + event.substr(1); break;
    }
    ASSERT_NO_FATAL_FAILURE(compare(quick, plain, message, found));
  }
  EXPECT_GT(found.glances, 1'000);
  EXPECT_GT(found.calls, 300);
}

/// A mapping that reads events of its own, and others' where a topic is fixed to it.
CustomMapping mapping() {
  CustomMapping out;
  out.fields = {{"@timestamp", {"/meta/time", "/@timestamp", "/time"}}, {"host.name", {"/device/name", "/host/name", "/Hostname"}},
                {"process.name", {"/proc/name", "/process/name"}},      {"process.executable", {"/proc/path", "/process/executable"}},
                {"process.pid", {"/proc/pid"}},                         {"destination.ip", {"/remote/ip", "/destination/ip"}}};
  out.connection = {{"/meta/type", {"net"}}, {"/meta/more/0/kind", {"a", "b"}}};
  out.process_start = {{"/event/category", {"process"}}};
  out.outgoing = {{"/remote/out", {"true"}}};
  return out;
}

/// Of the mapping in every topic, and of it only where its conditions hold.
std::vector<Json> own_events() {
  std::vector<Json> out;
  for (const std::string text :
       {R"({"meta":{"type":"net","time":"2026-03-01T12:00:00Z","more":[{"kind":"a"},{"kind":"c"}]},"device":{"name":"app-2"},"proc":{"name":"a.exe","path":"C:\\a.exe","pid":7},"remote":{"ip":"169.254.169.254","out":true}})",
        R"({"meta":{"type":"dns","more":[{"kind":"a"}]},"@timestamp":"2026-03-01T12:00:00Z","device":{"name":"app-2"},"remote":{"ip":"10.0.0.9","out":false}})",
        R"({"@timestamp":"2026-03-01T12:00:00Z","event":{"category":["process"]},"host":{"name":"app-3"},"process":{"name":"b.exe"}})"})
    out.push_back(testing::parse_json(text));
  return out;
}

/// One shape, many orders: which of several keys decides must not be what was learned of another order.
TEST(GlanceProperty, WhichOfSeveralPathsDecidesIsSeenInAnyOrder) {
  const std::vector<Json> events = golden_events();
  Decoder plain;
  std::mt19937_64 random(20260304);
  Found found;
  for (int round = 0; round < 4'000; ++round) {
    testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});
    Json event = events[random() % events.size()];
    if (event.kind != Json::Kind::object) continue;
    testing::add_names_beside(event, random);
    change_values(event, random);
    for (int other = 0; other < 12; ++other) {
      Json changed = event;
      if (random() % 3 == 0) change_values(changed, random);
      for (auto swaps = random() % 4; swaps > 0; --swaps) testing::swap_two_values(changed, random);
      if (random() % 3 == 0) testing::shuffle_keys(changed, random);
      ASSERT_NO_FATAL_FAILURE(compare(quick, plain, compact(changed), found));
    }
  }
  EXPECT_GT(found.glances, 4'000);
}

TEST(GlanceProperty, FixedFormatsAndTheCustomOneAreServedAsIfReadInFull) {
  std::vector<Json> events = golden_events();
  for (int often = 0; often < 20; ++often) std::ranges::copy(own_events(), std::back_inserter(events));
  testing::Glancer quick(DecodeConfig{.custom = mapping(), .wanted_addresses = {metadata_service}});
  Decoder plain(DecodeConfig{.custom = mapping()});
  std::mt19937_64 random(20260302);
  Found free, fixed;
  for (int round = 0; round < 60'000; ++round) {
    Json event = events[random() % events.size()];
    if (random() % 16 == 0) testing::shuffle_keys(event, random);
    change_values(event, random);
    const std::string message = compact(event);
    std::optional<Format> only;
    if (random() % 2 == 0) {
      const auto all = plain.decode(message);
      only = std::visit([](const auto& what) { return what.format; }, all.front());
      if (random() % 4 == 0 || only == Format::unknown) only = static_cast<Format>(1 + random() % static_cast<unsigned>(Format::custom));
      if (random() % 4 == 0) only = Format::custom;
    }
    ASSERT_NO_FATAL_FAILURE(compare(quick, plain, message, only ? fixed : free, only)) << (only ? to_string(*only) : "any");
  }
  for (const Found& found : {free, fixed}) {
    EXPECT_GT(found.glances, 3'000);
    EXPECT_GT(found.calls, 300);
    EXPECT_GT(found.of_custom, 1'000);
  }
}

TEST(GlanceProperty, NoTruncatedEventIsTakenForAWholeOne) {
  testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});
  Decoder plain;
  Found found;
  for (Json event : golden_events()) {
    testing::lead_elsewhere(event);
    const std::string message = compact(event);
    for (int twice = 0; twice < 2; ++twice) ASSERT_NO_FATAL_FAILURE(compare(quick, plain, message, found));
    for (std::size_t size = 0; size < message.size(); ++size) ASSERT_NO_FATAL_FAILURE(compare(quick, plain, message.substr(0, size), found));
  }
  EXPECT_GT(found.glances, 10);
}

/// Every way of writing an address of every kind of configuration, wherever an event of any format says with whom a connection is.
TEST(GlanceProperty, NoWrittenFormOfAWantedAddressIsOverlooked) {
  const std::map<Format, int> calls = find_written_forms(1, [](const Json& event) { return compact(event); });
  EXPECT_GE(calls.size(), 9u) << "formats";
  for (const auto& [format, count] : calls) EXPECT_GE(count, 20) << to_string(format);
}

/// A document inside a text is not compared address by address. It is found by parsing, and must be found the next time as well.
TEST(GlanceProperty, ACallWhoseAddressStandsWithinATextIsNotLearnedAsAnother) {
  const std::string message =
      R"({"TimeGenerated":"2026-03-01T12:00:00.75Z","Computer":"APP-02","EventSourceName":"Microsoft-Windows-Security-Auditing","Channel":"Security","EventID":5156,)"
      R"("Type":"SecurityEvent","EventData":"<EventData><Data Name=\"Application\">C:\\probe.exe</Data><Data Name=\"Direction\">%%14593</Data>)"
      R"(<Data Name=\"DestAddress\">&#49;69.254.169.254</Data></EventData>"})";
  Decoder decoder(DecodeConfig{.wanted_addresses = {metadata_service}});
  for (int round = 0; round < 3; ++round) {
    ASSERT_FALSE(decoder.glance(message)) << "round " << round;
    ASSERT_TRUE(testing::has_call(decoder.decode(message), metadata_service));
  }
}

}  // namespace
}  // namespace imdswatch::glance_property
