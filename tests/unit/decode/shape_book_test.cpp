#include "shape_book.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "message.hpp"
#include "path_trees.hpp"
#include "support/json_shapes.hpp"
#include "survey.hpp"

namespace imdswatch {
namespace {

/// A book and what it needs to learn from messages that are read in full.
class Shapes {
 public:
  explicit Shapes(std::size_t max_bytes) : book({*parse_ip_address("169.254.169.254")}, max_bytes), reader_(testing::tree_of()) {}

  bool knows(const std::string& message) {
    EXPECT_TRUE(look_.over(message)) << message;
    return book.find(message, look_).glance != nullptr;
  }
  void learn(const std::string& message) {
    if (knows(message)) return;
    const Decoded& outcome = read(message);
    book.learn(message, look_, text_.data(), reader_.visits(), reader_.asked(), outcome);
  }

  bool knows_in_any_order(const std::string& message) {
    EXPECT_TRUE(look_.over(message) && survey_.over(message, look_)) << message;
    return book.find(message, survey_).glance != nullptr;
  }
  /// As a decoder does it: whether the message is known; if not, it is learned.
  bool takes(const std::string& message) {
    if (knows(message)) return true;
    const bool surveyed = survey_.over(message, look_);
    const bool order_is_new = !surveyed || book.may_keep_its_order(survey_);
    if (!order_is_new && book.find(message, survey_).glance != nullptr) return true;
    const Decoded& outcome = read(message);
    if (order_is_new) book.learn(message, look_, text_.data(), reader_.visits(), reader_.asked(), outcome);
    if (surveyed && book.find(message, survey_).glance == nullptr) book.learn(message, survey_, reader_.visits(), reader_.asked(), outcome);
    return false;
  }

  ShapeBook book;

 private:
  const Decoded& read(const std::string& message) {
    text_ = simdjson::padded_string(message);
    reader_.clear();
    out_.clear();
    reader_.read({text_.data(), message.size()}, std::nullopt, out_);
    EXPECT_EQ(out_.size(), 1u) << message;
    return out_.front();
  }

  MessageReader reader_;
  Look look_;
  Survey survey_{reader_.tree()};
  simdjson::padded_string text_;
  std::vector<Decoded> out_;
};

/// A start of a shape of its own for each number.
std::string start(int number) {
  std::string keys;
  for (int i = 0; i < number / 676; ++i) keys += R"("more":1,)";
  const std::string name{static_cast<char>('a' + number % 26), '_', static_cast<char>('a' + number / 26 % 26)};
  return R"({"@timestamp":"2026-03-01T12:00:00Z",)" + keys + '"' + name + R"(":1,"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational",)"
         R"("provider_name":"Microsoft-Windows-Sysmon","event_id":1,"computer_name":"w","event_data":{"ProcessId":"5","Image":"C:\\a.exe","CommandLine":"a"}}})";
}

TEST(ShapeBook, StaysWithinItsBytesAndKeepsWhatIsMet) {
  constexpr std::size_t most = 256u << 10;
  Shapes shapes(most);
  shapes.learn(start(0));
  const std::size_t one = shapes.book.bytes();
  const auto many = static_cast<int>(4 * most / one);
  std::size_t largest = 0;
  for (int i = 1; i < many; ++i) {
    ASSERT_NO_FATAL_FAILURE(shapes.learn(start(i)));
    ASSERT_TRUE(shapes.knows(start(i))) << i;
    ASSERT_TRUE(shapes.knows(start(0))) << "forgotten after " << i;
    largest = std::max(largest, shapes.book.bytes());
  }
  EXPECT_LE(largest, most + 2 * one);
  EXPECT_GT(largest, most / 2);
  EXPECT_FALSE(shapes.knows(start(1)));
  EXPECT_TRUE(shapes.knows(start(many - 2)));
}

TEST(ShapeBook, StaysWithinItsBytesWhereWhatItForgetsIsMetAgain) {
  constexpr std::size_t most = 256u << 10;
  Shapes shapes(most);
  shapes.learn(start(0));
  const std::size_t one = shapes.book.bytes();
  int next = 1;
  for (int round = 0; round < 6; ++round) {
    const int first = next;
    for (; next - first < static_cast<int>(most / 2 / one) - 1; ++next) ASSERT_NO_FATAL_FAILURE(shapes.learn(start(next)));
    for (int i = 0; i < next; ++i) static_cast<void>(shapes.knows(start(i)));
    EXPECT_LE(shapes.book.bytes(), most + 2 * one) << round;
  }
}

/// One event, its keys in another order each time.
class Orders {
 public:
  explicit Orders(const std::string& event = start(0)) : event_(of_a_beat(event)) {}
  std::string next() {
    testing::shuffle_keys(event_, random_);
    return testing::compact(event_);
  }

