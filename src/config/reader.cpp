#include "reader.hpp"

#include "value.hpp"

namespace imdswatch::config_detail {
namespace {

std::string join(const std::string& path, const std::string& word) { return path.empty() ? word : path + "." + word; }

const KeySpec* find_key(const std::string& path) {
  for (const KeySpec& key : config_keys()) {
    if (key.path == path) return &key;
  }
  return nullptr;
}

bool is_section(const std::string& path) {
  return std::ranges::any_of(config_keys(), [&](const KeySpec& key) { return key.path.starts_with(path + "."); });
}

/// The words that may stand directly below a section.
std::vector<std::string_view> words_below(const std::string& path) {
  std::vector<std::string_view> out;
  const std::string prefix = path.empty() ? "" : path + ".";
  for (const KeySpec& key : config_keys()) {
    if (!key.path.starts_with(prefix)) continue;
    const std::string_view rest = key.path.substr(prefix.size());
    const std::string_view word = rest.substr(0, rest.find('.'));
    if (std::ranges::find(out, word) == out.end()) out.push_back(word);
  }
  return out;
}

std::string kind_of(const YAML::Node& node) {
  if (node.IsMap()) return "a map";
  if (node.IsSequence()) return "a list";
  return node.IsNull() ? "nothing" : "a single value";
}

bool is_list(KeyType type) {
  return type == KeyType::texts || type == KeyType::topics || type == KeyType::addresses || type == KeyType::ports ||
         type == KeyType::choices;
}

}  // namespace

Reader::Reader(std::string name, ConfigSources sources)
    : sources_(with_defaults(std::move(sources))), folder_(std::filesystem::path(std::move(name)).parent_path()) {}

void Reader::read(const YAML::Node& root) { section(root, ""); }

std::vector<std::pair<YAML::Node, YAML::Node>> Reader::entries(const YAML::Node& node, const std::string& path) {
  std::vector<std::pair<YAML::Node, YAML::Node>> out;
  std::map<std::string, Place> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) {
      problems.add(place_of(entry.first), (path.empty() ? "" : path + ": ") + "a key must be a plain word, not " + kind_of(entry.first));
      continue;
    }
    const std::string& word = entry.first.Scalar();
    const Place place = place_of(entry.first);
    if (const auto [first, added] = seen.emplace(word, place); !added) {
      problems.add(place, join(path, in_quotes(word)) + " stands twice, first in line " + std::to_string(first->second.line) +
                              "; keep one of them");
      continue;
    }
    out.emplace_back(entry.first, entry.second);
  }
  return out;
}

void Reader::section(const YAML::Node& node, const std::string& path) {
  if (node.IsNull()) return;  // a heading whose keys are all commented out
  if (!node.IsMap()) {
    problems.add(place_of(node), (path.empty() ? std::string("the file") : path) + " must be a map of keys (" +
                                     alternatives(words_below(path)) + "), not " + kind_of(node));
    return;
  }
  for (const auto& [key_node, value] : entries(node, path)) {
    const std::string full = join(path, key_node.Scalar());
    if (const KeySpec* key = find_key(full); key != nullptr && full.find('.', path.empty() ? 0 : path.size() + 1) == std::string::npos) {
      places[full] = place_of(value.IsNull() ? key_node : value);
      leaf(value, *key);
    } else if (key_node.Scalar().find('.') == std::string::npos && is_section(full)) {
      section(value, full);
    } else {
      unknown_key(path, key_node.Scalar(), place_of(key_node));
    }
  }
}

void Reader::unknown_key(const std::string& path, const std::string& word, Place place) {
  const auto words = words_below(path);
  std::string message = (path.empty() ? "unknown key " : path + ": unknown key ") + in_quotes(word);
  std::string elsewhere;
  for (const KeySpec& key : config_keys()) {
    if (elsewhere.empty() && !word.empty() && key.path.ends_with("." + word)) elsewhere = std::string(key.path);
  }
  if (find_key(join(path, word)) != nullptr) {
    const std::size_t dot = word.rfind('.');
    message += "; write it as " + in_quotes(word.substr(dot + 1)) + " indented below " + in_quotes(word.substr(0, dot));
  } else if (const std::string_view meant = closest(word, words); !meant.empty()) {
    message += "; did you mean " + in_quotes(meant) + "?";
  } else if (!elsewhere.empty()) {
    const std::size_t dot = elsewhere.rfind('.');
    message += "; it belongs below " + in_quotes(elsewhere.substr(0, dot));
  }
  problems.add(place, message + " (allowed here: " + alternatives(words) + ")");
}

