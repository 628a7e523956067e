#pragma once

#include <span>
#include <string>

#include "imdswatch/decode/event.hpp"

namespace imdswatch::testing {

/// What the decoder made of a message, for golden files and comparisons: a line "field = value" for everything that is told,
/// an empty line between events. Control characters are written as \xNN.
std::string dump(const Decoded& decoded);
std::string dump(std::span<const Decoded> decoded);

}  // namespace imdswatch::testing
