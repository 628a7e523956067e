#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dictionary.hpp"
#include "fading.hpp"
#include "history.hpp"
#include "host_table.hpp"
#include "imdswatch/model/model.hpp"
#include "vote_list.hpp"

namespace imdswatch {

/// Members stand in the order in which they need one another: lists and tables order by the dictionaries.
struct Model::Impl {
  explicit Impl(ModelPolicy the_policy) : policy(std::move(the_policy)), fading(policy), fleet(&names), hosts(names) {}

  /// The values of a name's parts in the fleet, one list for each kind.
  using NameValues = std::array<VoteList, part_kinds>;
  struct Group {
    explicit Group(const Dictionary* names) : votes(names) {}
    std::uint32_t hosts = 0;  ///< that learned in it
    VoteList votes;           ///< for names
  };
  /// Where something has changed since the last drain; hosts, their names and lists of votes know what.
  struct Changed {
    std::vector<std::uint32_t> hosts;                            ///< by number; one that was erased stays among them
    std::vector<std::string> gone_hosts;
    std::vector<std::pair<std::string, std::uint32_t>> gone_names;  ///< host, name
    std::vector<std::pair<std::uint32_t, PartKind>> part_lists;  ///< name and kind
    std::vector<std::uint32_t> groups;
    bool learning = false;
  };
  struct HostSums {  ///< n and Σδ of the host asked for last: a run asks host by host
    const HostTable::Host* host = nullptr;
    std::int32_t minute = 0;
    double total = 0, discounts = 0;
  };

  ModelPolicy policy;
  Fading fading;
  Dictionary names, values, group_names;
  VoteList fleet;                        ///< names
  std::deque<NameValues> fleet_values;   ///< by the name's id
  std::deque<Group> groups;              ///< by the group's id
  HostTable hosts;
  LearningRow learning;
  std::uint64_t made_room = 0, not_learned = 0;
  bool forgot = false;                   ///< since texts were last looked through
  Changed changed;
  mutable HostSums host_sums;

  /// A signature's texts in the dictionaries.
  struct KnownIds {
    std::uint32_t name = no_id;
    SignatureParts parts;
    bool all = false;  ///< every part that it knows is there
  };
  /// Few signatures stand for many sightings, each at one address while its run lasts: a signature is looked up first by what was
  /// found there last, which its texts must confirm.
  [[nodiscard]] const KnownIds& ids_of(const Signature& signature) const;
  [[nodiscard]] bool are_of(const KnownIds& ids, const Signature& signature) const;
  mutable std::array<KnownIds, 1024> found_last{};  ///< by address
  mutable KnownIds found_now;

  std::uint32_t name_id(std::string_view name);
  std::uint32_t group_id(std::string_view group);
  [[nodiscard]] VoteList& values_of(std::uint32_t name, PartKind kind) { return fleet_values[name][static_cast<std::size_t>(kind)]; }
  /// To be changed: listed for the next drain.
  VoteList& edit_values_of(std::uint32_t name, PartKind kind);
  VoteList& edit_group(std::uint32_t group);
  void list(HostTable::Host& host);
  [[nodiscard]] const VoteList& values_of(std::uint32_t name, PartKind kind) const {
    return fleet_values[name][static_cast<std::size_t>(kind)];
  }

  // reading
  struct Asked {
    std::int32_t minute = 0, day = 0;         ///< of the run
    std::uint32_t name = no_id, group = no_id;
    const HostTable::Host* host = nullptr;    ///< null: it has learned nothing
    const HostTable::Entry* entry = nullptr;  ///< null: it does not know the name
    std::uint32_t fleet_hosts = 0;            ///< beside this one
  };
  [[nodiscard]] Level host_level(const HostTable::Host& host, const HostTable::Entry* entry, std::int32_t minute) const;
  void count_name(const Asked& asked, SignatureCounts& out) const;
  /// `id` of the part's value; no_id: it is unknown, or nobody has shown it.
  void count_part(const Asked& asked, bool known, PartKind kind, std::uint32_t id, std::span<const KnownPart> on_host, PartCounts& out) const;

  // learning
  HostTable::Host& open_host(const LeavingLook& first, std::string_view peer_value, EventTime run_time);
  void top_up(const HostTable::Host& host, std::int32_t day);
  void join(HostTable::Host& host, std::uint32_t group, std::int32_t day);
  void learn_first(HostTable::Host& host, const LeavingLook& leaving, EventTime run_time);
  void learn_name(HostTable::Host& host, std::span<const LeavingLook> leaving, EventTime run_time, bool in_learning);
  void vote(const HostTable::Host& host, std::uint32_t name, EventTime first, std::int32_t day);
  void withdraw(const HostTable::Host& host, std::uint32_t name, double weight, std::int32_t day);
  void forget(EventTime run_time);
  void forget_of(HostTable::Host& host, EventTime run_time);
  void drop_unused_texts();
  /// Whether the host may learn one name more; forgets one if it must.
  bool make_room_for_name(HostTable::Host& host, EventTime run_time);
  void forget_name(HostTable::Host& host, const HostTable::Entry& entry, std::int32_t day);
  /// After signatures were forgotten: the parts that only they had, and their votes.
  void drop_unused_parts(std::uint32_t name, History& history, std::int32_t day);

  void apply_row(const HostRow& row);
  void apply_row(const HostNameRow& row);
  void apply_row(const FleetNameRow& row);
  void apply_row(const FleetPartRow& row);
  void apply_row(const PeerNameRow& row);
  void apply_row(const LearningRow& row);

  [[nodiscard]] HostRow host_row(const HostTable::Host& host) const;
  [[nodiscard]] HostNameRow host_name_row(const HostTable::Host& host, const HostTable::Entry& entry) const;
  [[nodiscard]] FleetPartRow fleet_part_row(std::uint32_t name, PartKind kind, std::uint32_t id, const Votes* votes) const;
  void drain_hosts(const std::function<void(const ModelRow&)>& out);
  void drain_gone(const std::function<void(const ModelRow&)>& out);
  void drain_votes(const std::function<void(const ModelRow&)>& out);
};

}  // namespace imdswatch
