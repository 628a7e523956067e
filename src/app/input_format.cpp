#include "input_format.hpp"

namespace imdswatch {

std::vector<std::string> input_format_names() {
  std::vector<std::string> out{"auto"};
  for (std::size_t i = 1; i < format_count; ++i) out.emplace_back(to_string(static_cast<Format>(i)));
  return out;
}

Result<std::optional<Format>> format_of_inputs(const Config& config, const std::string& named) {
  if (named.empty()) return fixed_format(config.sieve.formats, "");
  const auto format = format_named(named);
  if (format == Format::custom && config.sieve.decode.custom.empty()) {
    return Error{Errc::config_invalid, "--format custom needs a mapping: give a configuration that has custom.fields with --config"};
  }
  return format;
}

}  // namespace imdswatch
