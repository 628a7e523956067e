#pragma once

#include <optional>
#include <string_view>

#include "formats.hpp"
#include "reading.hpp"

namespace imdswatch {

/// What several shippers share: a record of the Windows event log whose data keeps the names that Windows gave it. Read from the
/// data_* slots, wherever the shipper put them: Sysmon 1 and 3, Security 4688, 5156 and 5157.

/// Where a shipper puts what the log says of the record itself.
struct RecordSlots {
  Slot channel, provider, event_id, other_event_id, computer, record_id;
  std::optional<Slot> filtering_pid = Slot::data_process_id;  ///< the process of 5156; none where the field tells the logger's
};

/// What a format's reader has found out before the data is read.
struct WindowsRecord {
  Format format;
  RecordSlots slots;
  HostFields host;
  TimeReading time;
  AgentFields agent;
  CloudFields cloud;
};

Decoded read_windows_record(const EventInput& in, const WindowsRecord& record);

/// Which of the two logs a record is from, by its provider or channel.
bool is_sysmon(const Fields& fields, const RecordSlots& slots);
bool is_security(const Fields& fields, const RecordSlots& slots);
/// Whether the record may be a connection or a process start: then its data is worth a look.
bool may_count(const Fields& fields, const RecordSlots& slots);
/// Whether the data names a process.
bool names_a_process(const Fields& fields);

/// The host of an event on whose host.* fields a collector may have written itself.
struct BeatHost {
  HostFields fields;
  bool is_collector = false;  ///< host.*, agent.* and cloud.* are another machine's
};
BeatHost read_beat_host(const Fields& fields, std::string_view computer);

/// `DOMAIN\name`, or a name alone.
UserFields split_user(std::string_view user);
/// Of 4688. The process runs as the target, where that is said, else as who started it.
UserFields security_user(const Fields& fields);
/// "SHA1=…,MD5=…,SHA256=…,IMPHASH=…", in the order and choice of the Sysmon configuration.
void read_hashes(std::string_view hashes, ProcessFields& out);

}  // namespace imdswatch
