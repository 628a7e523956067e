#pragma once

namespace imdswatch {

/// The whole program: arguments in, exit code out (docs/operations.md).
int run_cli(int argc, char** argv);

}  // namespace imdswatch
