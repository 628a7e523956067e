#include <cstddef>
#include <cstdint>
#include <string>

#include "imdswatch/base/check.hpp"
#include "imdswatch/state/triage_rows.hpp"

/// Input: one byte of key length, the key, the row's payload (sealed here, so that the fuzzer gets past the checksum). Whatever
/// decodes must come back the same from its own encoding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace imdswatch;
  const std::string input(reinterpret_cast<const char*>(data), size);
  static_cast<void>(decode_triage_row({input, input}));
  if (size == 0) return 0;
  const std::string key = input.substr(1, data[0]);
  const std::string payload = input.size() > 1 + key.size() ? input.substr(1 + key.size()) : std::string();
  for (const StateRow& row : {StateRow{key, seal(key, 1, payload)}, StateRow{key, std::nullopt}}) {
    const auto decoded = decode_triage_row(row);
    if (!decoded) continue;
    const StateRow again = encode(*decoded);
    const auto back = decode_triage_row(again);
    IMDS_CHECK(back.ok() && *back == *decoded);
  }
  return 0;
}
