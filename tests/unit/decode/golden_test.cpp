#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "imdswatch/decode/decoder.hpp"
#include "support/decode_dump.hpp"

namespace imdswatch {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

fs::path golden_directory() { return fs::path(IMDSWATCH_SOURCE_DIR) / "tests" / "golden" / "decode"; }

/// NAME.json, or NAME.bin where its bytes are no JSON text as such, is a message, NAME.expected what is made of it. IMDSWATCH_UPDATE_GOLDEN=1 writes the latter anew; read the difference.
TEST(Golden, EveryKeptMessageIsDecodedAsBefore) {
  std::vector<fs::path> messages;
  for (const auto& entry : fs::recursive_directory_iterator(golden_directory()))
    if (entry.path().extension() == ".json" || entry.path().extension() == ".bin") messages.push_back(entry.path());
  std::sort(messages.begin(), messages.end());
  ASSERT_GE(messages.size(), 20u) << golden_directory();

  Decoder decoder;
  for (const auto& message : messages) {
    auto expected = message;
    expected.replace_extension(".expected");
    const std::string told = testing::dump(decoder.decode(contents(message)));
    if (std::getenv("IMDSWATCH_UPDATE_GOLDEN") != nullptr) std::ofstream(expected, std::ios::binary) << told;
    EXPECT_EQ(told, contents(expected)) << message;
  }
}

}  // namespace
}  // namespace imdswatch
