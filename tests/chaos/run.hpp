#pragma once

#include "options.hpp"

namespace imdswatch::testing {

/// Prints its report; whether nothing was missing, double or extra. Throws std::exception if the run itself could not be done.
bool run_chaos(const ChaosOptions& options);

}  // namespace imdswatch::testing
