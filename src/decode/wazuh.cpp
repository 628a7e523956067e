#include "windows_event.hpp"

namespace imdswatch {
namespace {

constexpr RecordSlots slots{Slot::wazuh_channel,  Slot::wazuh_provider, Slot::wazuh_event_id,
                            Slot::wazuh_event_id, Slot::wazuh_computer, Slot::wazuh_record_id};

/// Wazuh escapes backslashes twice: one of each pair goes, if all of them come in pairs.
std::string_view undoubled(std::string_view text, TextArena& arena) {
  if (text.find('\\') == std::string_view::npos) return text;
  char* const begin = arena.allocate(text.size());
  char* out = begin;
  for (std::size_t i = 0; i < text.size(); ++i) {
    *out++ = text[i];
    if (text[i] != '\\') continue;
    ++i;
    if (i == text.size() || text[i] != '\\') {
      arena.shrink(begin);
      return text;
    }
  }
  arena.shrink(out);
  return {begin, static_cast<std::size_t>(out - begin)};
}

}  // namespace

Decoded read_wazuh(const EventInput& in) {
  Fields fields = in.fields;
  for (const Slot slot : {Slot::data_image, Slot::data_user, Slot::data_command_line, Slot::data_parent_image, Slot::data_parent_command_line,
                          Slot::data_application, Slot::data_new_process_name, Slot::data_parent_process_name})
    if (fields.has(slot)) fields.replace(slot, undoubled(fields.text(slot), in.arena));
  return read_windows_record({fields, in.arena}, {Format::wazuh, slots, {fields.first_of(Slot::wazuh_computer, Slot::wazuh_agent), {}, {}, {}},
                                                  read_time(fields, {Slot::data_utc_time, Slot::wazuh_time, Slot::timestamp, Slot::other_time}),
                                                  read_agent(fields), {}});
}

}  // namespace imdswatch
