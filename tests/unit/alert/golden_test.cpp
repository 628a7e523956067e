#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "imdswatch/alert/alert.hpp"
#include "imdswatch/alert/present.hpp"
#include "orders.hpp"

// IMDSWATCH_UPDATE_GOLDEN=1 writes the golden files anew; look at the difference before it is committed.

namespace imdswatch {
namespace {

using namespace testing;

const std::filesystem::path folder = IMDSWATCH_SOURCE_DIR "/tests/golden/alert";

AlertPolicy golden_policy() {
  AlertPolicy policy;
  policy.config_version = "c0ffee";
  return policy;
}

void compare(const std::string& file, const std::string& now) {
  if (std::getenv("IMDSWATCH_UPDATE_GOLDEN") != nullptr) std::ofstream(folder / file, std::ios::binary) << now;
  std::ifstream in(folder / file, std::ios::binary);
  std::stringstream before;
  before << in.rdbuf();
  EXPECT_EQ(before.str(), now) << file;
}

TEST(GoldenAlerts, DocumentsAreAsTheyWere) {
  for (const auto& [name, order] : all_orders()) {
    const Alert alert = make_alert(order, golden_policy(), Shard{0}, false);
    compare(name + ".json", nlohmann::ordered_json::parse(alert.json).dump(2) + "\n");
  }
  AlertPolicy bare = golden_policy();
  bare.kibana_fields = false;
  compare("single_without_kibana.json", nlohmann::ordered_json::parse(make_alert(single_order(), bare, Shard{3}, true).json).dump(2) + "\n");
}

TEST(GoldenAlerts, TextForPeopleIsAsItWas) {
  std::string text = table_head();
  for (const auto& [name, order] : all_orders()) text += as_row(order);
  for (const auto& [name, order] : all_orders()) text += "\n" + as_text(order);
  compare("text.txt", text);
}

}  // namespace
}  // namespace imdswatch
