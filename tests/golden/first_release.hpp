#pragma once

#include <vector>

#include "imdswatch/calllog/record.hpp"
#include "imdswatch/model/rows.hpp"
#include "imdswatch/triage/rows.hpp"
#include "imdswatch/window/rows.hpp"

/// What the first release wrote into tests/golden/releases/1, as values. These are never edited: a member that is added later has its
/// default here, since an old file does not tell it.
namespace imdswatch::first_release {

/// In the order of the lines of state.txt. Every table, each with a tombstone where it can have one.
std::vector<ModelRow> model_rows();
std::vector<TriageRow> triage_rows();
std::vector<WindowRow> window_rows();

/// In the order of the lines of call-log.ndjson. Every type; with all members, and with the least.
std::vector<LogBody> call_log();

}  // namespace imdswatch::first_release
