#pragma once

#include "imdswatch/sieve/call.hpp"

namespace imdswatch {

/// Fills what `process` does not say with what `by` says of the same process.
void complete(ProcessDetails& process, const ProcessDetails& by);

/// Completes what a call tells of itself by what its process start told. What the call says stays as it is; the user and the
/// signer are taken as wholes, since halves of two sources would make a third.
void complete(Evidence& evidence, const Evidence& start);

}  // namespace imdswatch
