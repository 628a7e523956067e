#pragma once

namespace imdswatch {

/// Prints the broken invariant to standard error and aborts.
[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace imdswatch

/// A programmer's error stops here, in every build. Usable within an expression.
#define IMDS_CHECK(expression) \
  (static_cast<bool>(expression) ? static_cast<void>(0) : ::imdswatch::check_failed(#expression, __FILE__, __LINE__))
