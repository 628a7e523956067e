#include "inflate.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "imdswatch/base/limits.hpp"
#include "imdswatch/decode/decoder.hpp"
#include "support/compressed.hpp"
#include "support/decode_dump.hpp"
#include "support/sample_events.hpp"

namespace imdswatch {
namespace {

using testing::defend_connection;
using testing::sysmon_connection;

using testing::compressed;
using testing::gzip_frame;
using testing::zlib_frame;

std::string told(std::string_view message) {
  Decoder decoder;
  return testing::dump(decoder.decode(message));
}

/// The reason and detail of a message's only account, a rejection.
std::string rejected(Decoder& decoder, std::string_view message) {
  const auto all = decoder.decode(message);
  const auto* only = all.size() == 1 ? std::get_if<Rejected>(&all.front()) : nullptr;
  return only == nullptr ? "not rejected" : std::string(to_string(only->reason)) + ": " + std::string(only->detail);
}

std::string rejected(std::string_view message) {
  Decoder decoder;
  return rejected(decoder, message);
}

TEST(Inflate, ACompressedMessageSaysWhatItHolds) {
  for (const auto frame : {gzip_frame, zlib_frame}) {
    for (const std::string& text : {std::string(defend_connection), "[" + std::string(sysmon_connection) + "," + std::string(defend_connection) + "]",
                                    "\xef\xbb\xbf " + std::string(sysmon_connection) + "\n", std::string("{\"broken\""), std::string("7")})
      EXPECT_EQ(told(compressed(text, frame)), told(text)) << text;
  }
}

TEST(Inflate, EveryLevelOfZlibIsRecognised) {
  for (const char level : {'\x01', '\x5e', '\x9c', '\xda'}) EXPECT_TRUE(is_compressed(std::string{'\x78', level}));
  for (const auto* text : {"", "x", "xy", "\x1f", "{}", "\x78\x9d"}) EXPECT_FALSE(is_compressed(text)) << text;
}

TEST(Inflate, SeveralMembersAreOneMessage) {
  const std::string text = "[" + std::string(defend_connection) + "," + std::string(sysmon_connection) + "]";
  std::string message = compressed("");
  for (std::size_t at = 0; at < text.size(); at += 100) message += compressed(std::string_view(text).substr(at, 100));
  EXPECT_EQ(told(message), told(text));
}

TEST(Inflate, NothingWithinIsAnEmptyMessage) {
  for (const auto* text : {"", " \n", "[]"}) EXPECT_TRUE(rejected(compressed(text)).starts_with("empty_message")) << text;
}

TEST(Inflate, ItIsDoneOnceOnly) { EXPECT_TRUE(rejected(compressed(compressed(defend_connection))).starts_with("invalid_utf8")); }

TEST(Inflate, AMessageCutOffAnywhereIsRejectedWhole) {
  Decoder decoder;
  const std::string two = compressed(defend_connection) + compressed("\n" + std::string(sysmon_connection));
  const std::size_t first = compressed(defend_connection).size();
  for (std::size_t size = 2; size < two.size(); ++size) {
    if (size == first) continue;  // nothing tells that a member is missing
    ASSERT_EQ(rejected(decoder, std::string_view(two).substr(0, size)), "bad_compression: the gzip data is cut off") << size;
  }
  const std::string other = compressed(defend_connection, zlib_frame);
  for (std::size_t size = 2; size < other.size(); ++size)
    ASSERT_EQ(rejected(decoder, std::string_view(other).substr(0, size)), "bad_compression: the zlib data is cut off") << size;
}

TEST(Inflate, WhatFollowsIsDamage) {
  EXPECT_EQ(rejected(compressed(defend_connection) + "{}"), "bad_compression: the gzip data is damaged");
  EXPECT_EQ(rejected(compressed(defend_connection, zlib_frame) + "{}"), "bad_compression: something follows the zlib data");
}

TEST(Inflate, ZerosMayFillItUp) {
  for (const auto frame : {gzip_frame, zlib_frame}) {
    const std::string message = compressed(defend_connection, frame);
    for (const std::size_t zeros : {1u, 7u, 512u}) EXPECT_EQ(told(message + std::string(zeros, '\0')), told(defend_connection)) << zeros;
    EXPECT_TRUE(rejected(message + std::string(7, '\0') + "x").starts_with("bad_compression")) << "a byte behind them";
    EXPECT_TRUE(rejected(message.substr(0, message.size() - 4) + std::string(8, '\0')).starts_with("bad_compression")) << "instead of the end";
  }
  const std::string half = std::string(defend_connection).substr(0, 100), rest = std::string(defend_connection).substr(100);
  EXPECT_TRUE(rejected(compressed(half) + std::string(3, '\0') + compressed(rest)).starts_with("bad_compression")) << "between members";
}

TEST(Inflate, ADamagedByteNeverChangesWhatIsTold) {
  Decoder decoder;
  const std::string whole = told(defend_connection);
  std::mt19937_64 random(1);
  for (const auto frame : {gzip_frame, zlib_frame}) {
    const std::string message = compressed(defend_connection, frame);
    for (std::size_t at = 2; at < message.size(); ++at) {
      std::string damaged = message;
      damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1 + random() % 255));
      const bool in_header = frame == gzip_frame && at < 10;  // time, system, level: without a checksum and without a meaning here
      const std::string said = rejected(decoder, damaged);
      ASSERT_TRUE(said.starts_with("bad_compression") || (in_header && told(damaged) == whole)) << at << said;
    }
  }
}

TEST(Inflate, AZlibDictionaryIsNotKnown) {
  EXPECT_EQ(rejected(std::string("\x78\xbb\x01\x02\x03\x04\x00\x00", 8)), "bad_compression: the zlib data wants a dictionary");
}

TEST(Inflate, AMessageMayHoldAsMuchAsOneThatIsNotCompressed) {
  std::string text(limits::max_message_bytes - defend_connection.size(), ' ');
  text += defend_connection;
  EXPECT_EQ(told(compressed(text)), told(defend_connection));
  EXPECT_EQ(rejected(compressed(text + " ")), "message_too_large: over 16 MiB when inflated");
  EXPECT_EQ(rejected(compressed(text) + compressed(" ")), "message_too_large: over 16 MiB when inflated");
}

TEST(Inflate, ABombStopsAtTheLimit) {
  const std::string megabytes = compressed(std::string(4u << 20, ' '));
  std::string bomb;
  while (bomb.size() < 1u << 20) bomb += megabytes;  // a GiB, were it inflated
  Inflater inflater;
  const auto why = inflater.inflate(bomb);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->reason, RejectReason::message_too_large);
  EXPECT_EQ(inflater.text().size(), limits::max_message_bytes + 1);
}

TEST(Inflate, ARejectedMessageLeavesNothingForTheNext) {
  Decoder decoder;
  const std::string message = compressed(defend_connection);
  for (const std::string& before : {message.substr(0, 40), compressed(std::string(limits::max_message_bytes + 1, ' ')), std::string("\x78\x9c\xff", 3), message}) {
    static_cast<void>(decoder.decode(before));
    EXPECT_EQ(testing::dump(decoder.decode(message)), told(defend_connection));
    EXPECT_EQ(testing::dump(decoder.decode(sysmon_connection)), told(sysmon_connection));
  }
}

}  // namespace
}  // namespace imdswatch
