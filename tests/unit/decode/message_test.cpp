#include <gtest/gtest.h>

#include <algorithm>

#include "imdswatch/base/limits.hpp"
#include "imdswatch/decode/decoder.hpp"
#include "support/decode_dump.hpp"
#include "support/sample_events.hpp"

namespace imdswatch {
namespace {

using testing::defend_connection;
using testing::sysmon_connection;
using testing::with;

std::string one_line(std::string_view json) {
  std::string out(json);
  out.erase(std::remove(out.begin(), out.end(), '\n'), out.end());
  return out;
}

/// "event", an ignore reason or a reject reason for each event of the message.
std::vector<std::string> accounts(std::string_view message) {
  Decoder decoder;
  std::vector<std::string> out;
  for (const Decoded& one : decoder.decode(message)) {
    if (const auto* ignored = std::get_if<Ignored>(&one)) out.emplace_back(to_string(ignored->reason));
    if (const auto* rejected = std::get_if<Rejected>(&one)) {
      out.emplace_back(to_string(rejected->reason));
      EXPECT_FALSE(rejected->detail.empty());
    }
    if (std::holds_alternative<Event>(one)) out.emplace_back("event");
  }
  return out;
}

using Accounts = std::vector<std::string>;
const std::string one_event = one_line(defend_connection);

/// With another token for the process's name, or its pid.
std::string with_name(std::string_view token) { return with(one_event, R"("name": "updater.exe")", "\"name\": " + std::string(token)); }
std::string with_pid(std::string_view token) { return with(one_event, "\"pid\": 4100", "\"pid\": " + std::string(token)); }

TEST(Message, NothingIsAnEmptyMessage) {
  for (const auto* text : {"", " \r\n", "\xef\xbb\xbf", "[]", " [ ] "}) EXPECT_EQ(accounts(text), Accounts{"empty_message"}) << text;
}

TEST(Message, AByteOrderMarkAndBlanksAroundDoNotMatter) {
  EXPECT_EQ(accounts("\xef\xbb\xbf" + one_event), Accounts{"event"});
  EXPECT_EQ(accounts(" \n\t" + std::string(defend_connection) + "\r\n\n"), Accounts{"event"});
}

TEST(Message, ManyEventsComeAsArrayAsRecordsOrAsLines) {
  const std::string other = one_line(sysmon_connection);
  for (const auto& message : {"[" + one_event + "," + other + "]", "{\"records\": [" + one_event + "," + other + "]}", one_event + "\n" + other, one_event + "\r\n\n" + other + "\n",
                              R"({"time":"x","Records":[)" + one_event + "," + other + R"(],"more":1})"})
    EXPECT_EQ(accounts(message), (Accounts{"event", "event"})) << message;
}

TEST(Message, ABadEventRejectsOnlyItself) {
  EXPECT_EQ(accounts(one_event + "\n{\"broken\": \n" + one_event), (Accounts{"event", "malformed_json", "event"}));
  EXPECT_EQ(accounts(one_event + "\nnonsense\n" + one_event), (Accounts{"event", "malformed_json", "event"}));
  EXPECT_EQ(accounts(one_event + "\n{\"a\":\"\xff\"}\n" + one_event), (Accounts{"event", "invalid_utf8", "event"}));
  EXPECT_EQ(accounts("[" + one_event + ", 7, " + one_event + "]"), (Accounts{"event", "not_an_object", "event"}));
  EXPECT_EQ(accounts("{\"records\": [" + one_event + ", null, " + one_event + "]}"), (Accounts{"event", "not_an_object", "event"}));
}

TEST(Message, ABadElementOfABatchRejectsOnlyItself) {
  const std::string deep = std::string(limits::max_json_depth, '[') + std::string(limits::max_json_depth, ']');
  const auto around = [&](const std::string& bad) {
    return std::vector<std::string>{"[" + one_event + "," + bad + "," + one_event + "]", "{\"records\": [" + one_event + ", " + bad + " ,\n" + one_event + "]}",
                                    R"({"a":{"records":[1]},"r\u0065cords":[)" + one_event + "," + bad + "," + one_event + R"(],"b":"}]"})"};
  };
  const std::vector<std::pair<std::string, std::string>> bad{
      {with_name("\"\xff\xfe\""), "invalid_utf8"},         {with_pid(deep), "nested_too_deep"},
      {with_name("\"C:\\dir\""), "malformed_json"},        {with_pid("007"), "malformed_json"},
      {with_pid("NaN"), "malformed_json"},                    {with_name("\"a\tb\""), "malformed_json"},
      {with_name("\"\xc3\""), "invalid_utf8"},              {"", "malformed_json"},
      {"[\"\xff\"]", "invalid_utf8"},                                       {"tru", "malformed_json"},
      {"{\"a\":1,}", "malformed_json"}};
  for (const auto& [element, reason] : bad)
    for (const auto& message : around(element)) EXPECT_EQ(accounts(message), (Accounts{"event", reason, "event"})) << message;
}

