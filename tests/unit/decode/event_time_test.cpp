#include "imdswatch/decode/event_time.hpp"

#include <gtest/gtest.h>

namespace imdswatch {
namespace {

std::string iso(std::string_view text) {
  const auto time = parse_event_time(text);
  return time ? to_iso8601(*time) : "none";
}

TEST(EventTime, IsoIsReadWithAnyNumberOfFractionalDigits) {
  EXPECT_EQ(iso("2026-03-01T12:00:00Z"), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(iso("2026-03-01T12:00:00.1Z"), "2026-03-01T12:00:00.100Z");
  EXPECT_EQ(iso("2026-03-01T12:00:00.1234567Z"), "2026-03-01T12:00:00.123456Z");
  EXPECT_EQ(iso("2026-03-01T12:00:00.123456789z"), "2026-03-01T12:00:00.123456Z");
  EXPECT_EQ(iso("2026-03-01T12:00:00.1234567890Z"), "none");
  EXPECT_EQ(iso("2026-03-01T12:00:00.Z"), "none");
}

TEST(EventTime, OffsetsAreTakenOff) {
  EXPECT_EQ(iso("2026-03-01T14:30:00+02:30"), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(iso("2026-03-01T07:00:00.5-0500"), "2026-03-01T12:00:00.500Z");
  EXPECT_EQ(iso("2026-03-01 13:00:00 +01"), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(iso("2026-03-01T00:30:00+01:00"), "2026-02-28T23:30:00.000Z");
  EXPECT_EQ(iso("2026-03-01T12:00:00+99:00"), "none");
}

TEST(EventTime, WithoutAnOffsetItIsUtc) { EXPECT_EQ(iso("2020-05-01 22:55:29.123"), "2020-05-01T22:55:29.123Z"); }

TEST(EventTime, EpochsOfAllUnitsAndFiletimeAreToldApartBySize) {
  for (const auto* text : {"1588373729", "1588373729000", "1588373729000000", "1588373729000000000", "132328473290000000", "1588373729.0",
                           "1588373729.000", "1.588373729e9"})
    EXPECT_EQ(iso(text), "2020-05-01T22:55:29.000Z") << text;
  EXPECT_EQ(iso("1588373729.123456"), "2020-05-01T22:55:29.123456Z");
  EXPECT_EQ(iso("1588373729123.5"), "2020-05-01T22:55:29.123500Z");
  EXPECT_EQ(iso("132328473291234567"), "2020-05-01T22:55:29.123456Z");
}

TEST(EventTime, WhatLiesOutside1980To2200IsNoTime) {
  EXPECT_EQ(iso("1980-01-01T00:00:00Z"), "1980-01-01T00:00:00.000Z");
  EXPECT_EQ(iso("2199-12-31T23:59:59.999999Z"), "2199-12-31T23:59:59.999999Z");
  for (const auto* text : {"1979-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "1601-01-01T00:00:00Z", "0", "1", "20260301", "99999999999999999999",
                           "18446744073709551615", "9223372036854775807", "1e400", "-1588373729", "7258118400"})
    EXPECT_EQ(iso(text), "none") << text;
}

TEST(EventTime, NonsenseIsNoTime) {
  for (const auto* text : {"", " ", "yesterday", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-03-01", "2026-03-01T24:00:00Z",
                           "2026-03-01T12:60:00Z", "2026-03-01T12:00:61Z", "2026-03-01T12:00:00Zjunk", "2026-03-01T12:00:00.12x",
                           "12:00:00", "1588373729x", "1588373729.", "NaN", "inf", "-", "2026-"})
    EXPECT_EQ(iso(text), "none") << text;
}

}  // namespace
}  // namespace imdswatch
