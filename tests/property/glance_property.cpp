#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>

#include "imdswatch/decode/decoder.hpp"
#include "support/glances.hpp"
#include "support/json_shapes.hpp"

namespace imdswatch::glance_property {
namespace {

namespace fs = std::filesystem;
using testing::Json;

const IpAddress metadata_service = *parse_ip_address("169.254.169.254");

std::vector<Json> golden_events() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(IMDSWATCH_SOURCE_DIR) / "tests" / "golden" / "decode"))
    if (entry.path().extension() == ".json" && entry.path().filename() != "lines.json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Json> out;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    out.push_back(testing::parse_json(text));
  }
  return out;
}

/// Without blanks: as shippers write.
std::string compact(const Json& json) {
  std::string out;
  if (json.kind == Json::Kind::scalar) return json.scalar;
  if (json.kind == Json::Kind::object) {
    for (const auto& [key, value] : json.members) out.append(out.empty() ? "" : ",").append("\"" + key + "\":").append(compact(value));
    return "{" + out + "}";
  }
  for (const Json& element : json.elements) out.append(out.empty() ? "" : ",").append(compact(element));
  return "[" + out + "]";
}

std::vector<Json*> scalars_of(Json& json) {
  std::vector<Json*> out;
  if (json.kind == Json::Kind::scalar) out.push_back(&json);
  for (auto& member : json.members) std::ranges::copy(scalars_of(member.second), std::back_inserter(out));
  for (Json& element : json.elements) std::ranges::copy(scalars_of(element), std::back_inserter(out));
  return out;
}

/// Most values stay of their sort; a few become something that changes the account, or hides a call.
void change_values(Json& event, std::mt19937_64& random) {
  static const std::vector<std::string> others{
      "null", "\"\"", "\"-\"", "[]", "true", "false", "0", "3", "1", "5156", "4688", "12e400", "\"/usr/bin/curl\"", "\" \"", "\"\\t \"", "\"\\\"\"", "\"C:\\\\dir\\\\\"", "\"C:\\\\dir\\\\ \"", "\"a\\\\b\\\"c\\\":1\"", "\"::1\"", "\":\"", "\" :\"", "[\"::1\",\":x\"]",
      "\"ingress\"", "\"network\"", "\"process\"", "\"start\"", "\"failure\"", "\"2026-03-01T12:00:00Z\"", "\"yesterday\"",
      "\"169.254.169.254\"", "\"::ffff:A9FE:a9fe\"", "\"\\u0031\\u0036\\u0039.254.169.254\"", "\"0:0:0:0:0:ffff:a9fe:a9fe\"", "\"10.0.0.7\"", "\"fe80::1\"",
      "\"169.254.169.254:80\"", "\"[::ffff:169.254.169.254]:80\"", "\"10.0.0.7:443\"", "\"[fe80::1]:443\"", "\"10.0.0.7:http\"",
      "\" 3\"", "\" Inbound \"", "\"incoming\"", "\"Failure\"", "\"Denied\"", "\"Refuse\"", "\"Network Activity\"", "400101",
      "\"2026-03-01T12:00Z\"", "\"2026-03-01 12:00:00 UTC\"", "\"/Date(1772366400123)/\""};
  const auto scalars = scalars_of(event);
  for (Json* scalar : scalars) {
    if (scalar->scalar == "\"169.254.169.254\"" && random() % 8 != 0) scalar->scalar = "\"10.1.2.3\"";
    if (random() % 3 == 0) {
      for (char& c : scalar->scalar)
        if (c >= '2' && c <= '5') c = static_cast<char>('2' + random() % 4);
    }
  }
  if (random() % 3 == 0 && !scalars.empty()) scalars[random() % scalars.size()]->scalar = others[random() % others.size()];
}

/// Members under names of which several lead to one slot, or are nearly one that does, anywhere at the top.
void add_names_beside(Json& event, std::mt19937_64& random) {
  static const std::vector<std::string> names{"ProcessId", "ProcessID", "user",      "log_name", "computer",
                                              "channel",   "eventid",   "direction", "utctime",  "DestinationIp",
                                              "commuter",  "shannel",   "c:",        "::1",      "a,"};
  static const std::vector<std::string> values{"null", "\"-\"", "[\"-\"]", "\"\\u002d\"", "{}", "3", "\"x.exe\"", "\"SYSTEM\"", "\"in\"",
                                               "\"Security\"", "\"2026-03-01T12:00:00Z\"", "\"10.0.0.7\""};
  for (auto left = 1 + random() % 3; left > 0; --left) {
    Json value;
    value.scalar = values[random() % values.size()];
    if (value.scalar == "{}") value = testing::parse_json("{}");
    const auto at = event.members.begin() + static_cast<std::ptrdiff_t>(random() % (event.members.size() + 1));
    event.members.insert(at, {names[random() % names.size()], value});
  }
}

void swap_two_values(Json& event, std::mt19937_64& random) {
  const auto scalars = scalars_of(event);
  if (!scalars.empty()) std::swap(scalars[random() % scalars.size()]->scalar, scalars[random() % scalars.size()]->scalar);
}

struct Found {
  int glances = 0, identified = 0, calls = 0, of_custom = 0;
  std::map<Glance::Kind, int> kinds;
};

bool is_custom(const Decoded& decoded) {
  return std::visit([](const auto& what) { return what.format == Format::custom; }, decoded);
}

