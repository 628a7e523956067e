#pragma once

#include "imdswatch/config/config.hpp"
#include "sim_broker.hpp"
#include "sim_faults.hpp"

namespace imdswatch::sim {

/// Shards, learning, cap: what a seed's configuration differs in from the default one.
Config draw_config(fleet::Random& random);

/// A small fleet's events by partition (keyed by host), with garbage, redelivered events and events of a host whose clock jumps
/// among them, in some worlds with several events in a message; each partition ends with ordinary events of three hosts, so that every
/// run falls due. A few seeds on end share a fleet.
RawPartitions draw_messages(std::uint64_t seed, fleet::Random& random, std::size_t partitions, Faults& faults);

/// What something else writes to the call log; or a record of its own, cut short.
std::string draw_call_log_garbage(fleet::Random& random, std::string_view record);

/// Some worlds have everything to read from the beginning, in others the last hours or days arrive while they run.
EventTime draw_live_from(fleet::Random& random, const RawPartitions& raw);

}  // namespace imdswatch::sim
