#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "formats.hpp"

namespace imdswatch {

/// What the formats' readers share: steps from raw fields to parts of an event.

/// The first of `slots` that holds a time; else which reason there is to reject.
struct TimeReading {
  std::optional<EventTime> time;
  RejectReason why_none = RejectReason::no_time;
  Slot where{};  ///< the field that holds no time, or the one that was expected
};
TimeReading read_time(const Fields& fields, std::initializer_list<Slot> slots);

Decoded ignored(Format format, IgnoreReason reason, std::optional<EventTime> time, std::string_view host);
/// "@timestamp: \"yesterday\" is no time": the field, what stands there (cut), what is wrong with it.
Decoded rejected(const EventInput& in, Format format, RejectReason reason, Slot where, std::string_view what);
Decoded rejected(const EventInput& in, Format format, const TimeReading& time);

/// At most 80 bytes, ending between two characters.
std::string_view cut_for_detail(std::string_view text);
std::string_view base_name(std::string_view path);
std::optional<std::uint16_t> read_port(const Fields& fields, Slot slot);
/// Whether a direction's text says that the connection was made to the host: any shipper's word, or the number of Windows' message.
bool is_inbound(std::string_view direction);
/// Sysmon's word for a process that was gone before it could look. A call of one is a call all the same.
inline constexpr std::string_view unknown_process = "<unknown process>";

/// The first of `slots`, in this order, that holds an address.
struct AddressReading {
  std::optional<Endpoint> found;
  Slot where{};  ///< the field that holds none, or the one that was expected
};
AddressReading read_address(const Fields& fields, std::span<const Slot> slots);
/// Destination and port of a connection. A port behind the address counts where `port` tells none. What to reject the event as, if none of
/// `addresses` holds one.
std::optional<Decoded> read_destination(const EventInput& in, Format format, std::initializer_list<Slot> addresses, Slot port, ConnectionEvent& out);
/// "tcp" or "udp" for their names in any case and their IANA numbers, else as written.
std::string_view read_transport(std::string_view text);
AgentFields read_agent(const Fields& fields);
CloudFields read_cloud(const Fields& fields);
/// Whether a system's name is one of Windows: `windows` in any place and case ("Microsoft Windows Server 2019"), or "Win10".
bool is_windows(std::string_view system);
/// Whether two names, one of them perhaps with a domain, mean the same machine.
bool same_first_label(std::string_view a, std::string_view b);

}  // namespace imdswatch
