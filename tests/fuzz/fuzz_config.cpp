#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "imdswatch/config/config.hpp"

/// Any bytes are a configuration or an error with a message; nothing else, and no file or variable is read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace imdswatch;
  ConfigSources sources;
  sources.env = [](const std::string& name) { return name == "A" ? std::optional<std::string>{"15m"} : std::nullopt; };
  sources.file = [](const std::filesystem::path&) -> Result<std::string> { return Error{Errc::input_unreadable, "no files here"}; };
  const auto config = parse_config({reinterpret_cast<const char*>(data), size}, "fuzz.yaml", sources);
  if (config.ok()) {
    if (check_report(*config, EventTime{}).empty()) std::abort();
  } else if (config.error().message.empty()) {
    std::abort();
  }
  return 0;
}
