#include "library_versions.hpp"

#include <CLI/Version.hpp>
#include <nlohmann/json.hpp>
#include <zlib.h>
#include <zstd.h>

#include "imdswatch/kafka/settings.hpp"
#include "imdswatch/version.hpp"

namespace imdswatch {

std::string program_version() {
  std::string out(project_version);
  if (!project_commit.empty()) out.append(" (").append(project_commit).append(")");
  return out;
}

std::map<std::string, std::string> library_versions() {
  const auto number = [](int value) { return std::to_string(value); };
  std::map<std::string, std::string> out{
      {"librdkafka", kafka::library_version()},
      {"simdjson", std::string(simdjson_found)},
      {"yaml-cpp", std::string(yaml_cpp_found)},
      {"prometheus-cpp", std::string(prometheus_cpp_found)},
      {"cpp-httplib", std::string(httplib_found)},
      {"libsystemd", std::string(libsystemd_found)},
      {"CLI11", CLI11_VERSION},
      {"zlib", zlibVersion()},
      {"zstd", ZSTD_versionString()},
      {"nlohmann-json", number(NLOHMANN_JSON_VERSION_MAJOR) + "." + number(NLOHMANN_JSON_VERSION_MINOR) + "." + number(NLOHMANN_JSON_VERSION_PATCH)},
  };
  std::erase_if(out, [](const auto& library) { return library.second.empty(); });
  return out;
}

}  // namespace imdswatch
