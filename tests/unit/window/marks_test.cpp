#include <gtest/gtest.h>

#include "window_world.hpp"

namespace imdswatch::testing {
namespace {

/// The rows of what a window keeps for what was told before.
std::vector<MarkRow> marks_of(const std::vector<WindowRow>& rows) {
  std::vector<MarkRow> out;
  for (const WindowRow& row : rows) {
    if (const auto* mark = std::get_if<MarkRow>(&row)) out.push_back(*mark);
  }
  return out;
}

TEST(Marks, WhatWasToldOfATopicIsForgottenAMonthAfterItWasLastListed) {
  using std::chrono::hours;
  Window window{Schedule{}};
  Call gone = call(7, at(minutes{1}));
  gone.origin.topic = topic(2);
  Progress both = progress(at(minutes{2}));
  both.roster.push_back({topic(2), 1});
  window.add(gone, false);
  window.add(call(1, at(minutes{1})), false);
  tell(window, both);
  for (hours h{1}; h <= hours{24 * 30}; h += hours{1}) tell(window, progress(at(minutes{2}), h));
  EXPECT_EQ(window.figures().partitions, 1U);
  EXPECT_EQ(window.add(gone, false), Window::Added::told_before);
  std::vector<WindowRow> rows;
  window.drain(rows);
  EXPECT_EQ(marks_of(rows).size(), 2U);
  tell(window, progress(at(minutes{2}), hours{24 * 30 + 1}));
  rows.clear();
  window.drain(rows);
  EXPECT_EQ(marks_of(rows), (std::vector<MarkRow>{{gone.origin.source(), std::nullopt}}));
  rows.clear();
  window.rows(rows);
  EXPECT_EQ(marks_of(rows).size(), 1U) << "that of the topic that is listed stays";
}

TEST(Marks, AMarkOfATopicThatTheRestoredStateDoesNotListIsForgottenTooAfterAMonth) {
  using std::chrono::hours;
  Window window{Schedule{}};
  const TopicPartition gone{topic(2), Partition{0}};
  window.apply(WindowRow{MarkRow{gone, Origin{gone.topic, gone.partition, LeaderEpoch{0}, Offset{5}, 0}}});
  std::vector<WindowRow> rows;
  for (hours h{0}; h <= hours{24 * 30 + 1}; h += hours{1}) tell(window, progress(at(minutes{2}), h));
  window.drain(rows);
  EXPECT_EQ(marks_of(rows), (std::vector<MarkRow>{{gone, std::nullopt}}));
}

}  // namespace
}  // namespace imdswatch::testing
