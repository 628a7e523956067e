#include "imdswatch/config/config.hpp"

#include <cstdio>
#include <sstream>

#include <yaml-cpp/eventhandler.h>

#include "imdswatch/base/hash.hpp"
#include "reader.hpp"

namespace imdswatch {
namespace {

using config_detail::Problems;
using config_detail::Reader;

constexpr std::size_t max_config_bytes = 1u << 20;

Error broken_yaml(const std::string& name, const YAML::Exception& error) {
  Problems problems;
  std::string what = error.msg;
  // yaml-cpp repeats the word after * here, which may be the head of a password.
  if (what.find("anchor") != std::string::npos) what = "an unquoted value begins with * or &; put it in single quotes";
  problems.add(error.mark.is_null() ? config_detail::Place{} : config_detail::place_of(error.mark), "not valid YAML: " + what);
  return problems.to_error(name);
}

/// Listens to the parser only for where documents begin.
struct DocumentStarts : YAML::EventHandler {
  std::vector<config_detail::Place> starts;
  void OnDocumentStart(const YAML::Mark& mark) override { starts.push_back(config_detail::place_of(mark)); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

/// Not LoadAll: on some malformed texts yaml-cpp 0.7 finds documents without end (fuzz corpus, endless_documents.yaml).
std::optional<config_detail::Place> second_document(const std::string& text) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  DocumentStarts documents;
  if (parser.HandleNextDocument(documents)) parser.HandleNextDocument(documents);
  if (documents.starts.size() < 2) return std::nullopt;
  return documents.starts[1];
}

/// Fields are written with their length before them, so that no two exceptions read the same.
std::string canonical(const Exception& exception) {
  std::string out;
  const auto add = [&out](std::string_view text) { out += std::to_string(text.size()) + ":" + std::string(text); };
  const auto add_conditions = [&](const std::vector<Condition>& conditions) {
    out += std::to_string(conditions.size()) + ";";
    for (const Condition& condition : conditions) {
      add(condition.field);
      out += condition.exists ? (*condition.exists ? "+" : "-") : "=";
      out += std::to_string(condition.patterns.size()) + ";";
      for (const std::string& pattern : condition.patterns) add(pattern);
    }
  };
  add(exception.name);
  add_conditions(exception.when);
  add_conditions(exception.unless);
  add(exception.expires ? to_iso8601(*exception.expires) : "");
  return out;
}

/// Keys that the first release did not have count only where they are used: who does not use them keeps the version.
bool came_later_unused(const Config& config, const KeySpec& key, const KeyValue& value) {
  if (const auto* entries = std::get_if<CustomMapping::Entries>(&value)) return entries->empty();
  return key.type == KeyType::time_format && config.sieve.decode.custom.empty();
}

std::string version_of(const Config& config) {
  std::string text;
  for (const KeySpec& key : config_keys()) {
    if (!key.detection) continue;
    const KeyValue value = key.get(config);
    if (came_later_unused(config, key, value)) continue;
    text += std::string(key.path) + "=";
    if (const auto* exceptions = std::get_if<std::vector<Exception>>(&value)) {
      for (const Exception& exception : *exceptions) text += canonical(exception);
    } else {
      text += show(key, value);
    }
    text += '\n';
  }
  char out[17];
  std::snprintf(out, sizeof out, "%016llx", static_cast<unsigned long long>(stable_hash64(text)));
  return std::string(out, 12);
}

void stamp(Config& config) {
  config.config_version = version_of(config);
  config.detector.alert.config_version = config.config_version;
  config.detector.triage.lookback = config.detector.schedule.lookback;
}

}  // namespace

Config::Config() {
  sieve.addresses.resize(1);
  sieve.addresses[0].bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 169, 254, 169, 254};
  sieve.exclude_ports = {53, 123};
  stamp(*this);
}

Result<Config> parse_config(std::string_view text, const std::string& name, const ConfigSources& sources) {
  if (text.size() > max_config_bytes) return Error{Errc::config_invalid, name + ": larger than 1 MiB; is this the right file?"};
  try {
    Reader reader(name, sources);
    if (const auto second = second_document(std::string(text))) {
      reader.problems.add(*second, "a second YAML document begins here; put everything into one, without ---");
    }
    reader.read(YAML::Load(std::string(text)));
    config_detail::check_combinations(reader.config, reader.places, reader.problems);
    if (!reader.problems.empty()) return reader.problems.to_error(name);
    stamp(reader.config);
    return std::move(reader.config);
  } catch (const YAML::Exception& error) {  // goes no further
    return broken_yaml(name, error);
  }
}

Result<Config> load_config(const std::filesystem::path& path, const ConfigSources& sources) {
  const auto text = config_detail::read_text_file(path, max_config_bytes);
  if (!text) return Error{Errc::input_unreadable, path.string() + ": " + text.error().message};
  return parse_config(*text, path.string(), sources);
}

Result<void> check_runnable(const Config& config) {
  if (config.roles.sieve && config.kafka.raw_topics.empty()) {
    return Error{Errc::config_invalid, "kafka.raw_topics: is empty; write the topics that carry your endpoint events, such as [endpoint-events]"};
  }
  return {};
}

}  // namespace imdswatch
