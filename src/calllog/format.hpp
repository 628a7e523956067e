#pragma once

#include <cstdint>
#include <string_view>

namespace imdswatch::calllog {

/// Grows when an older reader would misread a record, not when a member is added that it may leave out.
inline constexpr std::int64_t version = 1;

inline constexpr std::string_view type_call = "call";
inline constexpr std::string_view type_lineage = "lineage";
inline constexpr std::string_view type_progress = "progress";

/// Microseconds that to_iso8601 writes with a year of four digits from 1970 on; others are written as numbers.
inline constexpr std::int64_t first_text_us = 0;
inline constexpr std::int64_t last_text_us = 253'402'300'799'999'999;

}  // namespace imdswatch::calllog
