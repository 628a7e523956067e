#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace imdswatch {

/// A metric as docs/operations.md, the alerting rules and the dashboard know it.
struct MetricDef {
  enum class Kind : std::uint8_t { counter, gauge, histogram };
  std::string_view name;
  Kind kind;
  std::string_view labels;  ///< "format, account, reason"; empty: none
  std::string_view help;
};

/// Every metric of the program, in the order of the documents.
std::span<const MetricDef> metric_table();

}  // namespace imdswatch
