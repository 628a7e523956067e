#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "imdswatch/base/ids.hpp"
#include "imdswatch/base/time.hpp"
#include "imdswatch/decode/event.hpp"
#include "imdswatch/sieve/signature.hpp"

namespace imdswatch {

/// Where a call comes from. Within a partition origins only grow: what is not higher was told before.
struct Origin {
  TopicId topic;
  Partition partition;
  LeaderEpoch epoch;   ///< of the partition's leader; -1 where the broker does not tell
  Offset offset;
  std::uint32_t place = 0;  ///< of the event in its message, counted from 0 over all events of it
  friend bool operator==(const Origin&, const Origin&) = default;
  friend auto operator<=>(const Origin&, const Origin&) = default;
  [[nodiscard]] TopicPartition source() const { return {topic, partition}; }
};

/// A process as told by an event, text owned and cut to limits; empty text means unknown.
struct ProcessDetails {
  std::string name, executable, entity_id, command_line, hash_sha256, hash_sha1, hash_md5;
  std::optional<std::uint64_t> pid;
  friend bool operator==(const ProcessDetails&, const ProcessDetails&) = default;
};

/// What explains a call and may match an exception, but never decides whether it is unusual.
struct Evidence {
  ProcessDetails process;
  ProcessDetails parent;
  std::string user_name, user_domain, user_id;
  std::string signer_subject;
  std::optional<bool> signature_trusted;
  std::optional<EventTime> process_start;
  bool joined = false;  ///< whether a process start was found, at the call or later
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// What the shipper says of the machine; passed through, so that someone can isolate the host and revoke its role.
struct HostAttributes {
  std::string name, id, os_name, ip;
  std::string agent_id, agent_name, agent_type, agent_version;
  std::string cloud_provider, cloud_account_id, cloud_instance_id, cloud_region;
  std::string peer_value;  ///< of the configured `host.peer_field`
  friend bool operator==(const HostAttributes&, const HostAttributes&) = default;
};

/// One call to the metadata service, as it stands on the call log.
struct Call {
  Origin origin;
  EventTime time;      ///< by the event, or by its stream where `clock_skewed`
  HostId host;
  Signature signature;
  Evidence evidence;
  HostAttributes attributes;
  IpAddress destination;
  std::optional<std::uint16_t> port;
  std::string transport;
  std::string event_id;
  Format format = Format::unknown;
  bool clock_skewed = false;
  friend bool operator==(const Call&, const Call&) = default;
};

/// Evidence for a call that went out before its process start was seen. Added to the next version of an alert; mutes nothing.
struct Lineage {
  Origin call;         ///< the call that it explains
  HostId host;
  EventTime call_time;
  Evidence evidence;
  friend bool operator==(const Lineage&, const Lineage&) = default;
};

/// A subscribed topic, as the sieve sees it.
struct RosterEntry {
  TopicId topic;
  std::int32_t partitions = 0;
  friend bool operator==(const RosterEntry&, const RosterEntry&) = default;
  friend auto operator<=>(const RosterEntry&, const RosterEntry&) = default;
};

/// How far one input partition has been read. Written to every shard every few seconds.
struct Progress {
  std::vector<RosterEntry> roster;       ///< all subscribed topics, ordered
  TopicPartition source;
  std::optional<EventTime> watermark;    ///< none while no event with a time was read
  bool at_end = false;                   ///< the broker has confirmed for 60 s that there is nothing more
  Generation generation;                 ///< of the raw consumer group
  WallTime wall;                         ///< the sieve's clock when this was written
  friend bool operator==(const Progress&, const Progress&) = default;
};

}  // namespace imdswatch
