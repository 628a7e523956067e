#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "imdswatch/base/limits.hpp"

namespace imdswatch {

/// A field of interest in some format; paths.cpp says where it stands. A new format adds what it needs.
enum class Slot : std::uint16_t {
  timestamp, created, other_time,
  event_kind, event_category, event_type, event_action, event_outcome, event_module, event_dataset, event_id, event_code,
  agent_id, agent_name, agent_type, agent_version,
  cloud_provider, cloud_account_id, cloud_instance_id, cloud_region,
  host_name, host_hostname, host_id, host_ip, host_os_type, host_os_family, host_os_platform, host_os_name,
  process_name, process_executable, process_entity_id, process_pid, process_command_line,
  process_sha256, process_sha1, process_md5,
  signature_exists, signature_trusted, signature_status, signature_valid, signature_subject,
  ext_signature_exists, ext_signature_trusted, ext_signature_status, ext_signature_valid, ext_signature_subject,
  parent_name, parent_executable, parent_entity_id, parent_pid, parent_command_line,
  parent_sha256, parent_sha1, parent_md5,
  parent_signature_exists, parent_signature_trusted, parent_signature_status, parent_signature_valid, parent_signature_subject,
  user_name, user_domain, user_id,
  destination_ip, destination_address, destination_port, network_direction, network_transport,
  winlog_channel, winlog_provider, winlog_event_id, winlog_computer, winlog_record_id, winlog_time,
  data_utc_time, data_image, data_process_guid, data_process_id, data_user, data_command_line, data_hashes,
  data_parent_image, data_parent_guid, data_parent_id, data_parent_command_line,
  data_application, data_direction, data_dest_address, data_dest_port,
  data_new_process_name, data_new_process_id, data_parent_process_name,
  data_subject_user_name, data_subject_domain, data_subject_user_sid, data_target_user_name, data_target_domain, data_target_user_sid,
  data_initiated, data_protocol, data_destination_ip, data_destination_is_ipv6, data_destination_port,
  log_channel, log_provider, log_event_id, log_computer, log_record_id, log_time, log_event_time,
  log_process_id_upper, nxlog_module, nxlog_execution_id, string_inserts,
  wazuh_channel, wazuh_provider, wazuh_event_id, wazuh_computer, wazuh_record_id, wazuh_time, wazuh_agent,
  mde_action, mde_time, mde_device_id, mde_device_name, mde_remote_ip, mde_remote_port, mde_protocol, mde_report_id,
  mde_by_name, mde_by_path, mde_by_id, mde_by_created, mde_by_command_line, mde_by_sha256, mde_by_sha1, mde_by_md5, mde_by_parent_name, mde_by_parent_id,
  mde_by_account, mde_by_domain, mde_by_sid,
  mde_name, mde_path, mde_id, mde_created, mde_command_line, mde_sha256, mde_sha1, mde_md5, mde_account, mde_domain, mde_sid,
  falcon_event, falcon_aid, falcon_id, falcon_platform, falcon_computer, falcon_context_time, falcon_start_time,
  falcon_context_process, falcon_context_name, falcon_context_image, falcon_direction, falcon_remote_ip4, falcon_remote_ip6, falcon_remote_port,
  falcon_protocol, falcon_target_process, falcon_pid, falcon_image, falcon_command_line, falcon_sha256, falcon_sha1, falcon_md5,
  falcon_parent_process, falcon_parent_name, falcon_user, falcon_sid,
  ocsf_class, ocsf_activity, ocsf_type, ocsf_status, ocsf_action, ocsf_disposition, ocsf_time, ocsf_uid,
  ocsf_class_name, ocsf_activity_name, ocsf_status_name, ocsf_action_name, ocsf_disposition_name,
  ocsf_host, ocsf_device_name, ocsf_device_uid, ocsf_device_ip, ocsf_os_id, ocsf_os_type, ocsf_os_name, ocsf_instance, ocsf_account,
  ocsf_ip, ocsf_port, ocsf_direction_id, ocsf_direction, ocsf_protocol_name, ocsf_protocol_number,
  ocsf_actor_name, ocsf_actor_file, ocsf_actor_path, ocsf_actor_uid, ocsf_actor_pid, ocsf_actor_command_line,
  ocsf_actor_hash_id, ocsf_actor_hash_name, ocsf_actor_hash,
  ocsf_actor_parent_name, ocsf_actor_parent_file, ocsf_actor_parent_path, ocsf_actor_parent_uid, ocsf_actor_parent_pid,
  ocsf_actor_parent_command_line, ocsf_actor_parent_hash_id, ocsf_actor_parent_hash_name, ocsf_actor_parent_hash,
  ocsf_process_file, ocsf_process_path, ocsf_process_uid, ocsf_process_command_line,
  ocsf_process_hash_id, ocsf_process_hash_name, ocsf_process_hash,
  ocsf_parent_name, ocsf_parent_file, ocsf_parent_path, ocsf_parent_uid, ocsf_parent_pid, ocsf_parent_command_line,
  ocsf_parent_hash_id, ocsf_parent_hash_name, ocsf_parent_hash,
  ocsf_user_name, ocsf_user_domain, ocsf_user_uid, ocsf_actor_process_user_name, ocsf_actor_process_user_domain, ocsf_actor_process_user_uid,
  ocsf_process_user_name, ocsf_process_user_domain, ocsf_process_user_uid,
  azure_table, azure_event_data, azure_channel, azure_provider, azure_event_id, azure_computer, azure_record_id, azure_time,
  s1_source, s1_meta, s1_agent, s1_host, s1_os, s1_os_name, s1_time, s1_direction, s1_status, s1_ip, s1_port, s1_src_user, s1_tgt_user,
  s1_src_name, s1_src_image, s1_src_uid, s1_src_pid, s1_src_command_line, s1_src_sha256,
  s1_src_sha1, s1_src_md5, s1_src_signed, s1_src_verified, s1_src_publisher,
  s1_src_parent_name, s1_src_parent_image, s1_src_parent_uid, s1_src_parent_pid, s1_src_parent_command_line, s1_src_parent_sha256,
  s1_src_parent_sha1, s1_src_parent_md5, s1_src_parent_signed, s1_src_parent_verified, s1_src_parent_publisher,
  s1_tgt_name, s1_tgt_image, s1_tgt_uid, s1_tgt_pid, s1_tgt_command_line, s1_tgt_sha256,
  s1_tgt_sha1, s1_tgt_md5, s1_tgt_signed, s1_tgt_verified, s1_tgt_publisher,
  configured_namespace, configured_peer,
  custom_first, custom_last = custom_first + limits::max_custom_pointers - 1,  ///< one for each pointer of `custom`
  count
};
inline constexpr auto slot_count = static_cast<std::size_t>(Slot::count);
using SlotSet = std::bitset<slot_count>;

/// Where a slot stands: a dotted path in lower case, or nothing (the configured ones).
struct SlotPath {
  Slot slot;
  std::string_view path;
  std::string_view written = {};  ///< only where the last part is written in this letter case
};
/// All paths of all formats; several can lead to one slot, the surest first.
const std::vector<SlotPath>& slot_paths();
/// Those of them that products with names of their own need: paths.cpp gathers all.
const std::vector<SlotPath>& product_paths();
/// Windows' own names of an event's data, in lower case, without what a shipper puts before them.
std::span<const SlotPath> event_data_names();
/// The first path of a slot, for a person.
std::string_view path_of(Slot slot);
/// Whether all elements of an array count, rather than the first one.
constexpr bool is_list(Slot slot) {
  return slot == Slot::event_category || slot == Slot::event_type || slot == Slot::event_action || slot >= Slot::custom_first;
}
/// Whether the configuration says where it stands. Added to the tree after the fixed ones.
constexpr bool is_configured(Slot slot) { return slot >= Slot::configured_namespace; }

/// Whether an array's elements mean something by their place.
constexpr bool is_positional(Slot slot) { return slot == Slot::string_inserts; }

/// A text as a whole number: decimal, or hexadecimal after 0x, blanks around it left out; nothing for a fraction, a sign or what does not fit.
std::optional<std::uint64_t> number_of(std::string_view text);

/// What one event says at the paths of interest. Texts live in the message or its arena. Empty means missing: null, "" and "-"
/// never come in. Of several paths to a slot the surest that says something wins, of duplicate keys the first.
class Fields {
 public:
  /// `asked` gets every slot that is asked for; it must outlive this and all copies.
  explicit Fields(SlotSet& asked) : asked_(&asked) {}
  void clear();
  /// `rank`: of the path on which it stood, 0 the surest.
  void put(Slot slot, std::string_view text, std::uint8_t rank = 0);
  /// The next value of a list whose places count: nothing is left out but what lies beyond `limits::max_inserts`.
  void put_insert(std::string_view text);
  [[nodiscard]] const std::vector<std::string_view>& inserts() const { return inserts_; }
  /// Another text for a slot, whatever it holds.
  void replace(Slot slot, std::string_view text);

