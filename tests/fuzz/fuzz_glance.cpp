#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "fuzz/read_to_the_end.hpp"
#include "support/glances.hpp"
#include "support/json_shapes.hpp"

namespace imdswatch::fuzz {
namespace {

bool is_broken(const Decoded& decoded) {
  const auto* rejected = std::get_if<Rejected>(&decoded);
  return rejected != nullptr && (rejected->format == Format::unknown || rejected->reason == RejectReason::malformed_json);
}

class Glances {
 public:
  Glances() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(IMDSWATCH_SOURCE_DIR "/tests/fuzz/corpus/glance")) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      std::ifstream in(file, std::ios::binary);
      const std::string message{std::istreambuf_iterator<char>(in), {}};
      take(message);
      take_in_many_orders(message);
    }
    IMDS_CHECK(files.size() > 10);
  }

  /// Damage is not seen (decision 0012): so only of whole ones.
  void take(std::string_view message) {
    const auto whole = plain_.decode(message);
    read_to_the_end(whole);
    if (!message.starts_with('{') || std::any_of(whole.begin(), whole.end(), is_broken)) return;
    const std::string difference = testing::difference(quick_.take(message), whole, wanted_);
    if (!difference.empty()) std::fprintf(stderr, "%s\n", difference.c_str());
    IMDS_CHECK(difference.empty());
  }

 private:
  /// So that it is known in any order.
  void take_in_many_orders(const std::string& message) {
    const auto whole = plain_.decode(message);
    if (!message.starts_with('{') || whole.size() != 1 || is_broken(whole.front())) return;
    testing::Json event = testing::parse_json(message);
    std::mt19937_64 random(20260301);
    constexpr int more_than_are_learned_one_by_one = 40;
    for (int i = 0; i < more_than_are_learned_one_by_one; ++i) {
      testing::shuffle_keys(event, random);
      take(testing::compact(event));
    }
  }

  IpAddress wanted_ = *parse_ip_address("169.254.169.254");
  testing::Glancer quick_{DecodeConfig{.wanted_addresses = {wanted_}}};
  Decoder plain_;
};

}  // namespace
}  // namespace imdswatch::fuzz

/// What is taken by its looks, by a decoder that has read the corpus and all earlier inputs, is what reading it in full tells.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static imdswatch::fuzz::Glances glances;
  glances.take({reinterpret_cast<const char*>(data), size});
  return 0;
}
