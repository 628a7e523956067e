#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "imdswatch/base/time.hpp"

namespace imdswatch {

/// A time in the form that the configuration names; times outside 1980–2200 are none.
class CustomTime {
 public:
  /// `format` has passed time_format_problem.
  explicit CustomTime(std::string format) : format_(std::move(format)) {}
  [[nodiscard]] std::optional<EventTime> parse(std::string_view text) const;

 private:
  std::string format_;
};

}  // namespace imdswatch
