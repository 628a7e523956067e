#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "fleet/random.hpp"

namespace imdswatch::bench {

/// "2026-03-02T10:00:30.1234563Z" into `out`: `between` stands between date and time; 0, 3 or 7 fractional digits; then `end`.
void write_time(std::string& out, std::int64_t us, char between, int digits, const char* end);

/// So many random hexadecimal digits.
std::string hex(fleet::Random& random, std::size_t length);
/// 32 hexadecimal digits as a GUID without braces.
std::string with_dashes(const std::string& digits);
std::string hex_of(std::uint64_t value);

/// A process's GUID, as Sysmon forms them: the machine, a time, a number.
std::string guid_of(const std::string& host_id, std::uint64_t serial);
/// Like Elastic Defend's entity ids, which are Base64.
std::string entity_of(const std::string& host_id, std::uint64_t serial);

}  // namespace imdswatch::bench
