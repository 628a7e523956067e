#pragma once

#include "imdswatch/base/result.hpp"
#include "imdswatch/model/rows.hpp"
#include "imdswatch/state/row.hpp"

namespace imdswatch {

/// Rows of the model on the state topic (docs/formats/state.md). The key's second byte names the table: `h` host, `n` name on a
/// host, `f` name in the fleet, `v` value of a name's part in the fleet, `p` name among peers, `l` learning.
StateRow encode(const ModelRow& row);
/// The same for many, one after the other.
StateRow encode(const ModelRow& row, RowWriter& to);
/// Errc::record_malformed for anything that `encode` did not write, Errc::format_too_new for a newer version's rows.
Result<ModelRow> decode_model_row(const StateRow& row);

}  // namespace imdswatch
