#pragma once

#include <string>

#include "imdswatch/base/result.hpp"

namespace imdswatch {

struct DemoOptions {
  std::string events_directory;  ///< empty: show the demo; else only write the events there
};

/// `imdswatch demo`: the real pipeline over an in-memory log and a built-in fleet, told as a person wants to read it.
Result<void> run_demo(const DemoOptions& options);

}  // namespace imdswatch
