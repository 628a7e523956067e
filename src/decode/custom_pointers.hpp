#pragma once

#include <string>
#include <string_view>

namespace imdswatch {

/// The path of a JSON Pointer that has passed pointer_problem, as PathTree has it: "/a/b~1c" is "a.b/c". An index 0 at its end or on its
/// way is left out, since a list's first object, and its plain values, stand where the list does.
std::string path_of_pointer(std::string_view pointer);

}  // namespace imdswatch
