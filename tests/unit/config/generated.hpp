#pragma once

#include <filesystem>
#include <string>

/// What stands in files beside the parser, made of the same table of keys.
namespace imdswatch::test {

std::string json_schema();           ///< config/imdswatch.schema.json
std::string reference_tables();      ///< in docs/configuration.md, between its two markers
std::filesystem::path repository();
std::string read_all(const std::filesystem::path& path);

}  // namespace imdswatch::test
