#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "imdswatch/base/check.hpp"
#include "imdswatch/model/model.hpp"
#include "imdswatch/state/model_rows.hpp"

/// A byte with the key's length, the key, then the payload, which is sealed here: the checksum would keep the fuzzer out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace imdswatch;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.empty()) return 0;
  StateRow row;
  row.key = std::string(input.substr(1, static_cast<std::uint8_t>(input[0])));
  const std::string_view payload = input.substr(1 + row.key.size());
  row.value = std::string(payload);
  static_cast<void>(decode_model_row(row));
  row.value = seal(row.key, 1, payload);
  const auto decoded = decode_model_row(row);
  if (!decoded) return 0;
  const StateRow encoded = encode(*decoded);
  const auto again = decode_model_row(encoded);
  IMDS_CHECK(again && *again == *decoded);
  Model model{ModelPolicy{}};
  model.apply(*decoded);
  std::vector<ModelRow> rows;
  model.rows(rows);
  static_cast<void>(model.counts(HostId{"a"}, {}, Signature{.name = "a.exe", .folder = "c:\\", .user = {}, .signer = {}}, event_time_us(0)));
  return 0;
}
