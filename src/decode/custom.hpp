#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "custom_time.hpp"
#include "formats.hpp"
#include "imdswatch/decode/custom.hpp"
#include "path_tree.hpp"

namespace imdswatch {

/// What can be mapped, in the order of custom_fields(). A parent has what a process has.
enum class CustomField : std::uint8_t {
  time, event_id,
  host_name, host_id, host_ip, host_os_name,
  process_name, process_executable, process_entity_id, process_pid, process_command_line, process_sha256, process_sha1, process_md5,
  process_signature_exists, process_signature_trusted, process_signature_valid, process_signature_subject,
  parent_name, parent_executable, parent_entity_id, parent_pid, parent_command_line, parent_sha256, parent_sha1, parent_md5,
  parent_signature_exists, parent_signature_trusted, parent_signature_valid, parent_signature_subject,
  user_name, user_domain, user_id,
  destination_ip, destination_port, network_transport,
  agent_id, agent_name, agent_type, agent_version,
  cloud_provider, cloud_account_id, cloud_instance_id, cloud_region,
  count
};

/// Reads events by a mapping that the configuration has found sound.
class CustomReader {
 public:
  /// Adds the mapping's paths to `tree`.
  CustomReader(const CustomMapping& mapping, PathTree& tree);
  [[nodiscard]] bool recognises(const Fields& fields) const;
  /// In place of what an event lacks, to tell the rest of it.
  struct MadeUp {
    std::optional<EventTime> time;
    std::string_view host;
  };
  [[nodiscard]] Decoded read(const EventInput& in, const MadeUp& made_up) const;

 private:
  /// All must hold; none holds always.
  using Conditions = std::vector<std::pair<Slot, std::vector<std::string>>>;
  static bool hold(const Conditions& conditions, const Fields& fields);
  [[nodiscard]] bool tells(const Conditions& conditions, const Fields& fields) const { return !conditions.empty() && hold(conditions, fields); }

  Slot slot_of(const std::string& pointer, PathTree& tree);
  Conditions compile(const CustomMapping::Entries& entries, PathTree& tree);

  [[nodiscard]] std::optional<Slot> said(const Fields& fields, CustomField field) const;
  [[nodiscard]] std::string_view text(const Fields& fields, CustomField field) const;
  [[nodiscard]] std::optional<IgnoreReason> why_ignored(const Fields& fields) const;
  [[nodiscard]] std::optional<EventTime> time(const Fields& fields) const;
  [[nodiscard]] ProcessFields process(const Fields& fields, CustomField name) const;
  [[nodiscard]] UserFields user(const Fields& fields) const;
  [[nodiscard]] Decoded connection(const EventInput& in, Event event) const;
  [[nodiscard]] Decoded rejected_at(const EventInput& in, RejectReason reason, CustomField field, std::string_view what) const;

  std::array<std::vector<Slot>, static_cast<std::size_t>(CustomField::count)> slots_;
  std::map<std::string, Slot> by_path_;  ///< pointers that lead to the same place share a slot
  CustomTime time_;
  Conditions event_, connection_, start_, windows_, outgoing_, connected_;
};

}  // namespace imdswatch
