#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "imdswatch/base/ids.hpp"
#include "imdswatch/decode/event.hpp"

namespace imdswatch {

/// What a process is known by, as hashes: 64 bits for a key, 0 where unknown. Only evidence hangs on them.
struct ProcessKey {
  std::uint64_t entity = 0;  ///< host and entity id
  std::uint64_t pid = 0;     ///< host and pid
  std::uint32_t name = 0;    ///< normalised name
  Format format = Format::unknown;
};

ProcessKey process_key(const HostId& host, const ProcessFields& process, Format format);

/// Whether nothing speaks against both being the same process, given that the pids are equal.
bool may_be_same(const ProcessKey& a, const ProcessKey& b);

}  // namespace imdswatch
