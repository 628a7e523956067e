#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "imdswatch/score/finding.hpp"

namespace imdswatch {

/// Rows of triage: absolute values under keys that compaction can keep apart. `nullopt` is a tombstone.

/// What is remembered of an alert of one host; key: its identity, the (host, signature, bucket) of its first finding.
struct AlertMemory {
  enum class State : std::uint8_t {
    put_off,  ///< not told yet: carried because of the cap
    told,     ///< told singly, `version` times
    grouped,  ///< part of the group alert of `group`
  };
  State state{};
  std::uint32_t version = 0;          ///< the latest told; grouped: always 0, the group has versions of its own
  Bucket told_in;                     ///< `closing` of the run that told the latest version
  Bucket group;                       ///< grouped: bucket of the group's identity
  EventTime suppress_from;            ///< first call of the first finding: repeats count from here, whatever comes late
  EventTime first_call, last_call;    ///< over all that was added
  std::uint64_t calls = 0;
  std::vector<std::string> user_ids;  ///< sorted; at most limits::max_user_ids
  std::vector<Bucket> joined;         ///< sorted; the open sightings whose calls are in it, its own included
  friend bool operator==(const AlertMemory&, const AlertMemory&) = default;
};
struct AlertMemoryRow {
  SightingKey key;
  std::optional<AlertMemory> value;
  friend bool operator==(const AlertMemoryRow&, const AlertMemoryRow&) = default;
};

/// A signature's roll-out window and its group alert, if there is one; key: the signature.
struct GroupMemory {
  Bucket bucket;                    ///< of the finding that opened the window; part of the group alert's identity
  EventTime start;                  ///< that finding's first call
  std::uint32_t singles = 0;        ///< hosts of the window that were told singly
  std::uint32_t version = 0;        ///< of the group alert; 0: all hosts so far were told singly
  Bucket told_in;                   ///< `closing` of the run that told the latest version
  EventTime first_call, last_call;  ///< over the grouped hosts
  std::uint64_t calls = 0;          ///< of the grouped hosts, repeats included
  friend bool operator==(const GroupMemory&, const GroupMemory&) = default;
};
struct GroupMemoryRow {
  Signature signature;
  std::optional<GroupMemory> value;
  friend bool operator==(const GroupMemoryRow&, const GroupMemoryRow&) = default;
};

/// A host's part in its signature's present window; key: (signature, host).
struct GroupMember {
  enum class Part : std::uint8_t {
    single,   ///< one of the first hosts, told singly
    joining,  ///< joins the group alert with its next version
    listed,   ///< stands in the group alert
  };
  Part part{};
  friend bool operator==(const GroupMember&, const GroupMember&) = default;
};
struct GroupMemberRow {
  Signature signature;
  HostId host;
  std::optional<GroupMember> value;
  friend bool operator==(const GroupMemberRow&, const GroupMemberRow&) = default;
};

/// What is still to be told of an alert; key: the alert's identity. Its memory's state says whether it is the alert itself (put
/// off by the cap) or calls for its next version (`continuous` mode: at most one version in each run).
struct WaitingFinding {
  Finding finding;
  EventTime since;  ///< the run that put it off
  friend bool operator==(const WaitingFinding&, const WaitingFinding&) = default;
};
struct WaitingFindingRow {
  SightingKey key;
  std::optional<WaitingFinding> value;
  friend bool operator==(const WaitingFindingRow&, const WaitingFindingRow&) = default;
};

/// What the present run has used up of its places; one row.
struct PlacesUsed {
  Bucket closing;                        ///< which run
  std::uint64_t told = 0;                ///< new alerts
  std::uint64_t told_older = 0;          ///< of them, told because they were carried longest
  std::uint64_t dropped = 0;             ///< findings that could not be carried
  std::uint32_t overflow_version = 0;    ///< of the alert that counts them
  friend bool operator==(const PlacesUsed&, const PlacesUsed&) = default;
};
struct PlacesUsedRow {
  std::optional<PlacesUsed> value;
  friend bool operator==(const PlacesUsedRow&, const PlacesUsedRow&) = default;
};

using TriageRow = std::variant<AlertMemoryRow, GroupMemoryRow, GroupMemberRow, WaitingFindingRow, PlacesUsedRow>;

}  // namespace imdswatch
