#include <cstdint>
#include <cstdio>
#include <string>

#include "fuzz/read_to_the_end.hpp"
#include "support/decode_dump.hpp"

/// Built once for each shipper, whose format's name is IMDSWATCH_FUZZ_FORMAT: tests/CMakeLists.txt.

namespace imdswatch::fuzz {
namespace {

Format format_of(const Decoded& decoded) {
  return std::visit([](const auto& one) { return one.format; }, decoded);
}

/// A topic that is fixed to the shipper's format: what is of this format is told as where the format is told event by event, what is of
/// another is ignored as such, and what is of none, since it could not be read at all, is rejected alike.
class FixedTopic {
 public:
  void take(std::string_view message) {
    const auto told = free_.decode(message);
    read_to_the_end(told);
    const auto fixed = fixed_.decode(message, format_);
    read_to_the_end(fixed);
    IMDS_CHECK(told.size() == fixed.size());
    for (std::size_t i = 0; i < told.size(); ++i) compare(told[i], fixed[i]);
  }

 private:
  void compare(const Decoded& told, const Decoded& fixed) const {
    const bool unread = std::holds_alternative<Rejected>(told) && format_of(told) == Format::unknown;
    if (format_of(told) == format_ || unread) {
      const std::string expected = testing::dump(told), found = testing::dump(fixed);
      if (expected != found) std::fprintf(stderr, "fixed to its format:\n%s\nelse:\n%s\n", found.c_str(), expected.c_str());
      IMDS_CHECK(expected == found);
      return;
    }
    const auto* const ignored = std::get_if<Ignored>(&fixed);
    IMDS_CHECK(ignored != nullptr && ignored->reason == IgnoreReason::other_format && ignored->format == format_of(told));
  }

  const Format format_ = format_named(IMDSWATCH_FUZZ_FORMAT).value();
  const DecodeConfig config_{.namespace_field = "cloud.account.id", .peer_field = "labels.role"};
  Decoder free_{config_}, fixed_{config_};
};

}  // namespace
}  // namespace imdswatch::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static imdswatch::fuzz::FixedTopic topic;
  topic.take({reinterpret_cast<const char*>(data), size});
  return 0;
}
