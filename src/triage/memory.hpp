#pragma once

#include <compare>
#include <limits>
#include <tuple>
#include <vector>

#include "imdswatch/triage/policy.hpp"
#include "imdswatch/triage/rows.hpp"
#include "table.hpp"

namespace imdswatch::triage {

/// An alert's identity, ordered so that what belongs to one signature, and within it to one host, stands together.
struct AlertKey {
  Signature signature;
  HostId host;
  Bucket bucket;
  friend auto operator<=>(const AlertKey&, const AlertKey&) = default;
};
struct MemberKey {
  Signature signature;
  HostId host;
  friend auto operator<=>(const MemberKey&, const MemberKey&) = default;
};

inline AlertKey alert_key(const SightingKey& key) { return {key.signature, key.host, key.bucket}; }
/// Before every key of the signature.
inline AlertKey first_key(const Signature& signature, const HostId& host = HostId{}) {
  return {signature, host, Bucket{std::numeric_limits<std::int64_t>::min()}};
}
inline SightingKey sighting_key(const AlertKey& key) { return {key.bucket, key.host, key.signature}; }

/// All that triage remembers.
struct Memory {
  Table<AlertKey, AlertMemory> alerts;
  Table<Signature, GroupMemory> groups;
  Table<MemberKey, GroupMember> members;
  Table<AlertKey, WaitingFinding> waiting;
  Table<int, PlacesUsed> places;  ///< one row, key 0

  void drain(std::vector<TriageRow>& out);
  void apply(const TriageRow& row);
  void rows(std::vector<TriageRow>& out) const;

  /// The alerts of a host and signature, oldest bucket first.
  [[nodiscard]] std::vector<AlertKey> alerts_of(const Signature& signature, const HostId& host) const;
  [[nodiscard]] std::vector<MemberKey> members_of(const Signature& signature) const;
  void forget_window(const Signature& signature);

  /// Drops what can no longer matter to a run at `run.time` or later.
  void expire(const Run& run, const TriagePolicy& policy);
};

}  // namespace imdswatch::triage
