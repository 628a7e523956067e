#include <gtest/gtest.h>

#include "imdswatch/base/limits.hpp"
#include "imdswatch/model/model.hpp"
#include "support/teacher.hpp"

/// A host that invents names, or places for one name, fills no memory and no row without end.
namespace imdswatch::room_cases {
namespace {

using namespace test;

const HostId host{"a"};
const Signature usual = agent("usual.exe");

std::vector<Leaving> invented(const std::string& stem, std::size_t count, bool finding) {
  std::vector<Leaving> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(seen("a", agent(stem + std::to_string(i) + ".exe"), finding));
  return out;
}

std::vector<ModelRow> rows_of(const Model& model) {
  std::vector<ModelRow> out;
  model.rows(out);
  return out;
}

TEST(Room, WhoInventsNamesDoesNotPushOutWhatTheHostHasLearned) {
  Model model{ModelPolicy{}};
  teach(model, at_run(0), {seen("a", usual)});
  for (int run = 1; run <= 3; ++run) teach(model, at_run(run), invented("r" + std::to_string(run) + "-", 200, true));
  EXPECT_EQ(model.figures().signatures, limits::max_names_per_host);
  EXPECT_EQ(model.figures().fleet_names, limits::max_names_per_host) << "votes are withdrawn";
  EXPECT_EQ(model.figures().made_room, 601 - limits::max_names_per_host);
  EXPECT_TRUE(model.learned(host, usual));
}

TEST(Room, OfLearnedNamesTheOneSeenLongestAgoGoes) {
  Model model{ModelPolicy{}};
  teach(model, at_run(0), {seen("a", agent("z-old.exe"))});
  teach(model, at_run(1), invented("n", limits::max_names_per_host - 1, false));
  teach(model, at_run(2), {seen("a", usual)});
  EXPECT_FALSE(model.learned(host, agent("z-old.exe")));
  EXPECT_TRUE(model.learned(host, usual));
  EXPECT_TRUE(model.learned(host, agent("n0.exe")));
}

TEST(Room, MoreThanFitInOneRunIsNotLearned) {
  Model model{ModelPolicy{}};
  teach(model, at_run(0), invented("n", 1'000, false));
  EXPECT_EQ(model.figures().signatures, limits::max_names_per_host);
  EXPECT_EQ(model.figures().not_learned, 1'000 - limits::max_names_per_host);
  EXPECT_EQ(model.figures().made_room, 0U);
}

TEST(Room, PlacesOfOneNameAreBoundedAndTheirVotesWithdrawn) {
  Model model{ModelPolicy{}};
  teach(model, at_run(0), {seen("a", usual)});
  for (int run = 1; run <= 100; ++run) teach(model, at_run(run), {seen("a", agent("usual.exe", "c:\\" + std::to_string(run) + "\\"), true)});
  EXPECT_EQ(model.figures().signatures, limits::max_signatures_per_name);
  EXPECT_TRUE(model.learned(host, usual));
  const SignatureCounts gone = model.counts(HostId{"b"}, {}, agent("usual.exe", "c:\\1\\"), at_run(101));
  EXPECT_EQ(gone.parts[0].fleet.count, 0);
  const SignatureCounts kept = model.counts(HostId{"b"}, {}, agent("usual.exe", "c:\\100\\"), at_run(101));
  EXPECT_EQ(kept.parts[0].fleet.count, 1);
}

TEST(Room, ARestoredModelMakesTheSameRoom) {
  Model model{ModelPolicy{}}, restored{ModelPolicy{}};
  std::vector<ModelRow> drained;
  for (int run = 0; run < 3; ++run) {
    std::vector<Leaving> bucket = invented("r" + std::to_string(run) + "-", 150, run != 0);
    for (int place = 0; place < 20; ++place) bucket.push_back(seen("a", agent("many.exe", "c:\\" + std::to_string(run * 20 + place) + "\\")));
    teach(model, at_day(run * 0.6), bucket);
    model.drain(drained);
  }
  for (const ModelRow& row : drained) restored.apply(row);
  ASSERT_EQ(rows_of(restored), rows_of(model));
  for (Model* one : {&model, &restored}) {
    const std::uint64_t before = one->figures().made_room;
    teach(*one, at_day(2), invented("later", 100, false));
    EXPECT_EQ(one->figures().made_room - before, 100U) << "of names";
    teach(*one, at_day(3), {seen("a", agent("many.exe", "c:\\new\\"))});
    EXPECT_EQ(one->figures().made_room - before, 101U) << "of places of one name";
  }
  EXPECT_EQ(rows_of(restored), rows_of(model));
}

TEST(Room, TextsThatNobodyHoldsGoWithTheDay) {
  Model model{ModelPolicy{}};
  std::vector<ModelRow> committed;
  const auto teach_day = [&](int day) {
    teach(model, at_day(day), invented("d" + std::to_string(day) + "-", limits::max_names_per_host, false));
    model.drain(committed);
  };
  for (int day = 0; day < 3; ++day) teach_day(day);
  const std::size_t after_three = model.figures().bytes;
  for (int day = 3; day < 30; ++day) teach_day(day);
  EXPECT_LT(model.figures().bytes, after_three * 3 / 2);
  EXPECT_TRUE(model.learned(host, agent("d29-7.exe")));
}

}  // namespace
}  // namespace imdswatch::room_cases