  [[nodiscard]] std::string_view text(Slot slot) const {
    asked_->set(static_cast<std::size_t>(slot));
    return values_[static_cast<std::size_t>(slot)];
  }
  [[nodiscard]] bool has(Slot slot) const { return !text(slot).empty(); }
  /// Whether all that is said of it is a dash: Windows' way of writing that a value is not known.
  [[nodiscard]] bool is_dash(Slot slot) const { return !has(slot) && dashes_[static_cast<std::size_t>(slot)]; }
  /// The first of these that is not empty.
  template <class... Slots>
  [[nodiscard]] std::string_view first_of(Slot slot, Slots... more) const {
    if constexpr (sizeof...(more) == 0) {
      return text(slot);
    } else {
      return has(slot) ? text(slot) : first_of(more...);
    }
  }
  // These leave out the blanks around a value, as some pipelines pad them; `text` is as written.
  /// Whether the value, or one of the list's, is this word, in any case.
  [[nodiscard]] bool contains(Slot slot, std::string_view word) const;
  [[nodiscard]] bool is(Slot slot, std::string_view word) const;
  /// `number_of` its text, which may have been a number.
  [[nodiscard]] std::optional<std::uint64_t> number(Slot slot) const { return number_of(text(slot)); }
  [[nodiscard]] std::optional<bool> flag(Slot slot) const;

 private:
  SlotSet* asked_;
  std::array<std::string_view, slot_count> values_{};
  std::array<std::uint8_t, slot_count> ranks_{};          ///< of values that are not empty
  std::vector<Slot> used_;                                ///< so that clearing costs what filling did
  std::vector<std::pair<Slot, std::string_view>> more_;   ///< second and later elements of lists
  std::vector<std::string_view> inserts_;
  SlotSet dashes_;
};

}  // namespace imdswatch
