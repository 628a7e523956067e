#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "imdswatch/base/ids.hpp"
#include "imdswatch/base/time.hpp"
#include "imdswatch/sieve/signature.hpp"

namespace imdswatch {

/// Rows of the model: absolute values under keys that compaction can keep apart. `nullopt` is a tombstone.
/// All times are those of runs; a minute and a day are counted from 1970, UTC.

/// A number of past buckets, as it stood at the run of `last_minute`, the last that learned it. What it is later, fading says.
struct Seen {
  float count = 0;
  std::int32_t last_minute = 0;
  friend bool operator==(const Seen&, const Seen&) = default;
};

/// The parts of a signature beside the name.
enum class PartKind : std::uint8_t { folder, user, signer };
inline constexpr std::size_t part_kinds = 3;

/// A host that has learned something; key: the host.
struct HostHeader {
  std::int32_t first_minute = 0;
  std::int32_t vote_day = 0;     ///< of its last learned call: its votes are worth 1 on this day, and fade from it
  std::uint32_t buckets = 0;     ///< in which it called at all, never faded
  Seen windows;                  ///< the same, faded
  std::string group;             ///< "stem:web-asg", "field:asg-1", or empty: it has no peers
  friend bool operator==(const HostHeader&, const HostHeader&) = default;
};
struct HostRow {
  HostId host;
  std::optional<HostHeader> value;
  friend bool operator==(const HostRow&, const HostRow&) = default;
};

/// What a host has shown under one name; key: (host, name). Parts and signatures are ordered.
struct PartSeen {
  PartKind kind{};
  std::string value;             ///< of `user` the kind's text
  Seen seen;
  friend bool operator==(const PartSeen&, const PartSeen&) = default;
};
struct SignatureSeen {
  std::optional<std::string> folder;
  std::optional<UserKind> user;
  std::optional<std::string> signer;
  Seen seen;
  bool learned = false;
  std::uint16_t guard_buckets = 0;     ///< learned buckets so far, of a signature that is not learned yet
  std::uint16_t guard_days = 0;        ///< …and on how many days
  std::int32_t guard_last_day = 0;
  friend bool operator==(const SignatureSeen&, const SignatureSeen&) = default;
};
struct NameSeen {
  Seen seen;
  std::vector<PartSeen> parts;
  std::vector<SignatureSeen> signatures;
  friend bool operator==(const NameSeen&, const NameSeen&) = default;
};
struct HostNameRow {
  HostId host;
  std::string name;
  std::optional<NameSeen> value;
  friend bool operator==(const HostNameRow&, const HostNameRow&) = default;
};

/// Votes of the hosts that know something: their sum as it stood on `day`, and how many they are.
struct Votes {
  double sum = 0;
  std::int32_t day = 0;
  std::uint32_t hosts = 0;
  EventTime since;               ///< first call by any of them
  friend bool operator==(const Votes&, const Votes&) = default;
};

/// A name in the fleet; key: the name.
struct FleetNameRow {
  std::string name;
  std::optional<Votes> value;
  friend bool operator==(const FleetNameRow&, const FleetNameRow&) = default;
};
/// A part's value under a name in the fleet; key: (name, kind, value). Rows of their own: a name may have very many.
struct FleetPartRow {
  std::string name;
  PartKind kind{};
  std::string part;              ///< of `user` the kind's text
  std::optional<Votes> value;
  friend bool operator==(const FleetPartRow&, const FleetPartRow&) = default;
};

/// A name among the hosts of a group; key: (group, name).
struct PeerNameRow {
  std::string group, name;
  std::optional<Votes> value;
  friend bool operator==(const PeerNameRow&, const PeerNameRow&) = default;
};

/// The first days; one row, never a tombstone.
struct LearningRow {
  std::optional<EventTime> first_call;
  bool report_made = false;
  std::int32_t swept_day = 0;    ///< when it was last looked for what is to be forgotten
  friend bool operator==(const LearningRow&, const LearningRow&) = default;
};

using ModelRow = std::variant<HostRow, HostNameRow, FleetNameRow, FleetPartRow, PeerNameRow, LearningRow>;

}  // namespace imdswatch
