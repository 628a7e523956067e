#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "imdswatch/config/config.hpp"

namespace imdswatch {

/// How a value is written. What the parser, the editor's JSON Schema and the reference in docs/configuration.md know of a key.
enum class KeyType : std::uint8_t {
  text, field, label, topic, boolean, integer, number, duration, size, choice,
  texts, topics, addresses, ports, choices,
  properties, exceptions,
  mapping, conditions, time_format, formats,
};
std::string_view to_string(KeyType type);

/// A key's value between YAML and Config: none, or one of what the types come down to. Durations are microseconds.
using KeyValue = std::variant<std::monostate, bool, std::int64_t, double, std::chrono::microseconds, std::string,
                              std::vector<std::string>, std::vector<std::int64_t>, std::map<std::string, std::string>,
                              std::vector<Exception>, CustomMapping::Entries>;

/// One key of the file. The default is what `get` says of a fresh Config, so that it can't be out of step.
struct KeySpec {
  std::string_view path;                     ///< "schedule.every"
  KeyType type;
  KeyValue (*get)(const Config&);
  void (*set)(Config&, const KeyValue&);     ///< called only with what passed the type and the limits
  std::string_view help;                     ///< one sentence or two, for a person
  bool detection = false;                    ///< whether it counts for config_version
  KeyValue min{}, max{};                     ///< both included; of numbers, durations and sizes
  std::vector<std::string_view> choices{};
  bool optional = false;                     ///< there may be no value; shown as `null`
  std::chrono::microseconds step{1};         ///< durations: a whole multiple of it
};

/// Every key, in the order in which the example and the reference list them.
const std::vector<KeySpec>& config_keys();

/// A property of librdkafka that the file may not set, and what to do instead.
struct OwnedProperty {
  std::string_view name, instead;
};
const std::vector<OwnedProperty>& owned_properties();

/// As it would be written in YAML: "15m", "64MiB", "[53, 123]", "\"\"", "null".
std::string show(const KeySpec& key, const KeyValue& value);
std::string show_duration(std::chrono::microseconds value);
std::string show_size(std::int64_t bytes);

}  // namespace imdswatch
