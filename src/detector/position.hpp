#pragma once

#include <optional>

#include "imdswatch/base/ids.hpp"
#include "imdswatch/state/row.hpp"

namespace imdswatch {

/// The shard's place in the call log as a state row, so that it is committed with what it led to.
StateRow encode_position(Offset next);
Result<std::optional<Offset>> decode_position(const StateRow& row);

}  // namespace imdswatch
