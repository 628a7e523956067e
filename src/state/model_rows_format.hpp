#pragma once

#include <cstdint>

namespace imdswatch {

inline constexpr std::uint8_t model_rows_version = 1;

/// The second byte of a model row's key.
enum class ModelTable : char { host = 'h', host_name = 'n', fleet_name = 'f', fleet_part = 'v', peer_name = 'p', learning = 'l' };

}  // namespace imdswatch
