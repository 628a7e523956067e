#include <algorithm>

#include "imdswatch/base/limits.hpp"
#include "reader.hpp"
#include "value.hpp"

namespace imdswatch::config_detail {
namespace {

constexpr std::size_t max_values = 1'000;

std::vector<std::string_view> format_names() {
  std::vector<std::string_view> out{"auto"};
  for (std::uint8_t i = 1; i <= static_cast<std::uint8_t>(Format::custom); ++i) out.push_back(to_string(static_cast<Format>(i)));
  return out;
}

}  // namespace

std::optional<KeyValue> Reader::entries_of_custom(const YAML::Node& node, const KeySpec& key) {
  const std::string path(key.path);
  CustomMapping::Entries out;
  if (node.IsNull()) return KeyValue{out};  // a heading whose entries are all commented out
  if (!node.IsMap()) {
    problems.add(place_of(node), path + ": must be " + allowed(key));
    return std::nullopt;
  }
  for (const auto& [name, value] : entries(node, path)) out.push_back(entry_of_custom(name, value, key));
  return KeyValue{out};
}

/// After an error too, as far as it can be read: what is written wrong must not be told as missing as well.
CustomMapping::Entry Reader::entry_of_custom(const YAML::Node& key, const YAML::Node& value, const KeySpec& spec) {
  const std::string path(spec.path);
  const bool is_mapping = spec.type == KeyType::mapping;
  CustomMapping::Entry out{key.Scalar(), {}};
  const auto& names = custom_fields();
  if (is_mapping && std::ranges::find(names, out.name) == names.end()) {
    const std::string_view meant = closest(out.name, names);
    problems.add(place_of(key), path + ": unknown field " + in_quotes(out.name) +
                                    (meant.empty() ? "" : "; did you mean " + in_quotes(meant) + "?") + " (allowed: " + alternatives(names) + ")");
    return {std::string(meant), {}};
  }
  if (const auto problem = is_mapping ? std::nullopt : pointer_problem(out.name)) {
    problems.add(place_of(key), path + ": " + in_quotes(out.name) + ": " + *problem);
    return out;
  }
  const std::string where = path + "." + out.name;
  places.emplace(where, place_of(value.IsNull() ? key : value));
  if (!value.IsSequence()) {
    if (auto one = value_of_custom(value, where, is_mapping)) out.values.push_back(*std::move(one));
    return out;
  }
  if (value.size() == 0 || value.size() > max_values) {
    problems.add(place_of(value), where + ": a list of " + std::to_string(value.size()) + "; write one value, up to " + std::to_string(max_values));
    return out;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (auto one = value_of_custom(value[i], where + "[" + std::to_string(i) + "]", is_mapping)) out.values.push_back(*std::move(one));
  }
  return out;
}

std::optional<std::string> Reader::value_of_custom(const YAML::Node& node, const std::string& where, bool is_pointer) {
  const auto text = scalar(node, where, is_pointer ? "a JSON Pointer such as /device/name, or a list of them" : "a value, or a list of them");
  if (!text) return std::nullopt;
  if (const auto problem = is_pointer ? pointer_problem(text->text) : std::nullopt) {
    problems.add(text->place, where + ": " + in_quotes(text->written) + ": " + *problem);
    return std::nullopt;
  }
  if (!is_pointer && (text->text.empty() || text->text == "-")) {
    problems.add(text->place, where + ": an empty value and \"-\" count as missing, so they match nothing; name the values that are there");
    return std::nullopt;
  }
  return text->text;
}

std::optional<std::string> Reader::format(const YAML::Node& node, const std::string& where) {
  const auto text = scalar(node, where, "auto, a format's name, or a map of topics to these");
  if (!text) return std::nullopt;
  const auto names = format_names();
  if (std::ranges::find(names, text->text) != names.end()) return text->text;
  const std::string_view meant = closest(text->written, names);
  problems.add(text->place, where + ": " + in_quotes(text->written) + " is not known" +
                                (meant.empty() ? "" : "; did you mean " + in_quotes(meant) + "?") + "; allowed is " + alternatives(names));
  return std::nullopt;
}

std::optional<KeyValue> Reader::formats(const YAML::Node& node, const KeySpec& key) {
  const std::string path(key.path);
  CustomMapping::Entries out;
  if (!node.IsMap()) {
    auto all = format(node, path);
    if (!all) return std::nullopt;
    if (*all != "auto") out.push_back({"*", {*std::move(all)}});
    return KeyValue{out};
  }
  for (const auto& [topic, value] : entries(node, path)) {
    std::string plain = topic.Scalar();
    std::erase(plain, '*');
    if (plain != topic.Scalar() && plain.empty()) plain = "any";
    if (!is_topic_name(plain)) {
      problems.add(place_of(topic), path + ": " + in_quotes(topic.Scalar()) + " is no topic's name; write a name, in which * stands for any text");
      continue;
    }
    places.emplace(path + "." + topic.Scalar(), place_of(value.IsNull() ? topic : value));
    if (auto one = format(value, path + "." + topic.Scalar())) out.push_back({topic.Scalar(), {*std::move(one)}});
  }
  return KeyValue{out};
}

}  // namespace imdswatch::config_detail
