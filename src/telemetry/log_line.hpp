#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "imdswatch/telemetry/telemetry.hpp"

namespace imdswatch::telemetry_detail {

/// One line for a person or a log store: what happened, to what, what to do.
struct LogLine {
  LogLevel level = LogLevel::info;
  std::string event;    ///< stable word for machines: "run_completed"
  std::string message;  ///< a sentence
  std::vector<std::pair<std::string, std::string>> fields;
  std::string repeats;  ///< lines with the same event and this text repeat each other; empty: never held back
};

/// The line of a fact; none if it only moves metrics.
std::optional<LogLine> describe(const Fact& what);

/// The line without time and level: `sentence key=value …`, or of `json` the members after them.
std::string render_text(const LogLine& line);
std::string render_json(const LogLine& line);

std::string_view to_word(CommitOutcome outcome);

}  // namespace imdswatch::telemetry_detail