/// One decoder that glances first, as the sieve does, against one that never does.
void compare(testing::Glancer& quick, Decoder& plain, const std::string& message, Found& found, std::optional<Format> only = std::nullopt) {
  const testing::Taken taken = quick.take(message, only);
  const auto all = plain.decode(message, only);
  found.of_custom += std::ranges::any_of(all, is_custom) ? 1 : 0;
  found.calls += testing::has_call(all, metadata_service) ? 1 : 0;
  if (taken.by_looks) ++found.kinds[*taken.by_looks], ++found.glances;
  found.identified += taken.identified ? 1 : 0;
  ASSERT_EQ(testing::difference(taken, all, metadata_service), "") << message;
}

TEST(GlanceProperty, WhatAGlanceTellsIsWhatReadingTheWholeEventTells) {
  const std::vector<Json> events = golden_events();
  testing::Glancer quick(DecodeConfig{.namespace_field = "cloud.account.id", .wanted_addresses = {metadata_service}});
  Decoder plain(DecodeConfig{.namespace_field = "cloud.account.id"});
  std::mt19937_64 random(20260301);
  Found found;
  for (int round = 0; round < 60'000; ++round) {
    Json event = events[random() % events.size()];
    if (random() % 4 == 0) add_names_beside(event, random);
    if (random() % 8 == 0) testing::shuffle_keys(event, random);
    if (random() % 16 == 0) testing::join_some_keys(event, random);
    if (random() % 16 == 0) testing::change_case_of_keys(event, random);
    if (random() % 16 == 0) testing::add_noise(event, random);
    change_values(event, random);
    ASSERT_NO_FATAL_FAILURE(compare(quick, plain, random() % 16 == 0 ? testing::write_json(event, random) : compact(event), found));
  }
  EXPECT_GT(found.glances, 10'000);
  EXPECT_GT(found.calls, 1'000);
  for (const auto kind : {Glance::Kind::ignored, Glance::Kind::elsewhere, Glance::Kind::start}) EXPECT_GT(found.kinds[kind], 1'000) << static_cast<int>(kind);
  EXPECT_GT(found.identified, 1'000);
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
    add_names_beside(event, random);
    change_values(event, random);
    for (int other = 0; other < 12; ++other) {
      Json changed = event;
      if (random() % 3 == 0) change_values(changed, random);
      for (auto swaps = random() % 4; swaps > 0; --swaps) swap_two_values(changed, random);
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
    for (Json* scalar : scalars_of(event))
      if (scalar->scalar == "\"169.254.169.254\"") scalar->scalar = "\"10.1.2.3\"";
    const std::string message = compact(event);
    for (int twice = 0; twice < 2; ++twice) ASSERT_NO_FATAL_FAILURE(compare(quick, plain, message, found));
    for (std::size_t size = 0; size < message.size(); ++size) ASSERT_NO_FATAL_FAILURE(compare(quick, plain, message.substr(0, size), found));
  }
  EXPECT_GT(found.glances, 10);
}

/// Every way of writing an address of every kind of configuration, wherever an event of any format says with whom a connection is.
TEST(GlanceProperty, NoWrittenFormOfAWantedAddressIsOverlooked) {
  const std::vector<std::string> wanted{"169.254.169.254", "fd00:ec2::254", "168.63.129.16", "100.100.100.200", "fd00::1"};
  const std::vector<std::string> forms{
      "169.254.169.254", "::ffff:169.254.169.254", "::FFFF:A9FE:A9FE", "0:0:0:0:0:ffff:a9fe:a9fe", "0000:0000:0000:0000:0000:FFFF:a9fe:A9FE",
      "a9fe:a9fe:0:0:18a2:6e00:e0:ffff", "a9fe:a9fe:3000:3000:3000:3000:3000:3300", "fd00:ec2::254", "FD00:0EC2:0:0:0:0:0:0254", "fd00:ec2::0.0.2.84", "168.63.129.16", "::ffff:a83f:8110",
      "100.100.100.200", "::ffff:6464:64C8", "\\u0031\\u0036\\u0039.254.169.254", "169\\u002e254.169.254", "169.254.169.25\\u0034",
      "::ffff:\\u0061\\u0039fe:a9fe", "169.254.169.254:80", "[::ffff:169.254.169.254]:80", "[::FFFF:A9FE:A9FE]:80", "169.254.169.254\\u003a80",
      "[fd00:ec2::254]:80", "fd00:0:0::0001", "fd00::1%eth0", "fd00::1%\\u0034", " 169.254.169.254 ", "\\t169.254.169.254"};
  std::vector<IpAddress> addresses;
  for (const auto& text : wanted) addresses.push_back(*parse_ip_address(text));
  Decoder plain;
  std::map<Format, int> calls;
  for (Json event : golden_events()) {
    for (Json* place : scalars_of(event)) {
      const std::string written = place->scalar;
      if (written.size() < 2 || !parse_endpoint(std::string_view(written).substr(1, written.size() - 2))) continue;
      const auto with = [&](std::string_view address) {
        place->scalar = "\"" + std::string(address) + "\"";
        return compact(event);
      };
      for (const std::string clean : {"10.1.2.3", "fd00::2"}) {
        testing::Glancer quick(DecodeConfig{.wanted_addresses = addresses});  // one that knows only this event
        const std::string message = with(clean);
        static_cast<void>(quick.take(message));
        if (!quick.decoder.glance(message)) continue;
        for (const auto& form : forms) {
          const auto all = plain.decode(with(form));
          const auto is_call = [&](const IpAddress& address) { return testing::has_call(all, address); };
          if (std::ranges::none_of(addresses, is_call)) continue;
          ++calls[std::visit([](const auto& what) { return what.format; }, all.front())];
          ASSERT_FALSE(quick.decoder.glance(with(form))) << form << " after " << clean << " in " << message;
        }
      }
      place->scalar = written;
    }
  }
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
