#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace imdswatch {

/// Microseconds since 1970 of "YYYY-MM-DDTHH:MM:SS[.fraction]Z", as to_iso8601 writes it; up to six digits of fraction.
std::optional<std::int64_t> parse_iso8601_us(std::string_view text);

}  // namespace imdswatch