void Reader::leaf(const YAML::Node& node, const KeySpec& key) {
  const std::string path(key.path);
  std::optional<KeyValue> value;
  if (key.type == KeyType::properties) {
    value = properties(node, path);
  } else if (key.type == KeyType::exceptions) {
    value = exceptions(node);
  } else if (key.type == KeyType::mapping || key.type == KeyType::conditions) {
    value = entries_of_custom(node, key);
  } else if (key.type == KeyType::formats) {
    value = formats(node, key);
  } else if (is_list(key.type)) {
    value = list(node, key);
  } else if (node.IsNull() && key.optional && key.type == KeyType::number) {
    value = KeyValue{};
  } else {
    value = one(node, key, path);
  }
  if (value) key.set(config, *value);
}

std::optional<Reader::Scalar> Reader::scalar(const YAML::Node& node, const std::string& path, const std::string& expected) {
  if (!node.IsScalar()) {
    const std::string remedy = node.IsNull() ? " (take the key out, or write \"\" for an empty text)" : "";
    const auto place = places.find(path);  // nothing has no place of its own: the key's
    problems.add(place == places.end() ? place_of(node) : place->second,
                 path + ": here stands " + kind_of(node) + "; allowed is " + expected + remedy);
    return std::nullopt;
  }
  auto resolved = substitute(node.Scalar(), sources_, folder_);
  if (!resolved) {
    problems.add(place_of(node), path + ": " + resolved.error().message);
    return std::nullopt;
  }
  if (resolved->changed) config.secrets.insert(path);
  return Scalar{std::move(resolved->text), node.Scalar(), place_of(node)};
}

std::optional<KeyValue> Reader::one(const YAML::Node& node, const KeySpec& key, const std::string& where) {
  const auto text = scalar(node, where, allowed(key));
  if (!text) return std::nullopt;
  const auto value = parse_value(key, text->text);
  if (value && within(key, *value)) return value;
  std::string message = where + ": " + in_quotes(text->written) + (value ? " is out of range" : " does not fit");
  if (!key.choices.empty()) {
    message = where + ": " + in_quotes(text->written) + " is not known";
    const std::string_view meant = closest(text->written, key.choices);
    if (!meant.empty()) message += "; did you mean " + in_quotes(meant) + "?";
  }
  problems.add(text->place, message + "; allowed is " + allowed(key));
  return std::nullopt;
}

std::optional<KeyValue> Reader::list(const YAML::Node& node, const KeySpec& key) {
  const std::string path(key.path);
  if (!node.IsSequence()) {
    problems.add(place_of(node), path + ": here stands " + kind_of(node) + "; allowed is " + allowed(key));
    return std::nullopt;
  }
  std::vector<std::string> texts;
  std::vector<std::int64_t> numbers;
  std::set<std::string> seen;
  bool whole = true;
  for (std::size_t i = 0; i < node.size(); ++i) {
    const std::string where = path + "[" + std::to_string(i) + "]";
    const auto value = one(node[i], key, where);
    if (!value) {
      whole = false;
      continue;
    }
    std::string same = show(key, *value);
    if (key.type == KeyType::addresses) same = to_string(*parse_ip_address(std::get<std::string>(*value)));
    if (!seen.insert(same).second) {
      problems.add(place_of(node[i]), where + ": " + in_quotes(node[i].Scalar()) + " stands in the list twice; keep one of them");
    }
    if (const auto* number = std::get_if<std::int64_t>(&*value)) numbers.push_back(*number);
    if (const auto* text = std::get_if<std::string>(&*value)) texts.push_back(*text);
  }
  if (!whole) return std::nullopt;  // an emptied list is no error of its own
  if (key.type == KeyType::ports) return KeyValue{numbers};
  return KeyValue{texts};
}

std::optional<KeyValue> Reader::properties(const YAML::Node& node, const std::string& path) {
  std::map<std::string, std::string> out = config.kafka.properties;
  if (node.IsNull()) return KeyValue{out};
  if (!node.IsMap()) {
    problems.add(place_of(node), path + ": here stands " + kind_of(node) + "; allowed is a map such as {bootstrap.servers: localhost:9092}");
    return std::nullopt;
  }
  for (const auto& [key, value] : entries(node, path)) {
    const std::string where = path + "." + key.Scalar();
    property(key.Scalar(), place_of(key), where);
    if (const auto text = scalar(value, where, "one value")) out[key.Scalar()] = text->text;
  }
  return KeyValue{out};
}

void Reader::property(const std::string& name, Place place, const std::string& where) {
  constexpr std::string_view fine = "abcdefghijklmnopqrstuvwxyz0123456789._";
  if (name.empty() || name.find_first_not_of(fine) != std::string::npos) {
    problems.add(place, "kafka.properties: " + in_quotes(name) + " is no property of librdkafka: they are of small letters and dots");
  }
  for (const OwnedProperty& owned : owned_properties()) {
    if (owned.name == name) {
      problems.add(place, where + " is set by imdswatch itself: " + std::string(owned.instead) + "; take it out");
    }
  }
}

}  // namespace imdswatch::config_detail
