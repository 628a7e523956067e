#include <gtest/gtest.h>

#include <random>

#include "imdswatch/decode/decoder.hpp"
#include "support/decode_dump.hpp"
#include "support/json_shapes.hpp"
#include "support/sample_events.hpp"

namespace imdswatch::decode_property {
namespace {

using testing::Json;

constexpr std::string_view samples[] = {testing::defend_connection, testing::defend_start, testing::sysmon_connection, testing::sysmon_start};

std::string told(Decoder& decoder, std::string_view message) { return testing::dump(decoder.decode(message)); }

bool is_one_rejection(std::span<const Decoded> all) { return all.size() == 1 && std::holds_alternative<Rejected>(all.front()); }

TEST(DecodeProperty, AnEventCutOffAtAnyByteIsRejected) {
  Decoder decoder;
  for (const auto sample : samples)
    for (std::size_t size = 0; size < sample.size(); ++size) ASSERT_TRUE(is_one_rejection(decoder.decode(sample.substr(0, size)))) << size;
}

TEST(DecodeProperty, TheOrderOfKeysDoesNotMatter) {
  Decoder decoder;
  std::mt19937_64 random(1);
  for (const auto sample : samples) {
    const std::string expected = told(decoder, sample);
    Json event = testing::parse_json(sample);
    for (int round = 0; round < 200; ++round) {
      testing::shuffle_keys(event, random);
      ASSERT_EQ(told(decoder, testing::write_json(event, random)), expected) << testing::write_json(event, random);
    }
  }
}

/// Names that a shipper puts at the top for its own use, beside the event's data.
constexpr std::string_view names_beside[] = {
    R"({"ProcessId":900,"user":"SYSTEM","image":"x.exe","utctime":"2020-01-01 00:00:00","direction":"in","hostname":"collector",
        "@timestamp":"2026-03-01T12:00:00Z","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","provider_name":"Microsoft-Windows-Sysmon",
        "event_id":3,"computer_name":"w","event_data":{"ProcessId":"5","Image":"C:\\a.exe","DestinationIp":"169.254.169.254","User":"CORP\\kim",
        "UtcTime":"2026-03-01 12:00:00.750"}}})",
    R"({"ProcessId":900,"User":"SYSTEM","Image":"x.exe","EventID":3,"Channel":"Microsoft-Windows-Sysmon/Operational","log_name":"other",
        "Hostname":"w","computer":"c","TimeCreated":"2026-03-01T12:00:00.75Z","EventData":{"ProcessId":"5","Image":"C:\\a.exe",
        "DestinationIp":"169.254.169.254","User":"CORP\\kim"}})",
    R"({"timestamp":"2026-03-01T12:00:00.75Z","time":"2020-01-01T00:00:00Z","event_id":3,"channel":"Microsoft-Windows-Sysmon/Operational",
        "computer":"w","computer_name":"other","process_id":900,"processid":900,"user":"SYSTEM","image":"x.exe",
        "event_data":{"ProcessId":"5","Image":"C:\\a.exe","DestinationIp":"169.254.169.254","User":"CORP\\kim"}})"};

TEST(DecodeProperty, TheEventsOwnDataWinsOverNamesBesideItInAnyOrder) {
  Decoder decoder;
  std::mt19937_64 random(6);
  for (const auto sample : names_beside) {
    const std::string expected = told(decoder, sample);
    for (const auto* const line : {"process.executable = C:\\a.exe", "process.pid = 5\n", "user.name = kim", "host.name = w\n", "time = 2026-03-01T12:00:00.750Z"})
      EXPECT_NE(expected.find(line), std::string::npos) << line << " in " << expected;
    Json event = testing::parse_json(sample);
    for (int round = 0; round < 400; ++round) {
      testing::shuffle_keys(event, random);
      if (random() % 4 == 0) testing::join_some_keys(event, random);
      const std::string message = testing::write_json(event, random);
      ASSERT_EQ(told(decoder, message), expected) << message;
    }
  }
}

