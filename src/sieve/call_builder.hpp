#pragma once

#include <string>
#include <string_view>

#include "clock_rule.hpp"
#include "imdswatch/sieve/call.hpp"

namespace imdswatch {

/// Lower-case first label of a computer's name; an IP address stays whole; empty if there is nothing but blanks.
std::string host_label(std::string_view name);

/// The host's key; empty if the event names none.
HostId host_id(const Event& event);

/// For the clock rule: the same for a machine whether it is told by its full name or by the first label. 0 if unknown.
ClockRule::HostHash host_hash(std::string_view name);

Evidence evidence_of(const ConnectionEvent& connection);
Evidence evidence_of(const ProcessStartEvent& start);

/// The call that `event` tells, at its own time. All text is cut to its limits.
Call make_call(const Event& event, const ConnectionEvent& connection, const Origin& origin, HostId host);

}  // namespace imdswatch
