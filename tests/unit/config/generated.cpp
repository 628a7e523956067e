#include "generated.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include "imdswatch/config/schema.hpp"

namespace imdswatch::test {
namespace {

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

const std::string from_outside = R"({ "type": "string", "pattern": "\\$\\{(env|file):" })";

std::string either(const std::string& schema) { return "\"anyOf\": [{ " + schema + " }, " + from_outside + "]"; }

std::string names(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto word : words) out += (out.empty() ? "" : ", ") + json_text(word);
  return "[" + out + "]";
}

std::string range(const KeySpec& key) {
  return ", \"minimum\": " + show(key, key.min) + ", \"maximum\": " + show(key, key.max);
}

std::string list_of(const std::string& item) {
  return R"("type": "array", "uniqueItems": true, "items": { )" + either(item) + " }";
}

std::string type_schema(const KeySpec& key) {
  switch (key.type) {
    case KeyType::text: return R"("type": "string", "minLength": 1)";
    case KeyType::field:
    case KeyType::label:
    case KeyType::topic: return R"("type": "string")";
    case KeyType::boolean: return either(R"("type": "boolean")");
    case KeyType::integer: return either(R"("type": "integer")" + range(key));
    case KeyType::number: return either((key.optional ? R"("type": ["number", "null"])" : R"("type": "number")") + range(key));
    case KeyType::duration: return either(R"("type": ["string", "integer"], "pattern": "^(0|([0-9]+(ms|s|m|h|d))+)$", "maximum": 0)");
    case KeyType::size: return either(R"("type": "string", "pattern": "^[0-9]+(B|KiB|MiB|GiB)$")");
    case KeyType::choice: return either("\"enum\": " + names(key.choices));
    case KeyType::texts:
    case KeyType::topics:
    case KeyType::addresses: return list_of(R"("type": "string", "minLength": 1)");
    case KeyType::ports: return list_of(R"("type": "integer", "minimum": 1, "maximum": 65535)");
    case KeyType::choices: return list_of("\"enum\": " + names(key.choices));
    case KeyType::properties: {
      std::string owned;
      for (const auto& property : owned_properties()) owned += (owned.empty() ? "" : ", ") + json_text(property.name);
      return R"("type": ["object", "null"], "additionalProperties": { "type": ["string", "number", "boolean"] }, "propertyNames": { "not": { "enum": [)" +
             owned + "] } }";
    }
    case KeyType::mapping: {
      std::string fields;
      for (const auto name : custom_fields()) fields += (fields.empty() ? "" : ", ") + json_text(name) + R"(: { "$ref": "#/$defs/pointers" })";
      return R"("type": ["object", "null"], "additionalProperties": false, "properties": { )" + fields + " }";
    }
    case KeyType::conditions:
      return R"("type": ["object", "null"], "propertyNames": { "pattern": "^/" }, "additionalProperties": { "$ref": "#/$defs/values" })";
    case KeyType::time_format: return either(R"("type": "string", "pattern": "^(auto|unix_s|unix_ms|unix_us|unix_ns|filetime|.*%.*)$")");
    case KeyType::formats: {
      std::vector<std::string_view> all;
      for (std::uint8_t i = 1; i <= static_cast<std::uint8_t>(Format::custom); ++i) all.push_back(to_string(static_cast<Format>(i)));
      all.insert(all.begin(), "auto");
      const std::string one = "\"enum\": " + names(all);
      return "\"anyOf\": [{ " + one + R"( }, { "type": "object", "additionalProperties": { )" + either(one) + " } }, " + from_outside + "]";
    }
    case KeyType::exceptions: return R"("type": ["array", "null"], "items": { "$ref": "#/$defs/exception" })";
  }
  return "";
}

std::string described(const KeySpec& key) {
  const Config fresh;
  std::string help(key.help);
  if (key.type != KeyType::exceptions && key.type != KeyType::properties) help += " Default: " + show(key, key.get(fresh));
  return "\"description\": " + json_text(help) + ", " + type_schema(key);
}

/// Keys below `prefix`, as the members of an object.
std::string section(const std::string& prefix, const std::string& indent) {
  std::string out;
  std::set<std::string> done;
  for (const KeySpec& key : config_keys()) {
    if (!key.path.starts_with(prefix)) continue;
    const std::string rest(key.path.substr(prefix.size()));
    const std::string word = rest.substr(0, rest.find('.'));
    if (!done.insert(word).second) continue;
    if (!out.empty()) out += ",\n";
    out += indent + json_text(word) + ": { ";
    if (rest == word) {
      out += described(key) + " }";
    } else {
      out += "\"type\": [\"object\", \"null\"], \"additionalProperties\": false, \"properties\": {\n" +
             section(prefix + word + ".", indent + "  ") + "\n" + indent + "} }";
    }
  }
  return out;
}

std::string exception_schema() {
  std::string fields;
  for (const std::string& field : exception_fields()) {
    fields += (fields.empty() ? "        " : ",\n        ") + json_text(field) + R"(: { "$ref": "#/$defs/match" })";
  }
  return R"(    "pointers": { "anyOf": [
      { "type": "string", "pattern": "^/|\\$\\{(env|file):" },
      { "type": "array", "minItems": 1, "items": { "type": "string", "pattern": "^/|\\$\\{(env|file):" } }
    ] },
    "values": { "anyOf": [
      { "type": ["string", "number", "boolean"] },
      { "type": "array", "minItems": 1, "items": { "type": ["string", "number", "boolean"] } }
    ] },
    "match": { "anyOf": [
      { "type": ["string", "number", "boolean"] },
      { "type": "array", "minItems": 1, "items": { "type": ["string", "number", "boolean"] } },
      { "type": "object", "additionalProperties": false, "required": ["exists"], "properties": { "exists": { "type": "boolean" } } }
    ] },
    "fields": { "type": "object", "additionalProperties": false, "properties": {
)" + fields + R"(
    } },
    "exception": { "type": "object", "additionalProperties": false, "required": ["name", "when"], "properties": {
      "name": { "type": "string", "minLength": 1, "maxLength": 128 },
      "when": { "$ref": "#/$defs/fields", "minProperties": 1 },
      "not": { "$ref": "#/$defs/fields" },
      "expires": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$" },
      "comment": { "type": "string" }
    } }
)";
}

