#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "json_text.hpp"
#include "path_trees.hpp"
#include "support/event_changes.hpp"
#include "support/json_shapes.hpp"
#include "survey.hpp"

namespace imdswatch::survey_walk_test {
namespace {

using testing::Json;

/// What a plain walk over an event meets, by the rules of `Walk`.
struct Met {
  std::map<std::uint16_t, std::string> values;  ///< of the nodes with slots
  bool must_refuse = false;                     ///< a key stands twice, is escaped, or is an envelope's
  bool is_simple = true;                        ///< a survey should be sure
};

class PlainWalk {
 public:
  explicit PlainWalk(const PathTree& tree) : tree_(tree) {}

  Met over(const Json& event) {
    met_ = {};
    value(event, &tree_.root());
    return met_;
  }

 private:
  void value(const Json& json, const PathTree::Node* node) {
    if (json.kind == Json::Kind::object) object(json, node);
    if (json.kind == Json::Kind::array) array(json, node);
  }
  void object(const Json& json, const PathTree::Node* node) {
    for (const auto& [key, inner] : json.members) {
      const bool escaped = key.find('\\') != std::string::npos;
      if (escaped && node != nullptr) met_.must_refuse = true;
      if (node == &tree_.root() && equals_folded(key, "records")) met_.must_refuse = true;
      if (escaped || key.empty() || key.size() > 200 || key.find_first_of(",:[]}\"") != std::string::npos) met_.is_simple = false;
      const PathTree::Node* const below = PathTree::step(node, key);
      if (below != nullptr && !below->slots.empty()) {
        const std::string token = inner.kind == Json::Kind::object ? "{" : testing::compact(inner);
        if (!met_.values.emplace(below->number, token).second) met_.must_refuse = true;
      }
      value(inner, below);
    }
  }
  void array(const Json& json, const PathTree::Node* node) {
    bool object_seen = false;
    for (const Json& element : json.elements) {
      const bool is_object = element.kind == Json::Kind::object;
      if (element.kind != Json::Kind::scalar) met_.is_simple = false;
      value(element, is_object && object_seen ? nullptr : node);
      object_seen = object_seen || is_object;
    }
  }

  const PathTree& tree_;
  Met met_;
};

/// An array may hold some between its elements.
std::string without_blanks(std::string_view token) {
  std::string out;
  bool in_text = false;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '"') in_text = !in_text;
    if (in_text || !is_blank(token[i])) out += token[i];
    if (in_text && token[i] == '\\' && i + 1 < token.size()) out += token[++i];
  }
  return out;
}

void expect_the_same(const Survey& survey, const Met& met, const std::string& message) {
  ASSERT_FALSE(met.must_refuse) << message;
  std::size_t keys = 0;
  for (const std::uint64_t word : survey.nodes()) keys += static_cast<std::size_t>(std::popcount(word));
  ASSERT_EQ(keys, met.values.size()) << message;
  for (const auto& [number, token] : met.values) {
    ASSERT_TRUE(survey.nodes()[number / 64] >> number % 64 & 1) << "missing: " << token << " in " << message;
    const std::size_t begin = survey.places()[2u * number];
    const std::size_t end = survey.places()[2u * number + 1];
    ASSERT_TRUE(begin < end && end <= message.size()) << token << " in " << message;
    const std::string value = message.substr(begin, end - begin);
    ASSERT_EQ(token.front() == '[' && value.back() == ']' ? without_blanks(value) : value, token) << message;
  }
}

Json mixed_value(std::mt19937_64& random, int depth) {
  static const std::vector<std::string> scalars{"1", "null", "\"x\"", "\"::1\"", "\":x\"", "\"x,{\"", "\",\"", "\"}],\"", "\"a\\\"\"", "{}", "[]", R"({"k":1})"};
  Json out = testing::parse_json(scalars[random() % scalars.size()]);
  if (depth == 0 || random() % 3 == 0) return out;
  out = testing::parse_json(random() % 3 == 0 ? "{}" : "[]");
  for (auto left = random() % 4; left > 0; --left) {
    if (out.kind == Json::Kind::array) out.elements.push_back(mixed_value(random, depth - 1));
    else out.members.emplace_back(left % 2 == 0 ? "name" : "m" + std::to_string(left), mixed_value(random, depth - 1));
  }
  return out;
}

/// In place of some values, whatever reads them.
void put_mixed_values(Json& event, std::mt19937_64& random) {
  const auto scalars = testing::scalars_of(event);
  if (scalars.empty()) return;
  *scalars[random() % scalars.size()] = mixed_value(random, 4);
}

/// Keys whose escapes say the same, and what makes a list of events or a second value of a field.
void add_hard_keys(Json& event, std::mt19937_64& random) {
  auto& members = event.members;
  if (members.empty()) return;
  auto& some = members[random() % members.size()];
  switch (random() % 4) {
    case 0: some.first.insert(0, "\\u0078"); break;
    case 1: members.emplace_back(some); break;
    case 2: members.emplace_back(random() % 2 == 0 ? "records" : "Records", testing::parse_json(R"([{"a":1}])")); break;
    default: some.first += std::string(random() % 400, 'x'); break;
  }
}

TEST(Survey, SeesWhatAWalkOverTheWholeEventMeets) {
  const PathTree tree = testing::tree_of();
  const std::vector<Json> events = testing::golden_events();
  PlainWalk walk(tree);
  Survey survey(tree);
  Look look;
  std::mt19937_64 random(20260305);
  int simple = 0, sure = 0, sure_of_simple = 0, refused = 0;
  std::map<std::vector<std::uint16_t>, std::uint64_t> shapes;
  for (int round = 0; round < 20'000; ++round) {
    Json event = events[random() % events.size()];
    if (event.kind != Json::Kind::object) continue;
    if (random() % 8 == 0) testing::add_names_beside(event, random);
    if (random() % 4 == 0) testing::join_some_keys(event, random);
    if (random() % 4 == 0) testing::change_case_of_keys(event, random);
    if (random() % 8 == 0) add_hard_keys(event, random);
    if (random() % 4 == 0) put_mixed_values(event, random);
    if (random() % 4 == 0) testing::add_noise(event, random);
    if (random() % 8 == 0) testing::move_brace(event, random);
    testing::shuffle_keys(event, random);
    testing::change_values(event, random);
    const bool compact = random() % 8 != 0;
    const std::string message = compact ? testing::compact(event) : testing::write_json(event, random);
    const Met met = walk.over(event);
    const bool is_simple = compact && met.is_simple && !met.must_refuse;
    simple += is_simple ? 1 : 0;
    refused += met.must_refuse ? 1 : 0;
    if (!look.over(message) || !survey.over(message, look)) continue;
    ++sure;
    sure_of_simple += is_simple ? 1 : 0;
    ASSERT_NO_FATAL_FAILURE(expect_the_same(survey, met, message));
    std::vector<std::uint16_t> nodes;
    for (const auto& [number, token] : met.values) nodes.push_back(number);
    ASSERT_EQ(shapes.try_emplace(nodes, survey.shape()).first->second, survey.shape()) << message;
  }
  EXPECT_GT(refused, 500);
  EXPECT_GT(simple, 5'000);
  EXPECT_GT(sure, sure_of_simple) << "and of some others";
  EXPECT_GT(sure_of_simple, simple * 95 / 100) << "of " << simple;
}

}  // namespace
}  // namespace imdswatch::survey_walk_test