 private:
  static testing::Json of_a_beat(std::string event) {
    return testing::parse_json(event.insert(1, R"("host":{"name":"w","id":"h","os":{"type":"windows"}},"agent":{"type":"winlogbeat","id":"a"},)"));
  }
  testing::Json event_;
  std::mt19937_64 random_{20260301};
};

TEST(ShapeBook, KnowsAnEventInAnyOrderAfterFewWereLearned) {
  Shapes shapes(ShapeBook::usual_max_bytes);
  Orders orders;
  for (int i = 0; i < 40; ++i) static_cast<void>(shapes.takes(orders.next()));
  for (int i = 0; i < 200; ++i) {
    const std::string message = orders.next();
    ASSERT_FALSE(shapes.knows(message)) << "its order was met before";
    ASSERT_TRUE(shapes.knows_in_any_order(message)) << message;
  }
}

/// As many a log's events name the same things, whatever they tell of them.
TEST(ShapeBook, KnowsManyKindsOfEventsWithTheSameKeysInAnyOrder) {
  Shapes shapes(ShapeBook::usual_max_bytes);
  std::vector<Orders> kinds;
  for (int id = 100; id < 140; ++id) {
    std::string event = start(0);
    kinds.emplace_back(event.replace(event.find("\"event_id\":1") + 11, 1, std::to_string(id)));
  }
  for (int twice = 0; twice < 2; ++twice)
    for (Orders& kind : kinds) static_cast<void>(shapes.takes(kind.next()));
  for (Orders& kind : kinds) {
    const std::string message = kind.next();
    EXPECT_TRUE(shapes.knows_in_any_order(message)) << message;
  }
}

TEST(ShapeBook, LearnsFewOfManyOrders) {
  Shapes shapes(ShapeBook::usual_max_bytes);
  Orders orders;
  ASSERT_FALSE(shapes.takes(orders.next()));
  const std::size_t one = shapes.book.bytes();
  for (int i = 0; i < 200; ++i) static_cast<void>(shapes.takes(orders.next()));
  const std::size_t at_first = shapes.book.bytes();
  int taken = 0;
  for (int i = 0; i < 10'000; ++i) taken += shapes.takes(orders.next()) ? 1 : 0;
  EXPECT_GT(taken, 9'950);
  EXPECT_LE(shapes.book.bytes(), at_first + 20 * one);
}

/// A start of a shape that no other has, with blanks which no survey reads across.
std::string start_with_blanks(std::mt19937_64& random) {
  std::string name;
  for (int i = 0; i < 12; ++i) name += static_cast<char>('a' + random() % 26);
  return start(0).insert(1, '"' + name + R"(": 1, )");
}

/// Told by its bytes, as asking whether it knows a message counts as a look.
TEST(ShapeBook, LearnsFewInTheLongRunWhereEveryShapeIsNew) {
  constexpr std::size_t enough_for_all = 1u << 30;
  Shapes shapes(enough_for_all);
  std::mt19937_64 random(20260302);
  const auto learned_of = [&](std::uint32_t messages) {
    std::uint32_t out = 0;
    for (std::uint32_t i = 0; i < messages; ++i) {
      const std::size_t before = shapes.book.bytes();
      EXPECT_FALSE(shapes.takes(start_with_blanks(random)));
      out += shapes.book.bytes() > before ? 1 : 0;
    }
    return out;
  };
  EXPECT_EQ(learned_of(ShapeBook::most_learned_in_a_row), ShapeBook::most_learned_in_a_row);
  static_cast<void>(learned_of(ShapeBook::most_learned_in_a_row / 8));
  constexpr std::uint32_t seldom = 500;
  EXPECT_NEAR(learned_of(seldom * ShapeBook::looks_for_learning), seldom, 2);
  const std::string known = start(1);
  for (std::uint32_t i = 0; i < ShapeBook::looks_for_learning; ++i) static_cast<void>(shapes.takes(known));
  EXPECT_TRUE(shapes.takes(known)) << "what comes again is learned in the end";
}

}  // namespace
}  // namespace imdswatch