/// How a person writes the type: "duration, 1m to 24h", "one of interval, continuous".
std::string written(const KeySpec& key) {
  std::string out(to_string(key.type));
  for (std::size_t i = 0; i < key.choices.size(); ++i) out += (i == 0 ? " " : ", ") + std::string(key.choices[i]);
  if (!std::holds_alternative<std::monostate>(key.min)) out += ", " + show(key, key.min) + " to " + show(key, key.max);
  return out;
}

}  // namespace

std::string json_schema() {
  return "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"imdswatch configuration\",\n"
         "  \"type\": [\"object\", \"null\"],\n  \"additionalProperties\": false,\n  \"properties\": {\n" +
         section("", "    ") + "\n  },\n  \"$defs\": {\n" + exception_schema() + "  }\n}\n";
}

std::string reference_tables() {
  const Config fresh;
  std::string out = "| key | what it is | default | what it does |\n| --- | --- | --- | --- |\n";
  for (const KeySpec& key : config_keys()) {
    const std::string value = key.path == "exceptions" ? "none" : "`" + show(key, key.get(fresh)) + "`";
    out += "| `" + std::string(key.path) + "` | " + written(key) + " | " + value + " | " + std::string(key.help) + " |\n";
  }
  out += "\n**Properties that imdswatch sets itself**\n\n| property | why, or what to use instead |\n| --- | --- |\n";
  for (const OwnedProperty& owned : owned_properties()) {
    out += "| `" + std::string(owned.name) + "` | " + std::string(owned.instead) + " |\n";
  }
  out += "\n**Fields of `custom.fields`**\n\n";
  for (const std::string_view field : custom_fields()) out += (field == custom_fields().front() ? "`" : ", `") + std::string(field) + "`";
  out += "\n";
  out += "\n**Fields of an exception**\n\n| field | hangs on evidence |\n| --- | --- |\n";
  for (const std::string& field : exception_fields()) {
    out += "| `" + field + "` | " + (needs_evidence({field, {}, {}}) ? "yes" : "") + " |\n";
  }
  return out;
}

std::filesystem::path repository() {
  return IMDSWATCH_SOURCE_DIR;
}

std::string read_all(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace imdswatch::test
