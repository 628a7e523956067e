#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "imdswatch/base/time.hpp"
#include "imdswatch/decode/ip_address.hpp"

namespace imdswatch {

/// A shipper's way of writing events, told event by event.
enum class Format : std::uint8_t { unknown, elastic_defend, winlogbeat_raw, winlogbeat_ecs, windows_flat, wazuh, defender, crowdstrike, ocsf, fluent_bit,
                                    azure_monitor, sentinelone, custom };
std::string_view to_string(Format format);
std::optional<Format> format_named(std::string_view name);
/// Whether it carries records of the Windows event log (Sysmon's, the Security log's): their connections never tell a signature.
bool is_windows_log(Format format);

/// Why an event is of no interest. A closed list: each is a counter.
enum class IgnoreReason : std::uint8_t {
  not_windows,         ///< the event says its host runs another system
  other_event,         ///< neither a connection nor a process start (registry, DNS, end of a process, …)
  incoming,            ///< a connection made to the host
  not_connected,       ///< a connection that failed or was blocked
  unknown_format,      ///< valid JSON with a time, but no shipper's that this version knows
  other_format,        ///< not of the one format that the configuration fixes for its topic (`formats`)
};
std::string_view to_string(IgnoreReason reason);

/// Why an event cannot be used. A closed list: each is a counter and a dead-letter header.
enum class RejectReason : std::uint8_t {
  malformed_json,
  invalid_utf8,
  empty_message,
  bad_compression,       ///< gzip or zlib data that is damaged or cut off
  message_too_large,
  nested_too_deep,
  too_many_events,
  not_an_object,         ///< valid JSON, but a number, a string, …
  no_time,               ///< a known shipper's event without its time
  bad_time,              ///< its time does not parse, or lies outside 1980–2200
  no_host,               ///< a connection or process start that does not say on which host
  no_process,            ///< a connection without any name or path of a process
  bad_address,           ///< a connection whose destination does not parse
  bad_event_data,        ///< a connection or process start whose data is a text that is broken or too long
};
std::string_view to_string(RejectReason reason);

/// What follows holds text that lives in the decoder until its next call; empty text means the event did not say it.
struct HostFields {
  std::string_view name;  ///< as written; the best name where several are given (Sysmon: winlog.computer_name)
  std::string_view id;
  std::string_view os_name;
  std::string_view ip;    ///< the first one listed
};

struct AgentFields {
  std::string_view id, name, type, version;
};

struct CloudFields {
  std::string_view provider, account_id, instance_id, region;
};

struct CodeSignature {
  std::optional<bool> exists, trusted, valid;  ///< valid: what the shipper's status says
  std::string_view subject;
  [[nodiscard]] bool known() const { return exists || trusted || valid || !subject.empty(); }
};

struct ProcessFields {
  std::string_view name;         ///< base name, case as written; taken from the path where the event has only that
  std::string_view executable;   ///< full path, as written
  std::string_view entity_id;    ///< entity_id or ProcessGuid
  std::optional<std::uint64_t> pid;
  std::optional<EventTime> started;  ///< where the shipper tells it of each event: with the pid, which process it is
  std::string_view command_line;
  std::string_view hash_sha256, hash_sha1, hash_md5;
  CodeSignature signature;
};

struct UserFields {
  std::string_view name, domain, id;  ///< id: a SID
  [[nodiscard]] bool known() const { return !name.empty() || !id.empty(); }
};

/// An outgoing connection from a Windows host, to anywhere.
struct ConnectionEvent {
  ProcessFields process;
  ProcessFields parent;          ///< what the event itself says of the parent
  UserFields user;
  IpAddress destination;
  std::optional<std::uint16_t> port;
  std::string_view transport;    ///< "tcp", "udp", or empty
};

struct ProcessStartEvent {
  ProcessFields process;
  ProcessFields parent;
  UserFields user;
};

/// An event that ends in account `kept` or, if it is a connection elsewhere, `ignored`: the sieve decides.
struct Event {
  Format format = Format::unknown;
  EventTime time;
  HostFields host;
  AgentFields agent;
  CloudFields cloud;
  std::string_view event_id;
  std::string_view peer_value;       ///< value of the configured `host.peer_field`
  std::string_view namespace_value;  ///< value of the configured `host.namespace` field
  std::variant<ConnectionEvent, ProcessStartEvent> what;
};

struct Ignored {
  Format format = Format::unknown;
  IgnoreReason reason{};
  std::optional<EventTime> time;  ///< moves the watermark, where the event has one
  std::string_view host;          ///< as written, for the rule on wrong clocks
};

struct Rejected {
  Format format = Format::unknown;
  RejectReason reason{};
  std::string_view detail;        ///< for a person: where and what
  /// With DecodeConfig::explain_rejected, where only time or host is wrong: the rest of it. `host` or `time` are not to be used.
  const Event* otherwise = nullptr;
};

/// One event of a message, in the message's order.
using Decoded = std::variant<Event, Ignored, Rejected>;

}  // namespace imdswatch
