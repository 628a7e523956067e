#include <cstdint>
#include <vector>

#include "fuzz/read_to_the_end.hpp"

namespace imdswatch {
namespace {

CustomMapping mapping(const std::string& time_format) {
  CustomMapping out;
  for (const std::string_view name : custom_fields()) {  // under its own name, or in the first of a list
    const std::string path = "/" + std::string(name);
    out.fields.push_back({std::string(name), {path, "/list/0" + path}});
  }
  out.time_format = time_format;
  out.connection = {{"/type", {"net", "3"}}};
  out.process_start = {{"/type", {"exec", "1"}}};
  out.outgoing = {{"/out", {"true", "1"}}};
  return out;
}

std::vector<Decoder> decoders() {
  std::vector<Decoder> out;
  for (const auto* format : {"auto", "unix_s", "unix_ms", "unix_us", "unix_ns", "filetime", "%d/%m/%Y %H:%M:%S", "%b %d %Y %H:%M:%S.%f %z"})
    out.emplace_back(DecodeConfig{.namespace_field = "cloud.account.id", .custom = mapping(format)});
  return out;
}

}  // namespace
}  // namespace imdswatch

/// The first byte chooses a time format, the rest is a message. As many events are told whether the format is fixed or not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace imdswatch;
  static std::vector<Decoder> all = decoders();
  if (size == 0) return 0;
  Decoder& decoder = all[data[0] % all.size()];
  const std::string_view message(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto free = decoder.decode(message);
  const std::size_t events = free.size();
  fuzz::read_to_the_end(free);
  const auto fixed = decoder.decode(message, Format::custom);
  IMDS_CHECK(fixed.size() == events);
  fuzz::read_to_the_end(fixed);
  return 0;
}
