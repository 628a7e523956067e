#pragma once

#include "imdswatch/base/result.hpp"
#include "imdswatch/state/row.hpp"
#include "imdswatch/triage/rows.hpp"

namespace imdswatch {

/// Triage's rows <-> state rows of Table::triage (docs/formats/state.md). The second byte of the key names the row.
StateRow encode(const TriageRow& row);
/// The same for many, one after the other.
StateRow encode(const TriageRow& row, RowWriter& to);

/// Total: Errc::record_malformed or Errc::format_too_new, whatever the bytes. decode_triage_row(encode(x)) == x.
Result<TriageRow> decode_triage_row(const StateRow& row);

}  // namespace imdswatch
