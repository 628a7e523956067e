#include "custom_pointers.hpp"

#include <optional>
#include <set>
#include <vector>

#include "imdswatch/base/limits.hpp"
#include "imdswatch/decode/custom.hpp"
#include "path_tree.hpp"

namespace imdswatch {
namespace {

/// Reference tokens, escapes undone; nothing if one is broken.
std::optional<std::vector<std::string>> tokens_of(std::string_view pointer) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      out.emplace_back();
    } else if (pointer[i] != '~') {
      out.back() += pointer[i];
    } else if (++i < pointer.size() && (pointer[i] == '0' || pointer[i] == '1')) {
      out.back() += pointer[i] == '0' ? '~' : '/';
    } else {
      return std::nullopt;
    }
  }
  return out;
}

bool is_index(std::string_view token) { return !token.empty() && token.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

std::optional<std::string> pointer_problem(std::string_view pointer) {
  if (!pointer.starts_with('/')) return "a JSON Pointer begins with /, such as /process/name";
  const auto tokens = tokens_of(pointer);
  if (!tokens) return "in a JSON Pointer ~ stands only as ~0 (for ~) or ~1 (for /)";
  if (tokens->size() >= limits::max_json_depth) return "it leads deeper than events may be nested (64 levels)";
  static_assert(limits::max_json_depth == 64, "the message above names it");
  if (tokens->front() == "0") return "each element of a list at the top is an event of its own; leave the 0 out";
  for (const std::string& token : *tokens) {
    if (token.empty()) return "a name in it is empty";
    if (token.size() > PathTree::Node::longest) return "a name in it is longer than 64 bytes";
    if (is_index(token) && token != "0") return "of a list only the first element, 0, can be read";
  }
  return std::nullopt;
}

std::string path_of_pointer(std::string_view pointer) {
  std::string out;
  for (const std::string& token : tokens_of(pointer).value_or(std::vector<std::string>{})) {
    if (token == "0") continue;
    out += (out.empty() ? "" : ".") + token;
  }
  return out;
}

std::size_t pointers_in(const CustomMapping& mapping) {
  std::set<std::string_view> all;
  for (const auto& entry : mapping.fields) all.insert(entry.values.begin(), entry.values.end());
  for (const auto* conditions : {&mapping.event, &mapping.connection, &mapping.process_start, &mapping.windows, &mapping.outgoing, &mapping.connected})
    for (const auto& entry : *conditions) all.insert(entry.name);
  return all.size();
}

}  // namespace imdswatch