TEST(Message, OfABatchOfAThousandWithOneBadByteAllOthersAreRead) {
  std::string message = "{\"records\":[";
  for (int i = 0; i < 1000; ++i) message.append(i == 0 ? "" : ",").append(i == 500 ? with_name("\"\xff\"") : one_event);
  const auto all = accounts(message + "]}");
  EXPECT_EQ(std::count(all.begin(), all.end(), "event"), 999);
  EXPECT_EQ(all.size(), 1000u);
  EXPECT_EQ(all[500], "invalid_utf8");
}

TEST(Message, WhatIsBrokenBesideTheRecordsIsRejectedOnce) {
  EXPECT_EQ(accounts(R"({"tenant":"\xff","records":[)" "" + one_event + "]}"), Accounts{"event"}) << "an escape that nobody reads";
  EXPECT_EQ(accounts("{\"tenant\":\"\xff\",\"records\":[" + one_event + "," + one_event + "]}"), (Accounts{"event", "event", "invalid_utf8"}));
  EXPECT_EQ(accounts("{\"records\":[" + one_event + "," + one_event + "],\"tenant\":nul}"), (Accounts{"event", "event", "malformed_json"}));
  EXPECT_EQ(accounts("{\"records\":[" + one_event + ",{\"a\":nul}],\"tenant\":nul}"), (Accounts{"event", "malformed_json"}));
}

TEST(Message, ACutOffBatchKeepsWhatCameWhole) {
  const std::string two = one_event + "," + one_event;
  for (const std::string before : {"[", "{\"records\":["})
    for (const auto* behind : {"", ",", ",{\"a\":", ",{\"a\":\"b", ",nul"})
      EXPECT_EQ(accounts(before + two + behind), (Accounts{"event", "event", "malformed_json"})) << before << behind;
  EXPECT_EQ(accounts("[" + two + ",{\"a\":\"\xc3"), (Accounts{"event", "event", "invalid_utf8"}));
}

/// After it, what a program wrote into its command line would stand where events do.
TEST(Message, NothingBehindALostQuoteIsTrusted) {
  for (const auto& bad : {with_name("\"updater.exe"), with_name("updater.exe\""),
                          with_name("\"C:\\dir\\\""), with_name("\"say \"hello\" to\"")})
    EXPECT_EQ(accounts("[" + one_event + "," + bad + "," + one_event + "]"), (Accounts{"event", "malformed_json"})) << bad;
}

TEST(Message, WhatStandsBeforeTheBreakOfAnArrayIsKept) {
  EXPECT_EQ(accounts("[" + one_event + ", {\"a\" 1}, " + one_event + "]"), (Accounts{"event", "malformed_json"}));
}

TEST(Message, ARecordsFieldOfValuesIsNoEnvelope) {
  EXPECT_EQ(accounts(R"({"@timestamp":"2026-03-01T12:00:00Z","records":[1,2]})"), Accounts{"unknown_format"});
}

TEST(Message, RecordsAreReadWhereverTheyStand) {
  const std::string batch = "{\"records\":[" + one_event + "]}";
  EXPECT_EQ(accounts("[" + batch + "," + one_event + "," + batch + "]"), (Accounts{"event", "event", "event"}));
  EXPECT_EQ(accounts("[" + batch + ",{\"records\":[" + one_event + "," + with_pid("NaN") + "," + one_event + "]}]"), (Accounts{"event", "event", "malformed_json", "event"}));
  EXPECT_EQ(accounts("{\"records\":" + one_event + "}"), Accounts{"event"});
  EXPECT_EQ(accounts("[{\"RECORDS\":" + one_event + ",\"@timestamp\":\"2026-03-01T12:00:00Z\"}]"), Accounts{"event"});
}

TEST(Message, RecordsThatCannotBeReadAreRejectedNotIgnored) {
  EXPECT_EQ(accounts("{\"records\":[[" + one_event + "]]}"), Accounts{"not_an_object"});
  EXPECT_EQ(accounts(R"({"records":["{\"a\":1}","b"]})"), (Accounts{"not_an_object", "not_an_object"}));
  EXPECT_EQ(accounts("{\"records\":[null," + one_event + ",7]}"), (Accounts{"not_an_object", "event", "not_an_object"}));
}

