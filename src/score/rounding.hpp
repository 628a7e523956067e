#pragma once

#include <cmath>

namespace imdswatch {

/// Figures are rounded before they are compared, so that the last bits of a logarithm decide nothing.
inline double to_millionths(double figure) { return std::round(figure * 1e6) / 1e6 + 0.0; }  // no negative zero

}  // namespace imdswatch
