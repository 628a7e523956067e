#include "survey.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "path_trees.hpp"

namespace imdswatch::survey_test {
namespace {

using Values = std::map<std::string, std::string>;
using Members = std::vector<std::string>;

const std::string name_of_40 = std::string(33, 'x') + "_letter";

std::vector<SlotPath> paths() {
  return {{Slot::timestamp, "@timestamp"},    {Slot::host_id, "host"},
          {Slot::host_name, "host.name"},     {Slot::process_pid, "process.pid"},
          {Slot::process_name, "process.name"}, {Slot::event_category, "event.category"},
          {Slot::event_id, "processid"},      {Slot::log_process_id_upper, "processid", "ProcessID"},
          {Slot::user_name, name_of_40}};
}

/// One survey for all of a test's messages, as a decoder has.
class Surveyor {
 public:
  /// What stands at each path with a key, as it is written; nothing where the survey is not sure.
  std::optional<Values> values(std::string_view text) {
    const std::unique_ptr<char[]> alone(new char[text.size()]);  // so that a sanitizer sees a read outside of it
    text.copy(alone.get(), text.size());
    const std::string_view message(alone.get(), text.size());
    if (!look_.over(message) || !survey_.over(message, look_)) return std::nullopt;
    Values out;
    for (const SlotPath& path : paths()) {
      const std::string_view name = path.written.empty() ? path.path : path.written;
      const std::uint32_t number = PathTree::step(&tree_.root(), name)->number;
      if ((survey_.nodes()[number / 64] >> number % 64 & 1) == 0) continue;
      const std::size_t begin = survey_.places()[2 * number];
      const std::size_t end = survey_.places()[2 * number + 1];
      out[std::string(name)] = begin <= end && end <= message.size() ? message.substr(begin, end - begin) : "no place";
    }
    std::size_t keys = 0;
    for (const std::uint64_t word : survey_.nodes()) keys += static_cast<std::size_t>(std::popcount(word));
    EXPECT_EQ(keys, out.size()) << "at other nodes, of " << message;
    return out;
  }
  std::uint64_t shape() const { return survey_.shape(); }

 private:
  PathTree tree_ = testing::tree_of(paths());
  Survey survey_{tree_};
  Look look_;
};

std::string object(const Members& members) {
  std::string out;
  for (const std::string& member : members) out.append(out.empty() ? "" : ",").append(member);
  return "{" + out + "}";
}

/// Calls `use` with an object of these in each order.
template <class Use>
void in_each_order(Members members, Use use) {
  std::ranges::sort(members);
  do use(object(members));
  while (std::ranges::next_permutation(members).found);
}

void expect_values(const Members& members, const Values& wanted) {
  Surveyor surveyor;
  std::optional<std::uint64_t> shape;
  in_each_order(members, [&](const std::string& message) {
    const auto found = surveyor.values(message);
    ASSERT_TRUE(found) << message;
    EXPECT_EQ(*found, wanted) << message;
    EXPECT_EQ(surveyor.shape(), shape.value_or(surveyor.shape())) << message;
    shape = surveyor.shape();
  });
}

/// And what comes next is not mixed up with it.
void expect_refused(const Members& members) {
  Surveyor surveyor;
  in_each_order(members, [&](const std::string& message) {
    EXPECT_FALSE(surveyor.values(message)) << message;
    EXPECT_EQ(surveyor.values(R"({"host.name":"w"})"), (Values{{"host.name", R"("w")"}})) << "after " << message;
  });
}

const Members usual{R"("@timestamp":"2026-03-01T12:00:00Z")", R"("host":{"os":{"x":{}},"name":"w"})", R"("process":{"pid":7,"args":["a"],"name":"a.exe"})",
                    R"("more":{"host":{"name":"other"},"@timestamp":1})"};
const Values of_usual{{"@timestamp", R"("2026-03-01T12:00:00Z")"}, {"host", "{"}, {"host.name", R"("w")"}, {"process.pid", "7"}, {"process.name", R"("a.exe")"}};

TEST(Survey, FindsTheValuesInNestedObjects) {
  expect_values(usual, of_usual);
  expect_values({R"("x":{"y":{"z":[1]}})", R"("host":{"x":{"y":{"name":1}}})", R"("@timestamp":-1.5e+7)"}, {{"host", "{"}, {"@timestamp", "-1.5e+7"}});
  expect_values({R"("host":{"name":null})"}, {{"host", "{"}, {"host.name", "null"}});
}

TEST(Survey, FindsWhatDottedKeysName) {
  expect_values({R"("host.name":true)", R"("process.pid":7)", R"("process":{"name":"a"})", R"("event.category.more":1)"},
                {{"host.name", "true"}, {"process.pid", "7"}, {"process.name", R"("a")"}});
  expect_values({R"("host.":1)", R"(".host":2)", R"("host..name":3)", R"("process.pid":4)"}, {{"process.pid", "4"}});
}

TEST(Survey, ReadsTheLetterCaseOfKeysAsTheTreeDoes) {
  expect_values({R"("HOST":{"Name":"w"})", R"("@TimeStamp":1)", R"("Process.PID":7)"}, {{"host", "{"}, {"host.name", R"("w")"}, {"@timestamp", "1"}, {"process.pid", "7"}});
  expect_values({R"("ProcessID":1)", R"("ProcessId":2)"}, {{"ProcessID", "1"}, {"processid", "2"}});
}

TEST(Survey, FindsEmptyObjectsAndArrays) {
  expect_values({R"("host":{})", R"("event":{"category":[]})", R"("x":{})", R"("y":[])"}, {{"host", "{"}, {"event.category", "[]"}});
  expect_values({R"("process":{"name":[],"x":{}})", R"("@timestamp":{})"}, {{"process.name", "[]"}, {"@timestamp", "{"}});
}

TEST(Survey, TakesAnArrayOfScalarsForOneValue) {
  expect_values({R"("event":{"category":["a","b,}]"]})", R"("process":{"pid":[1,-2.5e+3,true,null]})", R"("host":["{"])", R"("x":["y","z"])"},
                {{"event.category", R"(["a","b,}]"])"}, {"process.pid", "[1,-2.5e+3,true,null]"}, {"host", R"(["{"])"}});
  expect_values({R"("host":[["a","b"]])", R"("@timestamp":[[[]]])"}, {{"host", R"([["a","b"]])"}, {"@timestamp", "[[[]]]"}});
}

