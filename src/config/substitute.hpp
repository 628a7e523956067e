#pragma once

#include <string>
#include <string_view>

#include "imdswatch/config/config.hpp"

namespace imdswatch::config_detail {

struct Substituted {
  std::string text;
  bool changed = false;  ///< something came from outside: the text is not to be shown
};

/// Replaces ${env:NAME} and ${file:PATH}; a path may hold ${env:…}. `$${` stands for `${`. What comes in is not looked at again.
/// An error's message names the reference as it is written, never what it led to.
Result<Substituted> substitute(std::string_view text, const ConfigSources& sources, const std::filesystem::path& folder);

/// The same sources with the process's environment and files where they are empty.
ConfigSources with_defaults(ConfigSources sources);

/// A file's bytes, at most `max_bytes` of them.
Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t max_bytes);

}  // namespace imdswatch::config_detail
