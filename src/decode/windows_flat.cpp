#include "windows_event.hpp"

namespace imdswatch {
namespace {

constexpr RecordSlots record_slots{Slot::log_channel,  Slot::log_provider,  Slot::log_event_id,
                                   Slot::log_event_id, Slot::log_computer, Slot::log_record_id};

/// At the top 5156's `ProcessID` and the logger's share a name: older NXLog lets the logger's win, newer writes ExecutionProcessID.
std::optional<Slot> filtering_pid(const Fields& fields) {
  if (fields.has(Slot::data_process_id)) return Slot::data_process_id;
  if (fields.has(Slot::nxlog_module) && !fields.has(Slot::nxlog_execution_id)) return std::nullopt;
  return Slot::log_process_id_upper;
}

}  // namespace

/// EventTime is local, without a zone in older NXLog: only where there is nothing else.
Decoded read_windows_flat(const EventInput& in) {
  const Fields& fields = in.fields;
  RecordSlots slots = record_slots;
  slots.filtering_pid = filtering_pid(fields);
  const BeatHost host = read_beat_host(fields, fields.text(Slot::log_computer));
  return read_windows_record(in, {Format::windows_flat, slots, host.fields,
                                  read_time(fields, {Slot::data_utc_time, Slot::timestamp, Slot::log_time, Slot::other_time, Slot::log_event_time}),
                                  read_agent(fields), host.is_collector ? CloudFields{} : read_cloud(fields)});
}

}  // namespace imdswatch
