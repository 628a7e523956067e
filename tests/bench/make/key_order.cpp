#include "key_order.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "support/json_shapes.hpp"

namespace imdswatch::bench {
namespace {

constexpr std::size_t one_group = 8;  ///< of a map: as many members are walked in a circle

void shuffle(testing::Json& json, std::size_t fixed, fleet::Random& random) {
  const auto loose = std::span(json.members).subspan(fixed);
  if (loose.size() > one_group) {
    for (std::size_t i = loose.size(); i > 1; --i) std::swap(loose[i - 1], loose[random.below(i)]);
  } else if (!loose.empty()) {
    std::ranges::rotate(loose, loose.begin() + static_cast<std::ptrdiff_t>(random.below(loose.size())));
  }
  for (auto& [key, inner] : loose)
    if (inner.kind == testing::Json::Kind::object) shuffle(inner, 0, random);
}

}  // namespace

std::string shuffled_members(std::string_view json, std::size_t fixed, fleet::Random& random) {
  testing::Json event = testing::parse_json(json);
  shuffle(event, fixed, random);
  return testing::compact(event);
}

}  // namespace imdswatch::bench
