#pragma once

#include <cstdint>
#include <string_view>

#include "fields.hpp"
#include "text_arena.hpp"

namespace imdswatch {

enum class EventDataError : std::uint8_t { none, broken, too_long };

/// The data of a Windows event as a document in a text: a JSON object by Windows' names, or XML with `<Data Name="…">…</Data>`,
/// whatever stands around them. What it says goes into the data_* slots and wins over what is there.
EventDataError read_event_data(std::string_view text, Fields& fields, TextArena& arena);

/// Each `<Data Name="…">` of `xml` that has a value, entities undone, into the slots of event_data_names().
/// False where a tag, a value or the document has no end; values before it may have been put.
bool read_xml_data(std::string_view xml, Fields& fields, TextArena& arena);

}  // namespace imdswatch
