#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imdswatch {

/// Events of a team's own pipeline, as the configuration describes them (`custom`): docs/formats/input-custom.md.
struct CustomMapping {
  /// In `fields` one of custom_fields() with its JSON Pointers, of which the first that says something counts; in a condition a JSON
  /// Pointer with values, one of which must stand there, in any letter case.
  struct Entry {
    std::string name;
    std::vector<std::string> values;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  using Entries = std::vector<Entry>;

  Entries fields;
  std::string time_format = "auto";
  Entries event;          ///< whether it is this format at all; empty: where it is a connection or a process start
  Entries connection, process_start;
  Entries windows, outgoing, connected;  ///< empty: every event is

  [[nodiscard]] bool empty() const { return fields.empty(); }
};

/// The fields that can be mapped, by their ECS names.
const std::vector<std::string_view>& custom_fields();
/// What is wrong with a JSON Pointer (RFC 6901), for a person; nothing if it can be used.
std::optional<std::string> pointer_problem(std::string_view pointer);
/// The same of a time format: auto, unix_s, unix_ms, unix_us, unix_ns, filetime, or a pattern such as "%d/%m/%Y %H:%M:%S".
std::optional<std::string> time_format_problem(std::string_view format);
/// How many different pointers the mapping holds; at most limits::max_custom_pointers can be used.
std::size_t pointers_in(const CustomMapping& mapping);

}  // namespace imdswatch
