#pragma once

#include <cstdint>
#include <string_view>

namespace imdswatch {

/// XXH64, seed 0: the same on every machine and version; shard placement and row checksums rest on it.
std::uint64_t stable_hash64(std::string_view bytes);

}  // namespace imdswatch
