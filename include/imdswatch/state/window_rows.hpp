#pragma once

#include "imdswatch/base/result.hpp"
#include "imdswatch/state/row.hpp"
#include "imdswatch/window/rows.hpp"

namespace imdswatch {

inline constexpr std::uint8_t window_row_version = 1;

/// Tables `sighting`, `mark`, `source` and `time` (docs/formats/state.md).
StateRow encode(const WindowRow& row);
/// The same for many, one after the other.
StateRow encode(const WindowRow& row, RowWriter& to);

/// Of a row whose key begins with one of these tables; any other is Errc::record_malformed. Total on any bytes.
/// decode_window_row(encode(row)) == row.
Result<WindowRow> decode_window_row(const StateRow& row);

}  // namespace imdswatch
