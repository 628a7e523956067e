#include <cstdint>

#include "fuzz/read_to_the_end.hpp"

/// Any bytes end in at least one account, and every text that is told can be read to its end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace imdswatch;
  static Decoder decoder({.namespace_field = "cloud.account.id", .peer_field = "labels.role"});
  // The input is copied behind the library's own padding, so reading beyond it shows under the address sanitizer.
  fuzz::read_to_the_end(decoder.decode({reinterpret_cast<const char*>(data), size}));
  return 0;
}
