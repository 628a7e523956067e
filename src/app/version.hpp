#pragma once

#include <string>

namespace imdswatch {

/// Versions of the program, and of the libraries that it runs with.
std::string version_text();

}  // namespace imdswatch
