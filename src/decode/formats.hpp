#pragma once

#include "fields.hpp"
#include "imdswatch/decode/event.hpp"
#include "text_arena.hpp"

namespace imdswatch {

/// What a format's reader gets: one event's fields, and memory for texts that it makes.
struct EventInput {
  const Fields& fields;
  TextArena& arena;
};

/// Whose event this is. Cheap, by a few fields that only one shipper writes.
Format detect_format(const Fields& fields);

/// One reader per format, a file each.
Decoded read_elastic_defend(const EventInput& in);
Decoded read_winlogbeat_raw(const EventInput& in);
Decoded read_winlogbeat_ecs(const EventInput& in);
Decoded read_windows_flat(const EventInput& in);
Decoded read_wazuh(const EventInput& in);
Decoded read_defender(const EventInput& in);
Decoded read_crowdstrike(const EventInput& in);
Decoded read_ocsf(const EventInput& in);
Decoded read_fluent_bit(const EventInput& in);
Decoded read_azure_monitor(const EventInput& in);
Decoded read_sentinelone(const EventInput& in);
Decoded read_unknown(const EventInput& in);
/// Of `format` where another one is expected: its time and host at most.
Decoded read_other(const EventInput& in, Format format);

}  // namespace imdswatch