TEST(Survey, PassesOverObjectsInArraysOfNoInterest) {
  expect_values({R"("x":[{"host":{"name":"a"},"@timestamp":1},{"host.name":2}])", R"("y":[1,{"z":[{"@timestamp":3}]}])", R"("@timestamp":4)", R"("host":{"name":5})"},
                {{"@timestamp", "4"}, {"host", "{"}, {"host.name", "5"}});
}

TEST(Survey, RefusesObjectsInArraysOfInterest) {
  for (const std::string& other : usual) {
    expect_refused({R"("event":[{"category":"a"}])", other});
    expect_refused({R"("event":{"category":[{"a":1}]})", other});
    expect_refused({R"("event":[[1,{"category":"a"}]])", other});
  }
}

/// Where an array ends is not told from its last value alone; and what one seems to close too much, another may open.
TEST(Survey, IsRightOrNotSureOfArraysOfSeveralKinds) {
  const std::vector<std::string> arrays{"[1,[2]]", "[[1],2]", "[[1],[[2]]]", "[[[1]],2]", R"([{"k":1},[2]])", R"([{"k":1},2])", R"([{"k":[1]},{}])", R"([[{"k":1}],{}])", R"([{},{"k":1}])",
                                        R"([[],{"k":{"l":[[3]]}},[]])"};
  const Values wanted{{"host", "{"}, {"host.name", R"("w")"}, {"@timestamp", "3"}};
  Surveyor surveyor;
  for (const std::string& one : arrays) {
    for (const std::string& other : arrays) {
      const Members members{R"("host":{"x":)" + (one < other ? one : "1") + R"(,"name":"w"})", R"("y":{"x":)" + other + "}", R"("@timestamp":3)", R"("z":)" + one};
      in_each_order(members, [&](const std::string& message) { EXPECT_EQ(surveyor.values(message).value_or(wanted), wanted) << message; });
    }
  }
}

