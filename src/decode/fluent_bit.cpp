#include <algorithm>
#include <initializer_list>
#include <string>

#include "imdswatch/decode/event_time.hpp"
#include "windows_event.hpp"

namespace imdswatch {
namespace {

constexpr RecordSlots slots{Slot::log_channel,  Slot::log_provider, Slot::log_event_id,
                            Slot::log_event_id, Slot::log_computer, Slot::log_record_id};

constexpr Slot none = Slot::count;  ///< a place that nobody reads

/// The values of an event in their order, as Windows and Sysmon declare it in the event's manifest. Later versions append.
using Layout = std::initializer_list<Slot>;

constexpr Layout sysmon_3{none, Slot::data_utc_time, Slot::data_process_guid, Slot::data_process_id, Slot::data_image, Slot::data_user,
                          Slot::data_protocol, Slot::data_initiated, none, none, none, none, none, Slot::data_destination_is_ipv6,
                          Slot::data_destination_ip, none, Slot::data_destination_port, none};
constexpr Layout sysmon_3_without_rule{Slot::data_utc_time, Slot::data_process_guid, Slot::data_process_id, Slot::data_image, Slot::data_user,
                                       Slot::data_protocol, Slot::data_initiated, none, none, none, none, none, Slot::data_destination_is_ipv6,
                                       Slot::data_destination_ip, none, Slot::data_destination_port, none};
constexpr Layout sysmon_1{none, Slot::data_utc_time, Slot::data_process_guid, Slot::data_process_id, Slot::data_image, none, none, none, none, none,
                          Slot::data_command_line, none, Slot::data_user, none, none, none, none, Slot::data_hashes, Slot::data_parent_guid,
                          Slot::data_parent_id, Slot::data_parent_image, Slot::data_parent_command_line};
constexpr Layout sysmon_1_without_original_name{
    none, Slot::data_utc_time, Slot::data_process_guid, Slot::data_process_id, Slot::data_image, none, none, none, none, Slot::data_command_line,
    none, Slot::data_user, none, none, none, none, Slot::data_hashes, Slot::data_parent_guid, Slot::data_parent_id, Slot::data_parent_image,
    Slot::data_parent_command_line};
constexpr Layout security_5156{Slot::data_process_id, Slot::data_application, Slot::data_direction, none, none, Slot::data_dest_address,
                               Slot::data_dest_port, Slot::data_protocol};
/// 10 and later add the target, the parent's path and the label; 8 has no command line yet.
constexpr Layout security_4688{Slot::data_subject_user_sid, Slot::data_subject_user_name, Slot::data_subject_domain, none,
                               Slot::data_new_process_id, Slot::data_new_process_name, none, Slot::data_process_id,
                               Slot::data_command_line, Slot::data_target_user_sid, Slot::data_target_user_name, Slot::data_target_domain,
                               none, Slot::data_parent_process_name, none};
constexpr std::size_t least_of_4688 = 8;

/// Whether `layout` is that of these values: there are enough of them, and what should be a time is one.
bool fits(const Layout& layout, const std::vector<std::string_view>& values) {
  if (values.size() < layout.size()) return false;
  const auto* const time = std::find(layout.begin(), layout.end(), Slot::data_utc_time);
  return time == layout.end() || parse_event_time(values[static_cast<std::size_t>(time - layout.begin())]).has_value();
}

/// A name at the top that an insert has too is the logger's.
void place(const Layout& layout, const std::vector<std::string_view>& values, Fields& out) {
  const std::size_t count = std::min(layout.size(), values.size());
  for (std::size_t i = 0; i < count; ++i)
    if (layout.begin()[i] != none) out.replace(layout.begin()[i], values[i]);
}

/// Puts the values of an event that counts where its names would; false if their order is not known.
bool place(Fields& fields, const std::vector<std::string_view>& values) {
  const auto number = fields.number(Slot::log_event_id);
  const auto place_one_of = [&](std::initializer_list<const Layout*> layouts) {
    const auto* const found = std::find_if(layouts.begin(), layouts.end(), [&](const Layout* layout) { return fits(*layout, values); });
    if (found != layouts.end()) place(**found, values, fields);
    return found != layouts.end();
  };
  if (is_sysmon(fields, slots)) {
    if (number == 3u) return place_one_of({&sysmon_3, &sysmon_3_without_rule});
    if (number == 1u) return place_one_of({&sysmon_1, &sysmon_1_without_original_name});
  } else if (is_security(fields, slots)) {
    if (number == 5156u) return place_one_of({&security_5156});
    if (number == 4688u) {
      if (values.size() < least_of_4688) return false;
      place(security_4688, values, fields);
    }
  }
  return true;
}

}  // namespace

/// `@timestamp` is when Fluent Bit read the record, TimeCreated is in whole seconds.
Decoded read_fluent_bit(const EventInput& in) {
  Fields fields = in.fields;
  const bool named = names_a_process(fields);
  if (!place(fields, in.fields.inserts()) && !named) {
    const std::string count = std::to_string(in.fields.inserts().size());
    return Rejected{Format::fluent_bit, RejectReason::no_process,
                    in.arena.join({"StringInserts: ", count, " values in an unknown order for event ", fields.text(Slot::log_event_id)})};
  }
  return read_windows_record({fields, in.arena}, {Format::fluent_bit, slots, {fields.text(Slot::log_computer), {}, {}, {}},
                                                  read_time(fields, {Slot::data_utc_time, Slot::log_time, Slot::timestamp, Slot::other_time}),
                                                  {}, {}});
}

}  // namespace imdswatch
