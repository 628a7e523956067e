#include "sample_events.hpp"

#include "imdswatch/base/check.hpp"

namespace imdswatch::testing {

std::string with(std::string_view text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  IMDS_CHECK(at != std::string_view::npos && text.find(from, at + 1) == std::string_view::npos);
  std::string out(text.substr(0, at));
  out += to;
  out += text.substr(at + from.size());
  return out;
}

}  // namespace imdswatch::testing
