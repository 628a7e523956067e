#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imdswatch/sieve/call.hpp"
#include "imdswatch/window/schedule.hpp"

namespace imdswatch {

/// Calls of a sighting that are alike in all that an exception can ask for.
struct ProcessSeen {
  Evidence evidence;
  IpAddress destination;
  std::optional<std::uint16_t> port;
  std::string transport;
  std::uint64_t calls = 0;
  EventTime first, last;
  friend bool operator==(const ProcessSeen&, const ProcessSeen&) = default;
};

struct SourceEvent {
  Origin origin;
  std::string event_id;
  friend bool operator==(const SourceEvent&, const SourceEvent&) = default;
};

struct SightingKey {
  Bucket bucket;
  HostId host;
  Signature signature;
  friend bool operator==(const SightingKey&, const SightingKey&) = default;
  friend auto operator<=>(const SightingKey&, const SightingKey&) = default;  // canonical order of judging
};

/// The calls of one signature on one host in one bucket, or the part of them that a run sees for the first time.
/// Its content does not depend on the order in which the calls stood in the log.
struct Sighting {
  SightingKey key;
  std::uint64_t calls = 0;
  EventTime first, last;
  std::vector<ProcessSeen> processes;       ///< by first call; at most limits::max_processes_per_sighting, chosen by content
  std::uint64_t processes_omitted = 0;      ///< calls of further processes, counted only; no exception mutes them
  std::vector<std::string> user_ids;        ///< sorted; at most limits::max_user_ids; an unknown id is not among them
  std::uint64_t user_ids_omitted = 0;       ///< not 0 if a further id was seen
  std::vector<SourceEvent> sources;         ///< by origin; at most limits::max_sources_per_sighting
  HostAttributes attributes;                ///< of its last call
  std::vector<std::string> host_ids;        ///< all ids and names seen for the host, sorted, bounded like user_ids
  Format format = Format::unknown;          ///< of its first call
  bool late = false;                        ///< some call's own bucket had left the look-back
  bool clock_skewed = false;                ///< some call was given its stream's time
  friend bool operator==(const Sighting&, const Sighting&) = default;
};

/// What was said of a sighting by the first run that saw it; stands until its bucket has left.
struct Judgement {
  bool finding = false;
  double surprise = 0;  ///< −log₁₀ p
  friend bool operator==(const Judgement&, const Judgement&) = default;
};

/// A sighting that a run is to judge: its new calls, and what was said of it before.
struct Candidate {
  Sighting fresh;                     ///< only the calls that no run saw before
  std::optional<Judgement> before;    ///< none: it is to be scored now
};

/// The same, as the window holds it: nothing is copied, so it ends with the call that it is handed to.
struct Fresh {
  const HostId& host;
  const Signature& signature;
  const std::string& peer_value;      ///< of the last call
  const std::optional<Judgement>& before;
};

/// What the model learns from the bucket that leaves.
struct Leaving {
  HostId host;
  Signature signature;
  bool finding = false;
  std::string peer_value;             ///< of `host.peer_field`, empty if none
  EventTime first, last;
};

/// The same, as it stands elsewhere: nothing is copied, so it ends with the call that it is handed to.
struct LeavingLook {
  const HostId* host = nullptr;
  const Signature* signature = nullptr;
  const std::string* peer_value = nullptr;
  bool finding = false;
  EventTime first, last;
};

}  // namespace imdswatch
