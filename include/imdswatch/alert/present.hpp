#pragma once

#include <string>

#include "imdswatch/triage/order.hpp"

namespace imdswatch {

/// Alerts for a person at a terminal: plain text, no colour, lines of at most 100 columns, each ended by a newline.

/// Heads of the columns of `as_row`, with a rule below them.
std::string table_head();
/// One line: when, where, which process, score, why.
std::string as_row(const AlertOrder& order);
/// The alert in full: what ran, as whom, started by what, why it is unusual, what to do.
std::string as_text(const AlertOrder& order);

}  // namespace imdswatch
