#include "formats.hpp"
#include "reading.hpp"

namespace imdswatch {

/// Valid JSON of a shipper that this version does not know: at most its time is of use, for the watermark.
Decoded read_unknown(const EventInput& in) {
  const TimeReading time = read_time(in.fields, {Slot::timestamp, Slot::created, Slot::other_time});
  const std::string_view host = in.fields.first_of(Slot::winlog_computer, Slot::host_name, Slot::host_hostname, Slot::host_id);
  return ignored(Format::unknown, IgnoreReason::unknown_format, time.time, host);
}

Decoded read_other(const EventInput& in, Format format) {
  Decoded out = read_unknown(in);
  Ignored& ignored = std::get<Ignored>(out);
  ignored.format = format;
  ignored.reason = IgnoreReason::other_format;
  return out;
}

}  // namespace imdswatch
