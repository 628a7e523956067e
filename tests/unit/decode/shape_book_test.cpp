#include "shape_book.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "message.hpp"

namespace imdswatch {
namespace {

/// A book and what it needs to learn from messages that are read in full.
class Shapes {
 public:
  explicit Shapes(std::size_t max_bytes) : book({*parse_ip_address("169.254.169.254")}, max_bytes), reader_(tree()) {}

  bool knows(const std::string& message) {
    EXPECT_TRUE(look_.over(message)) << message;
    return book.find(message, look_).glance != nullptr;
  }
  void learn(const std::string& message) {
    if (knows(message)) return;
    const simdjson::padded_string padded(message);
    reader_.clear();
    std::vector<Decoded> out;
    reader_.read({padded.data(), message.size()}, std::nullopt, out);
    ASSERT_EQ(out.size(), 1u);
    book.learn(message, look_, padded.data(), reader_.visits(), reader_.asked(), out.front());
  }

  ShapeBook book;

 private:
  static PathTree tree() {
    PathTree out;
    for (const SlotPath& entry : slot_paths()) out.add(entry.slot, entry.path, entry.written);
    out.finish();
    return out;
  }
  MessageReader reader_;
  Look look_;
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

}  // namespace
}  // namespace imdswatch
