#include <gtest/gtest.h>

#include "window_world.hpp"

namespace imdswatch::testing {
namespace {

Signature without_signer(std::string name = "tool.exe") {
  Signature s = signature(std::move(name));
  s.signer.reset();
  return s;
}

Signature without_both() {
  Signature s = without_signer();
  s.user.reset();
  return s;
}

std::vector<Candidate> judge_at(Window& window, EventTime time) {
  tell(window, progress(time));
  std::vector<Candidate> out;
  for (Judged& judged : run_all(window)) {
    std::move(judged.candidates.begin(), judged.candidates.end(), std::back_inserter(out));
  }
  return out;
}

TEST(Twins, TheSameConnectionToldTwiceIsOneCall) {
  Window window{Schedule{}};
  window.add(call(1, at(minutes{3}), "web-1", without_signer(), 1), false);
  window.add(call(1, at(minutes{3} + seconds{1}), "web-1", signature("tool.exe"), 2), false);
  const auto found = judge_at(window, at(minutes{15}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].fresh.key.signature, signature("tool.exe"));
  EXPECT_EQ(found[0].fresh.calls, 1U);
  EXPECT_EQ(found[0].fresh.processes.size(), 1U);
  EXPECT_EQ(found[0].fresh.sources.size(), 2U);
  EXPECT_EQ(found[0].fresh.first, at(minutes{3}));
  EXPECT_EQ(window.figures().twins, 1U);
  EXPECT_EQ(window.figures().open_sightings, 1U);
}

TEST(Twins, ACallJoinsTheNearestInTime) {
  Window window{Schedule{}};
  Signature other = signature("tool.exe");
  other.signer = "unsigned";
  window.add(call(1, at(minutes{3}), "web-1", signature("tool.exe")), false);
  window.add(call(2, at(minutes{8}), "web-1", other), false);
  window.add(call(3, at(minutes{7}), "web-1", without_signer()), false);
  const auto found = judge_at(window, at(minutes{15}));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].fresh.sources.size(), 1U);
  EXPECT_EQ(found[1].fresh.key.signature, other);
  EXPECT_EQ(found[1].fresh.sources.size(), 2U);
}

TEST(Twins, ATieGoesToTheFirstInOriginOrder) {
  for (const bool swapped : {false, true}) {
    Window window{Schedule{}};
    Signature other = signature("tool.exe");
    other.signer = "unsigned";
    window.add(call(1, at(minutes{3}), "web-1", signature("tool.exe"), swapped ? 2 : 1), false);
    window.add(call(1, at(minutes{5}), "web-1", other, swapped ? 1 : 2), false);
    window.add(call(1, at(minutes{4}), "web-1", without_signer(), 3), false);
    const auto found = judge_at(window, at(minutes{15}));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[swapped ? 1 : 0].fresh.sources.size(), 2U);
  }
}

TEST(Twins, WhatKnowsLeastFollowsWhatItIsNearestTo) {
  Window window{Schedule{}};
  window.add(call(1, at(minutes{3}), "web-1", signature("tool.exe")), false);
  window.add(call(2, at(minutes{3} + seconds{2}), "web-1", without_signer()), false);
  window.add(call(3, at(minutes{3} + seconds{3}), "web-1", without_both()), false);
  const auto found = judge_at(window, at(minutes{15}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].fresh.sources.size(), 3U);
}

TEST(Twins, AnotherFolderNameHostOrBucketIsNoTwin) {
  Window window{Schedule{}};
  Signature elsewhere = without_signer();
  elsewhere.folder = "c:\\temp\\";
  window.add(call(1, at(minutes{3}), "web-1", signature("tool.exe")), false);
  window.add(call(2, at(minutes{3}), "web-1", elsewhere), false);
  window.add(call(3, at(minutes{3}), "web-1", without_signer("other.exe")), false);
  window.add(call(4, at(minutes{3}), "web-2", without_signer()), false);
  window.add(call(5, at(minutes{17}), "web-1", without_signer()), false);
  EXPECT_EQ(judge_at(window, at(minutes{30})).size(), 5U);
  EXPECT_EQ(window.figures().twins, 0U);
}

TEST(Twins, AnUnknownFolderJoinsNothing) {
  Window window{Schedule{}};
  Signature nowhere = signature("tool.exe");
  nowhere.folder.reset();
  window.add(call(1, at(minutes{3}), "web-1", signature("tool.exe")), false);
  window.add(call(2, at(minutes{3}), "web-1", nowhere), false);
  EXPECT_EQ(judge_at(window, at(minutes{15})).size(), 2U);
}

TEST(Twins, ATwinOfACallThatARunHasSeenMakesNoNoise) {
  Window window{Schedule{}};
  window.add(call(1, at(minutes{3}), "web-1", signature("tool.exe")), false);
  EXPECT_EQ(judge_at(window, at(minutes{15})).size(), 1U);
  window.add(call(2, at(minutes{3}), "web-1", without_signer()), false);
  EXPECT_TRUE(judge_at(window, at(minutes{30})).empty());
  EXPECT_EQ(window.figures().open_calls, 1U);
}

TEST(Twins, OnlyTheCallsThatFindATwinLeaveTheirSighting) {
  Window window{Schedule{}};
  Call lone = call(1, at(minutes{1}), "web-1", without_signer());
  lone.evidence.process.pid = 7;
  lone.evidence.user_id = "S-7";
  window.add(lone, false);
  tell(window, progress(at(minutes{15})));
  run_all(window);
  Call again = call(2, at(minutes{2}), "web-1", without_signer());
  again.evidence.process.pid = 8;
  window.add(again, false);
  window.add(call(3, at(minutes{2}), "web-1", signature("tool.exe")), false);
  const auto found = judge_at(window, at(minutes{30}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].fresh.key.signature, signature("tool.exe"));
  const auto leaving = [&] {
    tell(window, progress(at(minutes{45})));
    return run_all(window).at(0).leaving;
  }();
  ASSERT_EQ(leaving.size(), 2U);
  EXPECT_EQ(leaving[0].signature, without_signer());
  EXPECT_EQ(leaving[0].last, at(minutes{1}));
}

}  // namespace
}  // namespace imdswatch::testing
