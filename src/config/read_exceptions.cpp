#include "reader.hpp"
#include "value.hpp"

namespace imdswatch::config_detail {
namespace {

constexpr std::size_t max_exceptions = 1'000;
constexpr std::size_t max_name_bytes = 128;
constexpr std::size_t max_pattern_bytes = 4'096;

std::vector<std::string_view> exception_keys() { return {"name", "when", "not", "expires", "comment"}; }

std::vector<std::string_view> field_names() {
  return {exception_fields().begin(), exception_fields().end()};
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

std::vector<Exception> Reader::exceptions(const YAML::Node& node) {
  std::vector<Exception> out;
  if (node.IsNull()) return out;
  if (!node.IsSequence()) {
    problems.add(place_of(node), "exceptions: must be a list, each entry with \"- name:\" and \"when:\"");
    return out;
  }
  if (node.size() > max_exceptions) {
    problems.add(place_of(node), "exceptions: " + std::to_string(node.size()) + " are too many; at most " +
                                     std::to_string(max_exceptions) + ". One exception may hold lists of values");
    return out;
  }
  std::map<std::string, int> lines;
  for (std::size_t i = 0; i < node.size(); ++i) {
    auto parsed = exception(node[i], "exceptions[" + std::to_string(i) + "]");
    if (!parsed) continue;
    const Place place = place_of(node[i]);
    if (const auto [first, added] = lines.emplace(parsed->name, place.line); !added && !parsed->name.empty()) {
      problems.add(place, "exceptions: this name is taken by the one in line " +
                              std::to_string(first->second) + "; each needs its own, since it stands in counts and summaries");
    }
    out.push_back(*std::move(parsed));
  }
  return out;
}

std::optional<Exception> Reader::exception(const YAML::Node& node, const std::string& path) {
  if (!node.IsMap()) {
    problems.add(place_of(node), path + ": must be a map with name and when");
    return std::nullopt;
  }
  Exception out;
  bool has_name = false, has_when = false;
  for (const auto& [key, value] : entries(node, path)) {
    const std::string& word = key.Scalar();
    const std::string where = path + "." + word;
    if (word == "name") {
      has_name = true;
      const auto text = scalar(value, where, "a name");
      if (text && (text->text.empty() || text->text.size() > max_name_bytes || has_control(text->text))) {
        problems.add(text->place, where + ": must be a text of 1 to " + std::to_string(max_name_bytes) + " bytes on one line");
      }
      if (text) out.name = text->text;
    } else if (word == "when") {
      has_when = true;
      if (value.IsMap() && value.size() == 0) {
        problems.add(place_of(value), where + ": has no condition, so it would mute everything; write field: value");
      }
      out.when = conditions(value, where);
    } else if (word == "not") {
      out.unless = conditions(value, where);
    } else if (word == "expires") {
      const auto text = scalar(value, where, "a date such as 2027-01-31");
      if (text) out.expires = parse_moment(text->text);
      if (text && !out.expires) {
        problems.add(text->place, where + ": " + in_quotes(text->written) + " is no date; allowed is 2027-01-31 or 2027-01-31T18:00:00Z (UTC)");
      }
    } else if (word == "comment") {
      if (const auto text = scalar(value, where, "a text")) out.comment = text->text;
    } else {
      const std::string_view meant = closest(word, exception_keys());
      problems.add(place_of(key), path + ": unknown key " + in_quotes(word) + (meant.empty() ? "" : "; did you mean " + in_quotes(meant) + "?") +
                                      " (allowed here: " + alternatives(exception_keys()) + ")");
    }
  }
  if (!has_name) problems.add(place_of(node), path + ": has no name; write one, it stands in counts and summaries");
  if (!has_when) problems.add(place_of(node), path + ": has no when; write at least one field: value");
  return out;
}

std::vector<Condition> Reader::conditions(const YAML::Node& node, const std::string& path) {
  std::vector<Condition> out;
  if (!node.IsMap()) {
    problems.add(place_of(node), path + ": must be a map of field: value, such as process.name: agent.exe");
    return out;
  }
  for (const auto& [key, value] : entries(node, path)) {
    const std::string& field = key.Scalar();
    if (std::ranges::find(exception_fields(), field) == exception_fields().end()) {
      const std::string_view meant = closest(field, field_names());
      problems.add(place_of(key), path + ": unknown field " + in_quotes(field) + (meant.empty() ? "" : "; did you mean " + in_quotes(meant) + "?") +
                                      " (allowed: " + alternatives(field_names()) + ")");
      continue;
    }
    if (auto parsed = condition(value, field, path + "." + field)) out.push_back(*std::move(parsed));
  }
  return out;
}

std::optional<Condition> Reader::condition(const YAML::Node& node, const std::string& field, const std::string& path) {
  Condition out{field, {}, std::nullopt};
  if (node.IsMap()) {
    for (const auto& [key, value] : entries(node, path)) {
      const auto text = scalar(value, path + "." + key.Scalar(), "true or false");
      if (!text) return std::nullopt;
      if (key.Scalar() != "exists" || (text->text != "true" && text->text != "false")) {
        problems.add(place_of(key), path + ": a map here can only be {exists: true} or {exists: false}");
        return std::nullopt;
      }
      out.exists = text->text == "true";
    }
    if (!out.exists) problems.add(place_of(node), path + ": a map here can only be {exists: true} or {exists: false}");
    return out;
  }
  if (!node.IsSequence()) {
    const auto one = pattern(node, path);
    if (!one) return std::nullopt;
    out.patterns.push_back(*one);
    return out;
  }
  if (node.size() == 0) problems.add(place_of(node), path + ": an empty list matches nothing; write a value, or {exists: true}");
  for (std::size_t i = 0; i < node.size(); ++i) {
    if (auto one = pattern(node[i], path + "[" + std::to_string(i) + "]")) out.patterns.push_back(*std::move(one));
  }
  return out;
}

std::optional<std::string> Reader::pattern(const YAML::Node& node, const std::string& path) {
  const auto text = scalar(node, path, "a value, a list of values, or {exists: true}");
  if (!text) return std::nullopt;
  std::string problem;
  if (text->text.empty()) problem = "an empty value matches nothing; write {exists: false} for an absent field";
  if (!text->text.empty() && text->text.find_first_not_of("*") == std::string::npos) {
    problem = "\"*\" alone matches everything; write {exists: true} if you mean that the field is there";
  }
  if (has_control(text->text)) {
    problem = "a control character can match nothing; in double quotes YAML takes \\t and \\n as such: use single quotes for Windows paths";
  }
  if (text->text.size() > max_pattern_bytes) problem = "longer than " + std::to_string(max_pattern_bytes) + " bytes";
  if (problem.empty()) return text->text;
  problems.add(text->place, path + ": " + problem);
  return std::nullopt;
}

}  // namespace imdswatch::config_detail
