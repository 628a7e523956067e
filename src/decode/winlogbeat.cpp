#include "windows_event.hpp"

namespace imdswatch {
namespace {

constexpr RecordSlots slots{Slot::winlog_channel,  Slot::winlog_provider, Slot::winlog_event_id,
                            Slot::event_code,      Slot::winlog_computer, Slot::winlog_record_id};

}  // namespace

/// host.*, agent.* and cloud.* tell of the machine on which Winlogbeat runs. With event forwarding that is the collector: then only
/// the computer's name is the host's own.
BeatHost read_beat_host(const Fields& fields, std::string_view computer) {
  const std::string_view beat_host = fields.first_of(Slot::host_name, Slot::host_hostname);
  if (!computer.empty() && !beat_host.empty() && !same_first_label(computer, beat_host)) return {{computer, {}, {}, {}}, true};
  return {{computer.empty() ? beat_host : computer, fields.text(Slot::host_id), fields.text(Slot::host_os_name), fields.text(Slot::host_ip)},
          false};
}

Decoded read_winlogbeat_raw(const EventInput& in) {
  const Fields& fields = in.fields;
  const BeatHost host = read_beat_host(fields, fields.text(Slot::winlog_computer));
  return read_windows_record(in, {Format::winlogbeat_raw, slots, host.fields,
                                  read_time(fields, {Slot::data_utc_time, Slot::timestamp, Slot::winlog_time}), read_agent(fields),
                                  host.is_collector ? CloudFields{} : read_cloud(fields)});
}

}  // namespace imdswatch
