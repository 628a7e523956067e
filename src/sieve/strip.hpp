#pragma once

#include <string>
#include <string_view>

namespace imdswatch {

/// One part of a path, folded, without what changes from one installation to the next: GUIDs, install times, dotted
/// versions, hexadecimal suffixes. May be empty then.
std::string strip_changing(std::string_view folded);

}  // namespace imdswatch
