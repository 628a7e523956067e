#include "imdswatch/base/hash.hpp"

#include <xxhash.h>

namespace imdswatch {

std::uint64_t stable_hash64(std::string_view bytes) { return XXH64(bytes.data(), bytes.size(), 0); }

std::uint64_t quick_hash64(std::string_view bytes, std::uint64_t seed) { return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed); }

}  // namespace imdswatch
