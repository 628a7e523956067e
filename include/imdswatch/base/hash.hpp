#pragma once

#include <cstdint>
#include <string_view>

namespace imdswatch {

/// XXH64, seed 0: the same on every machine and version; shard placement and row checksums rest on it.
std::uint64_t stable_hash64(std::string_view bytes);

/// XXH3: quicker, for what is looked up in this process's memory; nothing that is written rests on it.
std::uint64_t quick_hash64(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace imdswatch
