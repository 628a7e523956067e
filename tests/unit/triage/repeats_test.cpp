#include <gtest/gtest.h>

#include "make.hpp"

namespace imdswatch {
namespace {

using namespace testing;

TEST(Repeats, AFirstFindingIsToldAndItsRepeatIsTheNextVersion) {
  Triage triage{TriagePolicy{}};
  EXPECT_EQ(brief(admit(triage, {finding("web-1", "curl.exe", 0)}, run_closing(0))), (Briefs{"single web-1/curl.exe@0 v1 calls=1"}));
  const TriageOutcome again = admit(triage, {finding("web-1", "curl.exe", 1)}, run_closing(1));
  EXPECT_EQ(brief(again), (Briefs{"single web-1/curl.exe@0 v2 calls=2"}));
  EXPECT_EQ(again.counts.repeated, 1u);
  ASSERT_EQ(again.orders[0].findings.size(), 1u);
  EXPECT_EQ(again.orders[0].findings[0].sighting.key.bucket, bucket(1)) << "an update carries the new calls only";
  EXPECT_EQ(again.orders[0].first_call, at(minutes{1}));
  EXPECT_EQ(again.orders[0].last_call, at(minutes{16}));
}

TEST(Repeats, SuppressionCountsFromTheFirstCallAndDoesNotSlide) {
  Triage triage{TriagePolicy{}};
  Briefs all;
  for (const std::int64_t n : {0, 48, 95, 96}) {  // the first minute of bucket 96 is 24 h after that of bucket 0
    for (const std::string& line : brief(admit(triage, {finding("web-1", "curl.exe", n)}, run_closing(n)))) all.push_back(line);
  }
  EXPECT_EQ(all, (Briefs{"single web-1/curl.exe@0 v1 calls=1", "single web-1/curl.exe@0 v2 calls=2", "single web-1/curl.exe@0 v3 calls=3",
                         "single web-1/curl.exe@96 v1 calls=1"}));
}

TEST(Repeats, AUserNotYetToldMakesANewAlertForTheWholeFinding) {
  Triage triage{TriagePolicy{}};
  admit(triage, {finding("web-1", "curl.exe", 0, 6, minutes{1}, "S-1")}, run_closing(0));
  Finding both = finding("web-1", "curl.exe", 1, 6, minutes{1}, "S-2");
  both.sighting.user_ids = {"S-1", "S-2"};
  EXPECT_EQ(brief(admit(triage, {both}, run_closing(1))), (Briefs{"single web-1/curl.exe@1 v1 calls=1"}));
  EXPECT_EQ(brief(admit(triage, {finding("web-1", "curl.exe", 2, 6, minutes{1}, "S-1")}, run_closing(2))),
            (Briefs{"single web-1/curl.exe@1 v2 calls=2"})) << "the newest alert that holds the user";
}

TEST(Repeats, AnUnknownUserCountsAsKnown) {
  Triage triage{TriagePolicy{}};
  admit(triage, {finding("web-1", "curl.exe", 0, 6, minutes{1}, "S-1")}, run_closing(0));
  EXPECT_EQ(brief(admit(triage, {finding("web-1", "curl.exe", 1, 6, minutes{1}, "")}, run_closing(1))),
            (Briefs{"single web-1/curl.exe@0 v2 calls=2"}));
}

TEST(Repeats, UsersToldByTwoAlertsTogetherMakeNoThird) {
  Triage triage{TriagePolicy{}};
  admit(triage, {finding("web-1", "curl.exe", 0, 6, minutes{1}, "S-1")}, run_closing(0));
  admit(triage, {finding("web-1", "curl.exe", 1, 6, minutes{1}, "S-2")}, run_closing(1));
  Finding both = finding("web-1", "curl.exe", 2);
  both.sighting.user_ids = {"S-1", "S-2"};
  EXPECT_EQ(brief(admit(triage, {both}, run_closing(2))), (Briefs{"single web-1/curl.exe@1 v2 calls=2"}));
}

TEST(Repeats, LaterCallsOfAToldSightingJoinItWhoeverMadeThem) {
  Triage triage{TriagePolicy{}};
  admit(triage, {finding("web-1", "curl.exe", 0, 6, minutes{1}, "S-1")}, run_closing(0));
  Finding later = finding("web-1", "curl.exe", 0, 6, minutes{9}, "S-2");
  later.first = false;
  EXPECT_EQ(brief(admit(triage, {later}, run_closing(1))), (Briefs{"single web-1/curl.exe@0 v2 calls=2"})) << "(id, 1) is taken";
}

TEST(Repeats, LaterCallsOfASightingThatWasARepeatStayOne) {
  Triage triage{TriagePolicy{}};
  admit(triage, {finding("web-1", "curl.exe", 0, 6, minutes{1}, "S-1")}, run_closing(0));
  admit(triage, {finding("web-1", "curl.exe", 1, 6, minutes{1}, "S-1")}, run_closing(1));
  Finding later = finding("web-1", "curl.exe", 1, 6, minutes{9}, "S-2");
  later.first = false;
  EXPECT_EQ(brief(admit(triage, {later}, run_closing(2))), (Briefs{"single web-1/curl.exe@0 v3 calls=3"}));
}

TEST(Repeats, ManyBucketsOfOneRunMakeOneVersion) {
  Triage triage{TriagePolicy{}};
  const auto first = admit(triage, {finding("web-1", "curl.exe", 2, 7), finding("web-1", "curl.exe", 1)}, run_closing(2));
  EXPECT_EQ(brief(first), (Briefs{"single web-1/curl.exe@1 v1 calls=2"}));
  EXPECT_EQ(first.counts.told, 1u);
  EXPECT_EQ(first.counts.repeated, 1u);
  EXPECT_EQ(first.orders[0].findings.at(0).sighting.sources.size(), 2u);
  EXPECT_EQ(first.orders[0].findings.at(0).score.surprise, 7);
}

TEST(Repeats, MoreUsersThanCanBeRememberedAreNotYetTold) {
  Triage triage{TriagePolicy{}};
  Finding many = finding("web-1", "curl.exe", 0);
  many.sighting.user_ids_omitted = 3;
  admit(triage, {many}, run_closing(0));
  many = finding("web-1", "curl.exe", 1);
  many.sighting.user_ids_omitted = 1;
  EXPECT_EQ(brief(admit(triage, {many}, run_closing(1))), (Briefs{"single web-1/curl.exe@1 v1 calls=1"}));
}

TEST(Repeats, BetweenRunsAnAlertGetsOneVersionAndTheRestWaits) {
  Triage triage{TriagePolicy{}};
  imdswatch::Run run = run_closing(0);
  admit(triage, {}, run);
  run.time += minutes{2};
  EXPECT_EQ(brief(admit(triage, {finding("web-1", "curl.exe", 1)}, run)), (Briefs{"single web-1/curl.exe@1 v1 calls=1"}));
  for (int i = 3; i < 6; ++i) {
    run.time += minutes{1};
    EXPECT_EQ(brief(admit(triage, {finding("web-1", "curl.exe", 1, 6, minutes{i})}, run)), Briefs{});
  }
  EXPECT_EQ(triage.carried(), 1u);
  const auto told = admit(triage, {}, run_closing(1));
  EXPECT_EQ(brief(told), (Briefs{"single web-1/curl.exe@1 v2 calls=4"}));
  EXPECT_EQ(told.orders[0].findings.at(0).sighting.calls, 3u);
  EXPECT_EQ(triage.carried(), 0u);
}

TEST(Repeats, WhatCanNoLongerMatterIsForgotten) {
  Triage triage{TriagePolicy{}};
  admit(triage, {finding("web-1", "curl.exe", 0)}, run_closing(0));
  std::vector<TriageRow> rows;
  admit(triage, {}, run_closing(97));
  triage.rows(rows);
  EXPECT_EQ(rows.size(), 4u) << "a call that comes late may still belong to it";
  admit(triage, {}, run_closing(99));
  rows.clear();
  triage.rows(rows);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<PlacesUsedRow>(rows[0]));
  rows.clear();
  triage.drain(rows);
  EXPECT_EQ(rows.size(), 1u) << "what came and went between two drains leaves no tombstone";
}

}  // namespace
}  // namespace imdswatch
