#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "fields.hpp"
#include "path_tree.hpp"
#include "text_arena.hpp"

namespace imdswatch {

enum class WalkError : std::uint8_t { none, malformed, too_deep };

/// One pass over the values of an event: what stands at a path of interest goes into `fields`. Everything else is walked too, so
/// that a message is well-formed as a whole or not at all, whatever the order of its keys. Only escapes in strings that nobody
/// reads go unchecked.
class Walk {
 public:
  /// A key at which something of interest stands or could stand: its value may be empty, or an object.
  struct Visit {
    const char* key;  ///< behind its opening quote
    const PathTree::Node* node;
  };
  Walk(Fields& fields, TextArena& arena) : fields_(fields), arena_(arena) {}

  /// All fields of `object`, which stands at `node` (null: nothing below is of interest), `depth` containers deep, itself counted.
  WalkError object(simdjson::ondemand::object object, const PathTree::Node* node, std::size_t depth);
  WalkError array(simdjson::ondemand::array array, const PathTree::Node* node, std::size_t depth);
  /// One value; a container in it stands at `depth`.
  WalkError value(simdjson::ondemand::value value, const PathTree::Node* node, std::size_t depth);
  /// The name of a field, its escapes undone.
  WalkError key(simdjson::ondemand::field& field, std::string_view& out);

  /// A value cut out of its message: a scalar, or an array of scalars; of an object nothing is taken. False for anything else.
  /// An array may be looked at without a node.
  bool token(std::string_view token, const PathTree::Node* node);
  /// A value's text at a path of interest: as `token` takes it, its quotes and escapes undone.
  void text(std::string_view text, const PathTree::Node* node) {
    for (const auto& [slot, rank] : node->slots) fields_.put(slot, text, rank);
  }

  /// A token's text, escapes undone; of null none.
  WalkError text_of(std::string_view token, std::string_view& out);

  /// Notes the key of `field`, if something could stand at `node`.
  void visit(simdjson::ondemand::field& field, const PathTree::Node* node) {
    if (node != nullptr && !node->slots.empty()) visits_.push_back({field.key().raw(), node});
  }
  /// In the message's order, since the last clear.
  [[nodiscard]] const std::vector<Visit>& visits() const { return visits_; }
  void clear() { visits_.clear(); }

 private:
  WalkError scalar(std::string_view token, const PathTree::Node* node);
  /// An array whose elements mean something by their place.
  WalkError inserts(simdjson::ondemand::array array, std::size_t depth);

  Fields& fields_;
  TextArena& arena_;
  std::vector<Visit> visits_;
};

}  // namespace imdswatch
