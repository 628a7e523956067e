#include <cstddef>
#include <cstdint>
#include <string_view>

#include "imdswatch/base/check.hpp"
#include "imdswatch/base/limits.hpp"
#include "imdswatch/calllog/record.hpp"

/// Any bytes are read or refused; what was read is written within the limit and read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace imdswatch;
  const auto read = decode_log_body({reinterpret_cast<const char*>(data), size});
  if (!read) return 0;
  const std::string text = encode(*read);
  if (text.size() > limits::max_call_log_record_bytes) {
    IMDS_CHECK(std::holds_alternative<Progress>(*read));
    return 0;
  }
  const auto again = decode_log_body(text);
  IMDS_CHECK(again.ok());
  if (size < limits::max_field_bytes) IMDS_CHECK(*again == *read);  // nothing was long enough to be cut
  return 0;
}
