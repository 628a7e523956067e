#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "glance_comparison.hpp"
#include "support/event_changes.hpp"
#include "support/glances.hpp"
#include "support/json_shapes.hpp"
#include "written_addresses.hpp"

/// Events whose keys come in another order each time.
namespace imdswatch::glance_property {
namespace {

using testing::Json;

constexpr int orders_until_known = 130;  ///< more than are learned one by one

std::string shuffled(Json event, std::mt19937_64& random) {
  testing::shuffle_keys(event, random);
  return testing::compact(event);
}

/// Of the messages of one kind: how many there were, and were taken by their looks.
struct Share {
  int all = 0, by_looks = 0, identified = 0;
  void add(int messages, const Found& found) {
    all += messages;
    by_looks += found.glances;
    identified += found.identified;
  }
};

TEST(GlanceInAnyOrder, TellsWhatReadingTheWholeEventTells) {
  const std::vector<Json> events = testing::golden_events();
  testing::Glancer quick(DecodeConfig{.namespace_field = "cloud.account.id", .wanted_addresses = {metadata_service}});
  Decoder plain(DecodeConfig{.namespace_field = "cloud.account.id"});
  std::mt19937_64 random(20260306);
  Found found;
  for (int round = 0; round < 40'000; ++round) {
    Json event = events[random() % events.size()];
    testing::change_values(event, random);
    switch (random() % 16) {
      case 0: testing::swap_objects(event, random); break;
      case 1: testing::rename_objects(event, random); break;
      case 2: testing::move_brace(event, random); break;
      case 3: testing::add_names_beside(event, random); break;
      case 4: testing::swap_two_values(event, random); break;
      case 5: testing::join_some_keys(event, random); break;
      default: break;
    }
    ASSERT_NO_FATAL_FAILURE(compare(quick, plain, shuffled(event, random), found));
  }
  expect_many_of_each(found);
}

/// Changes of one event, for a decoder that knows no other.
TEST(GlanceInAnyOrder, WhatObjectsLieInOneAnotherIsSeen) {
  const std::vector<Json> events = testing::golden_events();
  Decoder plain;
  std::mt19937_64 random(20260307);
  Found found;
  for (int round = 0; round < 300; ++round) {
    testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});
    Json event = events[random() % events.size()];
    testing::lead_elsewhere(event);
    for (int i = 0; i < orders_until_known; ++i) ASSERT_NO_FATAL_FAILURE(compare(quick, plain, shuffled(event, random), found));
    for (int other = 0; other < 50; ++other) {
      Json changed = event;
      if (random() % 3 == 0) testing::change_values(changed, random);
      if (random() % 2 == 0) testing::swap_objects(changed, random);
      if (random() % 3 == 0) testing::rename_objects(changed, random);
      if (random() % 4 == 0) testing::swap_two_values(changed, random);
      if (random() % 4 == 0) testing::add_names_beside(changed, random);
      for (auto moves = random() % 3; moves > 0; --moves) testing::move_brace(changed, random);
      ASSERT_NO_FATAL_FAILURE(compare(quick, plain, shuffled(changed, random), found));
    }
  }
  EXPECT_GT(found.glances, 1'500);
}

/// As values differ between events of one kind: in digits of times, ids, addresses and paths, but not of short numbers, which often decide.
void change_digits(Json& event, std::mt19937_64& random) {
  for (Json* scalar : testing::scalars_of(event)) {
    if (scalar->scalar.size() < 7 || scalar->scalar.find('%') != std::string::npos) continue;
    for (char& c : scalar->scalar)
      if (c >= '3' && c <= '5') c = static_cast<char>('3' + random() % 3);
  }
}

/// Those that are taken in their own order, too, and have no objects in arrays of interest, as those of Beats.
TEST(GlanceInAnyOrder, MostEventsAreTakenByTheirLooksOnceTheirShapeIsKnown) {
  testing::Glancer in_order(DecodeConfig{.wanted_addresses = {metadata_service}});
  testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});
  Decoder plain;
  std::mt19937_64 random(20260308);
  std::map<Glance::Kind, Share> of_all, of_beats;
  for (Json event : testing::golden_events()) {
    testing::lead_elsewhere(event);
    static_cast<void>(in_order.take(testing::compact(event)));
    const auto kind = in_order.take(testing::compact(event)).by_looks;
    if (!kind) continue;
    Found found;
    const auto see = [&](int times) {
      found = {};
      for (int i = 0; i < times; ++i) {
        Json changed = event;
        change_digits(changed, random);
        ASSERT_NO_FATAL_FAILURE(compare(quick, plain, shuffled(changed, random), found));
      }
    };
    ASSERT_NO_FATAL_FAILURE(see(orders_until_known));
    ASSERT_NO_FATAL_FAILURE(see(20));
    of_all[*kind].add(20, found);
    const Format format = std::visit([](const auto& what) { return what.format; }, plain.decode(testing::compact(event)).front());
    if (format == Format::winlogbeat_raw || format == Format::winlogbeat_ecs) of_beats[*kind].add(20, found);
  }
  for (const auto kind : {Glance::Kind::ignored, Glance::Kind::elsewhere, Glance::Kind::start}) {
    const Share& all = of_all[kind];
    const Share& beats = of_beats[kind];
    EXPECT_GE(beats.all, 60) << static_cast<int>(kind);
    EXPECT_GE(beats.by_looks * 100, beats.all * 95) << static_cast<int>(kind) << ": of " << beats.all;
    EXPECT_GE(all.by_looks * 10, all.all * 6) << static_cast<int>(kind) << ": of " << all.all;
  }
  const Share& starts = of_beats[Glance::Kind::start];
  EXPECT_GE(starts.identified * 100, starts.all * 95) << "of " << starts.all;
}

TEST(GlanceInAnyOrder, NoTruncatedEventIsTakenForAWholeOne) {
  Decoder plain;
  std::mt19937_64 random(20260309);
  Found found;
  int known = 0;
  for (Json event : testing::golden_events()) {
    testing::Glancer quick(DecodeConfig{.wanted_addresses = {metadata_service}});
    testing::lead_elsewhere(event);
    for (int i = 0; i < orders_until_known; ++i) static_cast<void>(quick.take(shuffled(event, random)));
    for (int order = 0; order < 40; ++order) {
      const std::string message = shuffled(event, random);
      if (order == 0 && !quick.decoder.glance(message)) break;
      known += order == 0 ? 1 : 0;
      for (std::size_t size = 2; size < message.size(); ++size)
        if (message[size - 1] == '}') {
          ASSERT_NO_FATAL_FAILURE(compare(quick, plain, message.substr(0, size), found));
        }
    }
  }
  EXPECT_GE(known, 40);
}

TEST(GlanceInAnyOrder, NoWrittenFormOfAWantedAddressIsOverlooked) {
  std::mt19937_64 random(20260310);
  const std::map<Format, int> calls = find_written_forms(orders_until_known, [&](const Json& event) { return shuffled(event, random); });
  EXPECT_GE(calls.size(), 6u) << "formats";
  for (const auto& [format, count] : calls) EXPECT_GE(count, 20) << to_string(format);
}

}  // namespace
}  // namespace imdswatch::glance_property
