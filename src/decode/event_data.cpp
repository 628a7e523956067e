#include "event_data.hpp"

#include <simdjson.h>

#include <cstring>

#include "imdswatch/base/limits.hpp"
#include "message.hpp"
#include "walk.hpp"

namespace imdswatch {
namespace {

PathTree make_tree() {
  PathTree tree;
  for (const SlotPath& name : event_data_names()) tree.add(name.slot, name.path);
  tree.finish();
  return tree;
}

bool read_json_data(std::string_view json, Fields& fields, TextArena& arena) {
  static const PathTree tree = make_tree();
  char* const copy = arena.allocate(json.size() + simdjson::SIMDJSON_PADDING);  // the texts stay in it
  std::memcpy(copy, json.data(), json.size());
  std::memset(copy + json.size(), ' ', simdjson::SIMDJSON_PADDING);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::object object;
  const simdjson::padded_string_view padded(copy, json.size(), json.size() + simdjson::SIMDJSON_PADDING);
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS ||
      document.get_object().get(object) != simdjson::SUCCESS)
    return false;
  if (Walk(fields, arena).object(object, &tree.root(), 1) != WalkError::none) return false;
  const char* behind = nullptr;
  return document.current_location().get(behind) != simdjson::SUCCESS;
}

}  // namespace

EventDataError read_event_data(std::string_view text, Fields& fields, TextArena& arena) {
  if (text.size() > limits::max_inner_document_bytes) return EventDataError::too_long;
  const std::string_view document = trimmed_json(text);
  if (document.empty()) return EventDataError::broken;
  SlotSet asked_of_data;
  Fields data(asked_of_data);
  const bool ok = document.front() == '<' ? read_xml_data(document, data, arena)
                                          : document.front() == '{' && read_json_data(document, data, arena);
  if (!ok) return EventDataError::broken;
  for (const SlotPath& name : event_data_names()) {
    if (data.has(name.slot)) fields.replace(name.slot, data.text(name.slot));
    if (data.is_dash(name.slot) && !fields.has(name.slot)) fields.replace(name.slot, "-");
  }
  return EventDataError::none;
}

}  // namespace imdswatch
