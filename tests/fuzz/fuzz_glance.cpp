#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "decode/outline.hpp"
#include "fuzz/read_to_the_end.hpp"
#include "support/glances.hpp"

namespace imdswatch::fuzz {
namespace {

/// The names of all keys, in order of names; nothing of what is not learned from.
std::vector<std::string> names_of(std::string_view message) {
  std::vector<std::string> out;
  const auto outline = Outline::of(message);
  if (!outline) return out;
  for (const auto& key : outline->keys) out.emplace_back(message.substr(key.name + 1, key.end - key.name - 1));
  std::sort(out.begin(), out.end());
  return out;
}

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
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      known_.insert(names_of(text));
      take(text);
    }
    IMDS_CHECK(known_.size() > 10);
  }

  /// Of the keys of a message only two letters count, and damage is not seen (decision 0012): so only of whole ones with known keys.
  void take(std::string_view message) {
    const auto whole = plain_.decode(message);
    read_to_the_end(whole);
    if (!message.starts_with('{') || std::any_of(whole.begin(), whole.end(), is_broken) || !known_.contains(names_of(message))) return;
    const std::string difference = testing::difference(testing::take(quick_, message), whole, wanted_);
    if (!difference.empty()) std::fprintf(stderr, "%s\n", difference.c_str());
    IMDS_CHECK(difference.empty());
  }

 private:
  IpAddress wanted_ = *parse_ip_address("169.254.169.254");
  Decoder quick_{DecodeConfig{.wanted_addresses = {wanted_}}};
  Decoder plain_;
  std::set<std::vector<std::string>> known_;
};

}  // namespace
}  // namespace imdswatch::fuzz

/// What is taken by its looks, by a decoder that has read the corpus and all earlier inputs, is what reading it in full tells.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static imdswatch::fuzz::Glances glances;
  glances.take({reinterpret_cast<const char*>(data), size});
  return 0;
}