TEST(Message, AnEventWithAFieldNamedRecordsIsStillAnEvent) {
  for (const std::string records : {R"([{"a":1}])", R"([{"a":1},2,"{}"])", R"({"a":1})", R"([["a"]])", "[1,2]", R"(["{\"a\":1}"])", "null"}) {
    const std::string field = "\"records\":" + records;
    EXPECT_EQ(accounts(with(one_event, R"("data_stream")", field + R"(,"data_stream")")), Accounts{"event"}) << records;
    EXPECT_EQ(accounts(one_event.substr(0, one_event.size() - 1) + "," + field + "}"), Accounts{"event"}) << records;
    EXPECT_EQ(accounts("[{" + field + "," + one_event.substr(1) + "]"), Accounts{"event"}) << records;
  }
}

TEST(Message, MessagesInARowAreEachRead) {
  for (const std::string between : {"", " ", "\n", "\r\n\n"}) {
    EXPECT_EQ(accounts("[" + one_event + "]" + between + "[" + one_event + "]"), (Accounts{"event", "event"})) << between;
    EXPECT_EQ(accounts(one_event + between + one_event + between + "{\"records\":[" + one_event + "]}"), (Accounts{"event", "event", "event"})) << between;
    EXPECT_EQ(accounts(one_event + between + with_pid("NaN") + between + one_event), (Accounts{"event", "malformed_json", "event"})) << between;
  }
  EXPECT_EQ(accounts("[" + one_event + "]\n[" + with_name("\"a") + "]\n[" + one_event + "]"), (Accounts{"event", "malformed_json", "event"}));
  EXPECT_EQ(accounts(one_event + one_event.substr(0, 100)), (Accounts{"event", "malformed_json"}));
  EXPECT_EQ(accounts("[" + one_event + "][" + one_event + ","), (Accounts{"event", "event", "malformed_json"}));
  for (const auto* behind : {"}", ",", "\x01", "nul", ",{}"}) EXPECT_EQ(accounts(one_event + behind), (Accounts{"event", "malformed_json"})) << behind;
}

TEST(Message, ASingleValueIsNoEvent) {
  for (const auto* text : {"7", "-1.5e3", "\"text\"", "true", "null"}) EXPECT_EQ(accounts(text), Accounts{"not_an_object"}) << text;
}

TEST(Message, GarbageIsMalformed) {
  for (const auto* text : {"{", "}", "{]", "[", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":01}", "{\"a\":tru}", "nul", "\"",
                           "{\"a\":\"b}", "{'a':1}", "{\"a\":1 \"b\":2}", "{\"a\":[1,]}", "{\"a\":{\"b\" 1}}", "\x1f{", "{a:1}", "{\"@timestamp\":\"\\x\"}"}) {
    const auto all = accounts(text);
    ASSERT_EQ(all.size(), 1u) << text;
    EXPECT_EQ(all[0], "malformed_json") << text;
  }
}

TEST(Message, BytesThatAreNotUtf8AreRejected) {
  EXPECT_EQ(accounts("{\"a\":\"\xff\xfe\"}"), Accounts{"invalid_utf8"});
  EXPECT_EQ(accounts("\xff\xfe{\0"), Accounts{"invalid_utf8"});
}

TEST(Message, AnObjectWithNothingKnownIsAnUnknownFormat) {
  EXPECT_EQ(accounts("{}"), Accounts{"unknown_format"});
  EXPECT_EQ(accounts(R"({"time": 1588373729})"), Accounts{"unknown_format"});
}

