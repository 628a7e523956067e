#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "imdswatch/alert/alert.hpp"

/// The sections of a document. Keys keep the order in which they are set; what is not known is left out.
namespace imdswatch::ecs {

using Json = nlohmann::ordered_json;

/// How much of long texts and lists goes into a document.
struct Detail {
  std::size_t command_line, listed_command_line, text, hosts, examples, processes, entries;
};

/// Builds on an object: empty texts, empty lists and empty objects are left out.
class Object {
 public:
  Object& text(const char* key, std::string_view value, std::size_t max_bytes = static_cast<std::size_t>(-1));
  Object& put(const char* key, Json value);
  template <class T>
  Object& maybe(const char* key, const std::optional<T>& value) {
    return value ? put(key, Json(*value)) : *this;
  }
  [[nodiscard]] Json take() { return std::move(json_); }

 private:
  Json json_ = Json::object();
};

double rounded(double value);  ///< to 6 decimals

// ecs_rule.cpp
Json rule(const AlertPolicy& policy);
Json tags(const AlertOrder& order);
Json threat();
/// As `kibana.alert.rule.threat` has it: a list of tactics, each with its techniques.
Json threat_list();
void add_kibana(Json& document, const AlertOrder& order, const AlertPolicy& policy, const std::string& id, const std::string& sentence);

// ecs_evidence.cpp
Json host(const Finding& finding, const Detail& detail);
Json agent(const HostAttributes& attributes, const Detail& detail);
Json cloud(const HostAttributes& attributes, const Detail& detail);
Json process(const Finding& finding, const Evidence& evidence, const Detail& detail, std::size_t command_line);
Json user(const Evidence& evidence, const Detail& detail);
Json destination(const ProcessSeen& process);
Json network(const ProcessSeen& process);
Json related(const AlertOrder& order, const Detail& detail);
Json processes(const Finding& finding, const Detail& detail);
Json sources(const Sighting& sighting, const Detail& detail);

// ecs_imdswatch.cpp
Json signature(const Signature& signature, const Detail& detail);
Json imdswatch(const AlertOrder& order, const AlertPolicy& policy, Shard shard, bool learning, const Detail& detail);

}  // namespace imdswatch::ecs
