#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "imdswatch/base/check.hpp"
#include "imdswatch/state/window_rows.hpp"

/// First byte: the key's length, and in its highest bit whether the rest is sealed here, so that the checksum holds and the fuzzer
/// reaches the payload. What decodes must encode and decode to the same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string text(size - 1, '\0');
  for (std::size_t i = 1; i < size; ++i) text[i - 1] = static_cast<char>(data[i]);
  const std::size_t key_size = std::min<std::size_t>(data[0] & 0x7fU, text.size());
  imdswatch::StateRow row{text.substr(0, key_size), text.substr(key_size)};
  if ((data[0] & 0x80U) != 0) row.value = imdswatch::seal(row.key, imdswatch::window_row_version, *row.value);
  if (row.value->empty()) row.value.reset();

  const auto read = imdswatch::decode_window_row(row);
  if (!read) return 0;
  const imdswatch::StateRow written = imdswatch::encode(*read);
  const auto again = imdswatch::decode_window_row(written);
  IMDS_CHECK(again.ok());
  IMDS_CHECK(imdswatch::encode(*again) == written);  // by bytes: a NaN is not equal to itself
  return 0;
}