TEST(Message, LimitsAreKept) {
  EXPECT_EQ(accounts(std::string(limits::max_message_bytes + 1, ' ')), Accounts{"message_too_large"});
  const auto nested = [](std::size_t depth) {
    std::string out = "{\"a\":";
    out.append(depth - 1, '[').append(depth - 1, ']');
    return out + "}";
  };
  EXPECT_EQ(accounts(nested(limits::max_json_depth)), Accounts{"unknown_format"});
  EXPECT_EQ(accounts(nested(limits::max_json_depth + 1)), Accounts{"nested_too_deep"});
  EXPECT_EQ(accounts(nested(100'000)), Accounts{"nested_too_deep"});
}

TEST(Message, WhatLiesBeyondTheLimitIsRejectedTogetherInEveryForm) {
  const auto repeated = [](std::string_view before, std::string_view element, std::string_view between, std::string_view behind) {
    std::string out(before);
    for (std::size_t i = 0; i < limits::max_events_per_message + 5; ++i) out.append(i == 0 ? "" : between).append(element);
    return out.append(behind);
  };
  for (const auto& message : {repeated("[", "{}", ",", "]"), repeated("[", "0", ",", "]"), repeated("{\"records\":[{},", "0", ",", "]}"),
                              repeated("{\"records\":[", "{}", ",", "]}"), repeated("", "{}", "\n", ""), repeated("[\n", "{}", "\n", "\n]"),
                              repeated("", "{]}", "\n", "")}) {
    const auto all = accounts(message);
    EXPECT_EQ(all.size(), limits::max_events_per_message + 1) << message.substr(0, 30);
    EXPECT_EQ(all.back(), "too_many_events") << message.substr(0, 30);
    EXPECT_EQ(std::count(all.begin(), all.end(), "too_many_events"), 1) << message.substr(0, 30);
  }
}

TEST(Fields, NestedAndDottedNamesInAnyCaseAreTheSame) {
  Decoder decoder;
  const auto nested = testing::dump(decoder.decode(R"({"@timestamp":"2026-03-01T12:00:00Z","event":{"module":"endpoint","category":["process"],"action":"start"},
    "host":{"name":"a","os":{"type":"windows"}},"process":{"name":"p.exe","pid":7,"parent":{"name":"q.exe"},"Ext":{"code_signature":[{"subject_name":"S"}]}}})"));
  const auto dotted = testing::dump(decoder.decode(R"({"@TIMESTAMP":"2026-03-01T12:00:00Z","event.module":"endpoint","Event":{"Category":"process"},"event.action":["start"],
    "host.name":"a","host":{"OS.Type":"windows"},"process.parent.name":"q.exe","process.name":"p.exe","process":{"PID":"7","ext.code_signature":{"subject_name":"S"}}})"));
  EXPECT_EQ(nested, dotted);
}

TEST(Fields, EscapedNamesAndValuesAreUndone) {
  EXPECT_EQ(accounts(with(with(defend_connection, "\"destination\"", "\"d\\u0065stination\""), R"("ip": "169.254.169.254")", R"("ip": "\u0031\u00369.254.169.254")")), Accounts{"event"});
}

TEST(Fields, HalfASurrogatePairIsReplacedNotRejected) {
  Decoder decoder;
  const auto all = decoder.decode(with(defend_connection, R"("name": "updater.exe")", R"("name": "a\ud83d\ude00b\ud800c\udc00.exe")"));
  const auto& event_told = std::get<Event>(all.front());
  EXPECT_EQ(std::get<ConnectionEvent>(event_told.what).process.name, "a\xf0\x9f\x98\x80" "b\xef\xbf\xbd" "c\xef\xbf\xbd.exe");
}

TEST(Fields, ANumberTooLargeForAnyTypeDoesNotHideTheEvent) {
  EXPECT_EQ(accounts(with(defend_connection, "\"pid\": 4100", "\"pid\": 123456789012345678901234567890, \"x\": 1e999, \"y\": -0.0e-7")), Accounts{"event"});
}

TEST(Fields, OfDuplicateKeysTheFirstThatSaysSomethingWins) {
  Decoder decoder;
  const auto name = [&](std::string_view instead) {
    const auto all = decoder.decode(with(defend_connection, R"("name": "updater.exe")", instead));
    return std::string(std::get<ConnectionEvent>(std::get<Event>(all.front()).what).process.name);
  };
  EXPECT_EQ(name(R"("name": "a.exe", "name": "b.exe")"), "a.exe");
  EXPECT_EQ(name(R"("name": "-", "name": null, "name": "", "name": "b.exe")"), "b.exe");
}

TEST(Fields, TheConfiguredFieldsAreReadWhereverTheyPoint) {
  Decoder decoder({.namespace_field = "Cloud.Account.id", .peer_field = "labels.role"});
  const auto message = with(defend_connection, R"("host": {)", R"("cloud.account.id": 123456, "labels": {"role": ["web", "blue"]}, "host": {)");
  const auto all = decoder.decode(message);
  const auto& told = std::get<Event>(all.front());
  EXPECT_EQ(told.namespace_value, "123456");
  EXPECT_EQ(told.cloud.account_id, "123456");
  EXPECT_EQ(told.peer_value, "web");
}

TEST(Decoder, TextsLiveUntilTheNextCallWhateverBecomesOfTheMessage) {
  Decoder decoder;
  auto message = std::make_unique<std::string>("[" + one_event + "," + one_line(sysmon_connection) + "]");
  const auto all = decoder.decode(*message);
  const auto before = testing::dump(all);
  message.reset();
  EXPECT_EQ(testing::dump(all), before);
}

TEST(Decoder, AMovedDecoderGoesOn) {
  Decoder first;
  Decoder second = std::move(first);
  EXPECT_EQ(second.decode(one_event).size(), 1u);
}

}  // namespace
}  // namespace imdswatch
