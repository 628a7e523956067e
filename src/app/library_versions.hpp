#pragma once

#include <map>
#include <string>

namespace imdswatch {

/// "0.1.0", with the commit where it was built from a checkout.
std::string program_version();
/// Name → version of the libraries that the program runs or was built with.
std::map<std::string, std::string> library_versions();

}  // namespace imdswatch
