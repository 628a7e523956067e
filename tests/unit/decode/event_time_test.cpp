#include "imdswatch/decode/event_time.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

namespace imdswatch {
namespace {

std::string iso(std::string_view text) {
  const auto time = parse_event_time(text);
  return time ? to_iso8601(*time) : "none";
}

std::string noon_of(int year, unsigned month, unsigned day) {
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT12:00:00Z", year, month, day);
  return text;
}

TEST(EventTime, IsoIsReadWithAnyNumberOfFractionalDigits) {
  EXPECT_EQ(iso("2026-03-01T12:00:00Z"), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(iso("2026-03-01T12:00:00.1Z"), "2026-03-01T12:00:00.100Z");
  EXPECT_EQ(iso("2026-03-01T12:00:00.1234567Z"), "2026-03-01T12:00:00.123456Z");
  EXPECT_EQ(iso("2026-03-01T12:00:00.123456789z"), "2026-03-01T12:00:00.123456Z");
  EXPECT_EQ(iso("2026-03-01T12:00:00.1234567890Z"), "none");
  EXPECT_EQ(iso("2026-03-01T12:00:00.Z"), "none");
}

/// What is read eight characters at a time is what is read one by one, as with an offset, whatever stands anywhere.
TEST(EventTime, TheUsualFormIsReadLikeAnyOther) {
  constexpr std::string_view whole = "2026-03-01T12:34:56.123456789";
  for (const std::size_t size : {19u, 21u, 22u, 23u, 24u, 25u, 26u, 27u, 28u, 29u}) {
    const std::string text{whole.substr(0, size)};
    ASSERT_NE(iso(text), "none") << text;
    for (std::size_t i = 0; i < size; ++i) {
      for (const char c : std::string_view("0123456789/:;x\x80T., ")) {
        std::string other = text;
        other[i] = c;
        const std::string expected = iso(other + "+00:00");
        ASSERT_EQ(iso(other), expected) << other;
        ASSERT_EQ(iso(other + "Z"), expected) << other;
      }
    }
  }
  for (const auto* text :
       {"2026-13-01T12:34:56Z", "2026-00-01T12:34:56Z", "2026-02-29T12:34:56Z", "2026-03-00T12:34:56Z",
        "2026-03-01T24:34:56Z", "2026-03-01T12:60:56Z", "2026-03-01T12:34:61Z"})
    EXPECT_EQ(iso(text), "none") << text;
  EXPECT_EQ(iso("2024-02-29T23:59:60.999999999Z"), "2024-03-01T00:00:00.999999Z");
}

TEST(EventTime, OffsetsAreTakenOff) {
  EXPECT_EQ(iso("2026-03-01T14:30:00+02:30"), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(iso("2026-03-01T07:00:00.5-0500"), "2026-03-01T12:00:00.500Z");
  EXPECT_EQ(iso("2026-03-01 13:00:00 +01"), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(iso("2026-03-01T00:30:00+01:00"), "2026-02-28T23:30:00.000Z");
  EXPECT_EQ(iso("2026-03-01T12:00:00+99:00"), "none");
}

TEST(EventTime, UtcMayBeWrittenAsAWord) {
  for (const auto* text : {"2026-11-29 22:55:29 UTC", "2026-11-29T22:55:29 GMT", "2026-11-29 22:55:29UTC", "2026-11-29 22:55:29.000 utc"})
    EXPECT_EQ(iso(text), "2026-11-29T22:55:29.000Z") << text;
  for (const auto* text : {"2026-11-29 22:55:29 CET", "2026-11-29 22:55:29 UTC+1", "2026-11-29 22:55:29 UT"}) EXPECT_EQ(iso(text), "none") << text;
}

TEST(EventTime, SecondsMayBeLeftOut) {
  EXPECT_EQ(iso("2020-05-01T22:55Z"), "2020-05-01T22:55:00.000Z");
  EXPECT_EQ(iso("2020-05-01 22:55"), "2020-05-01T22:55:00.000Z");
  EXPECT_EQ(iso("2020-05-01T22:55+01:00"), "2020-05-01T21:55:00.000Z");
  for (const auto* text : {"2020-05-01T22:55.5Z", "2020-05-01T22:55:Z", "2020-05-01T22Z", "2020-05-01T22:60Z"}) EXPECT_EQ(iso(text), "none") << text;
}

TEST(EventTime, MicrosoftsDateCallIsOfMilliseconds) {
  for (const auto* text : {"/Date(1588373729123)/", "/Date(1588373729123+0000)/", "/Date(1588373729123-0700)/"})
    EXPECT_EQ(iso(text), "2020-05-01T22:55:29.123Z") << text;
  EXPECT_EQ(iso("/Date(1588373729)/"), "none") << "1970";
  for (const auto* text : {"/", "/Date(", "/Date()/", "/Date(-1588373729123)/", "/Date(1588373729123)", "/Date(1588373729123)//", "/Date(1588373729123+00)/",
                           "/Date(1588373729123 )/", "/Date(9223372036854775807)/", "/Date(99999999999999999999)/", "/Date(x)/", "/usr"})
    EXPECT_EQ(iso(text), "none") << text;
}

TEST(EventTime, BlanksAroundItAreLeftOut) { EXPECT_EQ(iso("\t2020-05-01T22:55:29Z \r\n"), "2020-05-01T22:55:29.000Z"); }

TEST(EventTime, WithoutAnOffsetItIsUtc) { EXPECT_EQ(iso("2020-05-01 22:55:29.123"), "2020-05-01T22:55:29.123Z"); }

TEST(EventTime, EpochsOfAllUnitsAndFiletimeAreToldApartBySize) {
  for (const auto* text : {"1588373729", "1588373729000", "1588373729000000", "1588373729000000000", "132328473290000000", "1588373729.0",
                           "1588373729.000", "1.588373729e9"})
    EXPECT_EQ(iso(text), "2020-05-01T22:55:29.000Z") << text;
  EXPECT_EQ(iso("1588373729.123456"), "2020-05-01T22:55:29.123456Z");
  EXPECT_EQ(iso("1588373729123.5"), "2020-05-01T22:55:29.123500Z");
  EXPECT_EQ(iso("132328473291234567"), "2020-05-01T22:55:29.123456Z");
}

/// Against the standard library's calendar.
TEST(EventTime, EachDayOfTheCalendarIsOneAndNoOtherIs) {
  using namespace std::chrono;
  for (int y = 1979; y <= 2201; ++y) {
    for (unsigned m = 0; m <= 13; ++m) {
      for (unsigned d = 0; d <= 32; ++d) {
        const year_month_day date{year{y}, month{m}, day{d}};
        const auto time = parse_event_time(noon_of(y, m, d));
        ASSERT_EQ(time.has_value(), date.ok() && y >= 1980 && y < 2200) << y << "-" << m << "-" << d;
        if (!time) continue;
        ASSERT_EQ(time->time_since_epoch(), sys_days{date}.time_since_epoch() + 12h) << y << "-" << m << "-" << d;
      }
    }
  }
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
