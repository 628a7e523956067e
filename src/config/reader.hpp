#pragma once

#include <map>
#include <set>
#include <string>

#include <yaml-cpp/yaml.h>

#include "imdswatch/config/schema.hpp"
#include "problems.hpp"
#include "substitute.hpp"

namespace imdswatch::config_detail {

/// Walks the YAML tree along the table of keys and fills a Config. Goes on after an error, so that all are found.
class Reader {
 public:
  Reader(std::string name, ConfigSources sources);

  void read(const YAML::Node& root);

  Config config;
  Problems problems;
  /// Where the value of each key stands that the file has (full path), for the checks between keys.
  std::map<std::string, Place> places;

 private:
  struct Scalar {
    std::string text, written;  ///< after and before ${…}
    Place place;
  };
  void section(const YAML::Node& node, const std::string& path);
  void leaf(const YAML::Node& node, const KeySpec& key);
  void unknown_key(const std::string& path, const std::string& word, Place place);
  std::optional<KeyValue> one(const YAML::Node& node, const KeySpec& key, const std::string& where);
  std::optional<KeyValue> list(const YAML::Node& node, const KeySpec& key);
  std::optional<KeyValue> properties(const YAML::Node& node, const std::string& path);
  void property(const std::string& name, Place place, const std::string& where);
  /// A value that must be a scalar, with its references resolved; none after an error.
  std::optional<Scalar> scalar(const YAML::Node& node, const std::string& path, const std::string& expected);
  /// Each key with its value; what is no text or stands twice is an error and left out.
  std::vector<std::pair<YAML::Node, YAML::Node>> entries(const YAML::Node& node, const std::string& path);

  // exceptions (read_exceptions.cpp)
  std::vector<Exception> exceptions(const YAML::Node& node);
  std::optional<Exception> exception(const YAML::Node& node, const std::string& path);
  std::vector<Condition> conditions(const YAML::Node& node, const std::string& path);
  std::optional<Condition> condition(const YAML::Node& node, const std::string& field, const std::string& path);
  std::optional<std::string> pattern(const YAML::Node& node, const std::string& path);

  // custom and formats (read_custom.cpp)
  std::optional<KeyValue> entries_of_custom(const YAML::Node& node, const KeySpec& key);
  CustomMapping::Entry entry_of_custom(const YAML::Node& key, const YAML::Node& value, const KeySpec& spec);
  std::optional<std::string> value_of_custom(const YAML::Node& node, const std::string& where, bool is_pointer);
  std::optional<KeyValue> formats(const YAML::Node& node, const KeySpec& key);
  std::optional<std::string> format(const YAML::Node& node, const std::string& where);

  ConfigSources sources_;
  std::filesystem::path folder_;
};

inline Place place_of(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }
inline Place place_of(const YAML::Node& node) { return place_of(node.Mark()); }

/// What can only be judged of the whole: impossible combinations (checks.cpp).
void check_combinations(const Config& config, const std::map<std::string, Place>& places, Problems& problems);

}  // namespace imdswatch::config_detail
