#include "event_data.hpp"
#include "imdswatch/base/limits.hpp"
#include "windows_event.hpp"

namespace imdswatch {
namespace {

constexpr Format format = Format::azure_monitor;
static_assert(limits::max_inner_document_bytes == 1u << 20, "a message below names it");
constexpr RecordSlots slots{Slot::azure_channel,  Slot::azure_provider, Slot::azure_event_id,
                            Slot::azure_event_id, Slot::azure_computer, Slot::azure_record_id};

}  // namespace

/// The outer `time` is when the row was published.
Decoded read_azure_monitor(const EventInput& in) {
  Fields fields = in.fields;
  if (fields.has(Slot::azure_event_data) && may_count(fields, slots)) {
    switch (read_event_data(fields.text(Slot::azure_event_data), fields, in.arena)) {
      case EventDataError::none: break;
      case EventDataError::broken:
        if (names_a_process(fields)) break;
        return rejected(in, format, RejectReason::bad_event_data, Slot::azure_event_data,
                        "is neither whole JSON nor whole XML");
      case EventDataError::too_long:
        if (names_a_process(fields)) break;
        return Rejected{format, RejectReason::bad_event_data, "EventData: over 1 MiB"};
    }
  }
  return read_windows_record(
      {fields, in.arena},
      {format,
       slots,
       {fields.text(Slot::azure_computer), {}, {}, {}},
       read_time(fields, {Slot::data_utc_time, Slot::azure_time, Slot::timestamp, Slot::other_time}),
       {},
       {}});
}

}  // namespace imdswatch