TEST(Survey, IsNotMisledByTextsThatLookLikeKeys) {
  expect_values({R"("process":{"pid":"\\","name":"a\":{\"host\":{"})", R"("@timestamp":"::1")", R"("event":{"category":["x",":y"]})", R"("host":[":x"])"},
                {{"process.name", R"("a\":{\"host\":{")"}, {"process.pid", R"("\\")"}, {"@timestamp", R"("::1")"}, {"event.category", R"(["x",":y"])"}, {"host", R"([":x"])"}});
  expect_values({R"("x":"},{")", R"("y":"{\"host.name\":\"v\"}")", R"("@timestamp":"}}]")", R"("host":"[{")"}, {{"@timestamp", R"("}}]")"}, {"host", R"("[{")"}});
}

TEST(Survey, RefusesNamesWithEscapes) {
  for (const std::string& other : usual) {
    expect_refused({R"("h\u006fst":{"name":"w"})", other});
    expect_refused({R"("process":{"p\u0069d":1})", other});
    expect_refused({R"("x\"y":1)", other});
    expect_refused({R"("host\\":{"name":"w"})", other});
  }
}

TEST(Survey, RefusesAKeyThatStandsTwice) {
  expect_refused({R"("@timestamp":1)", R"("@timestamp":2)"});
  expect_refused({R"("host":{"name":"a"})", R"("host.name":"b")"});
  expect_refused({R"("host.name":"a")", R"("HOST.Name":"b")", R"("x":1)"});
  expect_refused({R"("process":{"pid":1})", R"("process":{"pid":2,"name":"a"})"});
  expect_refused({R"("host":{})", R"("host":{})"});
  expect_values({R"("x":1)", R"("x":{"x":2})", R"("process":{"pid":1})", R"("process":{"name":"a"})"}, {{"process.pid", "1"}, {"process.name", R"("a")"}});
}

TEST(Survey, RefusesRecordsAtTheTopAlone) {
  for (const std::string value : {"1", "[]", R"({"a":1})", R"([{"host.name":"a"}])"})
    for (const std::string name : {R"("records":)", R"("Records":)", R"("RECORDS":)"}) expect_refused({name + value, usual[0], usual[1]});
  expect_values({R"("x":{"records":1})", R"("host":{"records":[]})", R"("process":{"Records":{"pid":1}})", R"("records_":1)"}, {{"host", "{"}});
}

TEST(Survey, TellsLongNamesApart) {
  expect_values({"\"" + name_of_40 + "\":1", "\"y" + name_of_40.substr(1) + "\":2", "\"" + name_of_40.substr(1) + "\":3", "\"x" + name_of_40 + "\":4"}, {{name_of_40, "1"}});
  for (const std::size_t size : {1u, 8u, 31u, 32u, 33u, 63u, 64u, 65u, 200u}) {
    Members members = usual;
    members[3] = "\"" + std::string(size, 'k') + "\":{\"host.name\":1}";
    expect_values(members, of_usual);
  }
}

TEST(Survey, IsRightOrNotSureOfVeryLongNames) {
  Surveyor surveyor;
  for (const std::size_t size : {254u, 255u, 256u, 257u, 258u, 300u, 2000u, 40'000u}) {
    Members members = usual;
    for (const char letter : {'k', ',', ' ', '}'}) {
      members[3] = "\"n" + std::string(size - 2, letter) + "n\":{\"host.name\":1}";
      in_each_order(members, [&](const std::string& message) { EXPECT_EQ(surveyor.values(message).value_or(of_usual), of_usual) << size << letter; });
    }
  }
}

std::string without_blanks(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; });
  return text;
}

TEST(Survey, IsRightOrNotSureWhereBlanksStandBetweenTokens) {
  const std::string message = object({usual[0], usual[1], usual[2], R"("event":{"category":["x",":y",2]})", R"("x":[{"y":1},{"z":[[3]]}])"});
  Surveyor surveyor;
  const auto wanted = surveyor.values(message);
  ASSERT_TRUE(wanted);
  for (const std::string blanks : {" ", "\n", "\t", "\r\n  "}) {
    bool in_text = false;
    for (std::size_t at = 0; at < message.size(); ++at) {
      if (!in_text) {
        auto found = surveyor.values(message.substr(0, at) + blanks + message.substr(at));
        if (found)
          for (auto& [path, value] : *found)
            if (value.front() == '[' && value.back() == ']') value = without_blanks(value);
        EXPECT_EQ(found.value_or(*wanted), *wanted) << at;
      }
      in_text = in_text != (message[at] == '"');
    }
  }
}

std::string nested(std::size_t depth, const std::string& open, const std::string& close, const std::string& inner) {
  std::string out = inner;
  for (; depth > 0; --depth) out = open + out + close;
  return out;
}

TEST(Survey, RefusesWhatIsNestedTooDeeply) {
  for (const std::string& other : usual) {
    expect_refused({R"("x":)" + nested(70, R"({"x":)", "}", "1"), other});
    expect_refused({R"("x":)" + nested(70, "[", "]", ""), other});
    expect_refused({R"("x":)" + nested(70, R"([{"x":)", "}]", "1"), other});
    expect_refused({R"("event":{"category":)" + nested(70, "[", "]", "1") + "}", other});
  }
  Members members = usual;
  members[3] = R"("x":)" + nested(60, R"({"x":)", "}", R"({"host":1})");
  expect_values(members, of_usual);
}

/// Behind a brace, as others are not even looked at; also within a text that ends as the whole message would.
TEST(Survey, NeverTakesAMessageThatWasCutOff) {
  const Members last{R"("x":{"y":[{"z":1}]})", R"("x":"a\"}\"}\\}")", R"("x":["b"],"y":[[1]])", R"("host":"\"")", R"("x":"{5770385F-C22A}","y":{"z":"{1}}"})", R"("x":"}","y":":}")",
                     R"("x":[1,"b]}","c"])", R"("x":[1,"y,2]}"])", R"("x":["a}","b"],"y":"1}")"};
  Surveyor surveyor;
  for (const std::string& end : last) {
    for (const std::string& message : {object({usual[0], usual[2], end}), object({end, usual[2], usual[3]}), object({end})}) {
      for (std::size_t size = 1; size < message.size(); ++size)
        if (message[size - 1] == '}') {
          EXPECT_FALSE(surveyor.values(message.substr(0, size))) << message.substr(0, size);
        }
      EXPECT_TRUE(surveyor.values(message)) << message;
    }
  }
}

}  // namespace
}  // namespace imdswatch::survey_test