TEST(DecodeProperty, NestedOrDottedNamesInAnyCaseDoNotMatter) {
  Decoder decoder;
  std::mt19937_64 random(2);
  for (const auto sample : samples) {
    const std::string expected = told(decoder, sample);
    for (int round = 0; round < 200; ++round) {
      Json event = testing::parse_json(sample);
      testing::join_some_keys(event, random);
      testing::change_case_of_keys(event, random);
      testing::shuffle_keys(event, random);
      const std::string message = testing::write_json(event, random);
      ASSERT_EQ(told(decoder, message), expected) << message;
    }
  }
}

TEST(DecodeProperty, WhatStandsElsewhereDoesNotMatter) {
  Decoder decoder;
  std::mt19937_64 random(3);
  for (const auto sample : samples) {
    const std::string expected = told(decoder, sample);
    for (int round = 0; round < 200; ++round) {
      Json event = testing::parse_json(sample);
      testing::add_noise(event, random);
      const std::string message = testing::write_json(event, random);
      ASSERT_EQ(told(decoder, message), expected) << message;
    }
  }
}

/// Bytes changed, cut out, doubled, put in: never a crash, always an account, and the same one the second time.
TEST(DecodeProperty, AnyDamageEndsInAnAccount) {
  Decoder decoder;
  Decoder other;
  std::mt19937_64 random(4);
  constexpr std::string_view pieces[] = {"{", "}", "[", "]", "\"", "\\", ",", ":", "\\u", "\\ud800", "\n", "1e999", "123456789012345678901234567890", "null", "-",
                                         "{\"records\":[", "\xff", "\xc3", "\"event\":", "[[[[[[[[[[[[[[[[[[[[", "\xef\xbb\xbf", std::string_view("\0", 1)};
  for (int round = 0; round < 20'000; ++round) {
    std::string message(samples[random() % 4]);
    for (auto left = 1 + random() % 4; left > 0; --left) {
      const std::size_t at = random() % (message.size() + 1);
      switch (random() % 4) {
        case 0: message.insert(at, pieces[random() % std::size(pieces)]); break;
        case 1: message.erase(at, random() % 20); break;
        case 2: message.insert(at, message.substr(random() % (message.size() + 1), random() % 100)); break;
        default: if (at < message.size()) message[at] = static_cast<char>(random()); break;
      }
    }
    const auto all = decoder.decode(message);
    ASSERT_FALSE(all.empty());
    ASSERT_EQ(testing::dump(all), told(other, message)) << message;
  }
}

/// Of a batch, each element ends where it would alone, whatever became of its neighbours.
TEST(DecodeProperty, TheElementsOfABatchDoNotMatterToOneAnother) {
  const std::string deep = std::string(70, '[') + std::string(70, ']');
  const std::vector<std::string> bad{"{\"a\":\"\xff\"}", "{\"a\":" + deep + "}", "{\"event\":{\"module\":\"\\x\"}}", "{\"a\":01}", "{\"a\":1,}", "{\"a\":\"\t\"}", "{\"b\":{\"a\":}}"};
  Decoder decoder;
  std::mt19937_64 random(6);
  for (int round = 0; round < 2'000; ++round) {
    std::string expected, elements;
    for (auto left = 1 + random() % 6; left > 0; --left) {
      std::string element(random() % 3 == 0 ? bad[random() % bad.size()] : samples[random() % 4]);
      if (random() % 4 == 0) element.insert(element.find('{') + 1, R"("note":"]},{\"a\":[","more":[{},[1,"}"]],)");
      expected.append(expected.empty() ? "" : "\n").append(told(decoder, element));
      elements.append(elements.empty() ? "" : random() % 2 == 0 ? "," : " ,\n").append(element);
    }
    const bool records = random() % 2 == 0;
    const std::string message = records ? R"({"id":"[{","records": [)" + elements + R"(],"more":[{"a":"]"}]})" : "[" + elements + "]";
    ASSERT_EQ(told(decoder, message), expected) << message;
  }
}

TEST(DecodeProperty, ADecoderRemembersNothingOfTheMessageBefore) {
  Decoder used;
  std::mt19937_64 random(5);
  for (int round = 0; round < 500; ++round) {
    std::string before(samples[random() % 4]);
    before.resize(random() % before.size());
    static_cast<void>(used.decode(before));
    const auto sample = samples[random() % 4];
    Decoder fresh;
    ASSERT_EQ(told(used, sample), told(fresh, sample));
  }
}

}  // namespace
}  // namespace imdswatch::decode_property
