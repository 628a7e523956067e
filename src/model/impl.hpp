#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dictionary.hpp"
#include "history.hpp"
#include "host_table.hpp"
#include "imdswatch/model/model.hpp"
#include "vote_list.hpp"

namespace imdswatch {

/// Members stand in the order in which they need one another: lists and tables order by the dictionaries.
struct Model::Impl {
  explicit Impl(ModelPolicy the_policy) : policy(std::move(the_policy)), fleet(&names), hosts(names) {}

  /// The values of a name's parts in the fleet, one list for each kind.
  using NameValues = std::array<VoteList, part_kinds>;
  struct Group {
    explicit Group(const Dictionary* names) : votes(names) {}
    std::uint32_t hosts = 0;  ///< that learned in it
    VoteList votes;           ///< for names
  };
  struct FleetPart {
    std::uint32_t name = no_id;
    PartKind kind{};
    std::uint32_t id = no_id;
    friend auto operator<=>(const FleetPart&, const FleetPart&) = default;
  };
  /// Keys of rows that changed since the last drain.
  struct Changed {
    std::vector<std::string> hosts;
    std::vector<std::pair<std::string, std::uint32_t>> host_names;
    std::set<std::uint32_t> fleet_names;
    std::set<FleetPart> fleet_parts;
    std::set<std::pair<std::uint32_t, std::uint32_t>> peer_names;  ///< group, name
    bool learning = false;
  };
  struct HostSums {  ///< n and Σδ of the host asked for last: a run asks host by host
    const HostTable::Host* host = nullptr;
    std::int32_t minute = 0;
    double total = 0, discounts = 0;
  };

  ModelPolicy policy;
  Dictionary names, values, group_names;
  VoteList fleet;                        ///< names
  std::deque<NameValues> fleet_values;   ///< by the name's id
  std::deque<Group> groups;              ///< by the group's id
  HostTable hosts;
  LearningRow learning;
  Changed changed;
  mutable HostSums host_sums;

  std::uint32_t name_id(std::string_view name);
  std::uint32_t group_id(std::string_view group);
  [[nodiscard]] VoteList& values_of(std::uint32_t name, PartKind kind) { return fleet_values[name][static_cast<std::size_t>(kind)]; }
  [[nodiscard]] const VoteList& values_of(std::uint32_t name, PartKind kind) const {
    return fleet_values[name][static_cast<std::size_t>(kind)];
  }

  // reading
  struct Asked {
    EventTime run_time;
    std::uint32_t name = no_id, group = no_id;
    const HostTable::Host* host = nullptr;    ///< null: it has learned nothing
    const HostTable::Entry* entry = nullptr;  ///< null: it does not know the name
    std::uint32_t fleet_hosts = 0;            ///< beside this one
  };
  [[nodiscard]] Level host_level(const HostTable::Host& host, const HostTable::Entry* entry, std::int32_t minute) const;
  void count_name(const Asked& asked, SignatureCounts& out) const;
  [[nodiscard]] PartCounts count_part(const Asked& asked, const Signature& signature, PartKind kind, const History& history) const;

  // learning
  HostTable::Node& open_host(const Leaving& first, std::string_view peer_value, EventTime run_time);
  void top_up(const HostTable::Host& host, std::int32_t day);
  void join(HostTable::Node& node, std::uint32_t group, std::int32_t day);
  void learn_name(HostTable::Node& node, std::span<const Leaving> leaving, EventTime run_time, bool in_learning);
  void vote(const HostTable::Host& host, std::uint32_t name, EventTime first, std::int32_t day);
  void withdraw(const HostTable::Host& host, std::uint32_t name, double weight, std::int32_t day);
  void forget(EventTime run_time);
  void forget_of(const std::string& host, EventTime run_time);

  [[nodiscard]] bool text_less(const FleetPart& a, const FleetPart& b) const;
  void apply_row(const HostRow& row);
  void apply_row(const HostNameRow& row);
  void apply_row(const FleetNameRow& row);
  void apply_row(const FleetPartRow& row);
  void apply_row(const PeerNameRow& row);
  void apply_row(const LearningRow& row);

  [[nodiscard]] HostRow host_row(const std::string& host) const;
  [[nodiscard]] HostNameRow host_name_row(const std::string& host, std::uint32_t name) const;
  [[nodiscard]] FleetNameRow fleet_name_row(std::uint32_t name) const;
  [[nodiscard]] FleetPartRow fleet_part_row(const FleetPart& part) const;
  [[nodiscard]] PeerNameRow peer_name_row(std::uint32_t group, std::uint32_t name) const;
};

}  // namespace imdswatch
