#include "slot_roles.hpp"

#include <array>

namespace imdswatch {
namespace {

constexpr Slot times[]{Slot::timestamp, Slot::created,  Slot::other_time,     Slot::data_utc_time, Slot::winlog_time,
                       Slot::log_time,  Slot::mde_time, Slot::log_event_time, Slot::wazuh_time,     Slot::falcon_context_time,
                       Slot::falcon_start_time, Slot::ocsf_time, Slot::azure_time, Slot::s1_time};

constexpr Slot addresses[]{Slot::destination_ip, Slot::destination_address, Slot::data_destination_ip, Slot::data_dest_address, Slot::mde_remote_ip,
                           Slot::falcon_remote_ip4, Slot::falcon_remote_ip6, Slot::ocsf_ip, Slot::s1_ip};

constexpr Slot hosts[]{Slot::host_name,    Slot::host_hostname,  Slot::host_id, Slot::winlog_computer,
                       Slot::log_computer, Slot::wazuh_computer, Slot::wazuh_agent,
                       Slot::falcon_computer, Slot::ocsf_host, Slot::ocsf_device_name, Slot::ocsf_device_uid,
                       Slot::azure_computer, Slot::s1_host};

constexpr Slot named[]{
    Slot::process_name, Slot::process_executable,
    Slot::data_image, Slot::data_application, Slot::data_new_process_name,
    Slot::data_process_guid,  // tells a format by being there
    Slot::falcon_aid, Slot::s1_agent, Slot::mde_device_id, Slot::mde_device_name,  // so do these
    Slot::mde_by_name, Slot::mde_by_path, Slot::mde_name, Slot::mde_path,
    Slot::falcon_context_name, Slot::falcon_context_image, Slot::falcon_image,
    Slot::ocsf_actor_name, Slot::ocsf_actor_file, Slot::ocsf_actor_path, Slot::ocsf_process_file, Slot::ocsf_process_path,
    Slot::s1_src_name, Slot::s1_src_image, Slot::s1_tgt_name, Slot::s1_tgt_image,
};

constexpr Slot describing[]{
    Slot::event_id, Slot::agent_id, Slot::agent_name, Slot::agent_version, Slot::cloud_provider, Slot::cloud_account_id, Slot::cloud_instance_id,
    Slot::cloud_region, Slot::host_ip, Slot::destination_port, Slot::network_transport, Slot::winlog_record_id, Slot::data_dest_port,
    Slot::data_protocol, Slot::data_destination_is_ipv6, Slot::data_destination_port, Slot::log_record_id, Slot::wazuh_record_id,
    Slot::mde_remote_port, Slot::mde_protocol, Slot::mde_report_id, Slot::falcon_id, Slot::falcon_remote_port, Slot::falcon_protocol, Slot::ocsf_uid,
    Slot::ocsf_device_ip, Slot::ocsf_instance, Slot::ocsf_account, Slot::ocsf_port, Slot::ocsf_protocol_name, Slot::ocsf_protocol_number,
    Slot::azure_record_id, Slot::s1_port, Slot::configured_peer,
};

constexpr Slot explaining[]{
    Slot::process_command_line, Slot::process_sha256, Slot::process_sha1, Slot::process_md5, Slot::signature_exists, Slot::signature_trusted,
    Slot::signature_status, Slot::signature_valid, Slot::signature_subject, Slot::ext_signature_exists, Slot::ext_signature_trusted,
    Slot::ext_signature_status, Slot::ext_signature_valid, Slot::ext_signature_subject, Slot::parent_name, Slot::parent_executable,
    Slot::parent_entity_id, Slot::parent_pid, Slot::parent_command_line, Slot::parent_sha256, Slot::parent_sha1, Slot::parent_md5,
    Slot::parent_signature_exists, Slot::parent_signature_trusted, Slot::parent_signature_status, Slot::parent_signature_valid,
    Slot::parent_signature_subject, Slot::user_name, Slot::user_domain, Slot::user_id, Slot::data_user, Slot::data_command_line, Slot::data_hashes,
    Slot::data_parent_image, Slot::data_parent_guid, Slot::data_parent_id, Slot::data_parent_command_line, Slot::data_parent_process_name,
    Slot::data_subject_user_name, Slot::data_subject_domain, Slot::data_subject_user_sid, Slot::data_target_user_name, Slot::data_target_domain,
    Slot::data_target_user_sid, Slot::mde_by_command_line, Slot::mde_by_sha256, Slot::mde_by_sha1, Slot::mde_by_md5, Slot::mde_by_parent_name,
    Slot::mde_by_parent_id, Slot::mde_by_account, Slot::mde_by_domain, Slot::mde_by_sid, Slot::mde_command_line, Slot::mde_sha256, Slot::mde_sha1,
    Slot::mde_md5, Slot::mde_account, Slot::mde_domain, Slot::mde_sid, Slot::falcon_command_line, Slot::falcon_sha256, Slot::falcon_sha1,
    Slot::falcon_md5, Slot::falcon_parent_process, Slot::falcon_parent_name, Slot::falcon_user, Slot::falcon_sid, Slot::ocsf_actor_command_line,
    Slot::ocsf_actor_hash_id, Slot::ocsf_actor_hash_name, Slot::ocsf_actor_hash, Slot::ocsf_actor_parent_name, Slot::ocsf_actor_parent_file,
    Slot::ocsf_actor_parent_path, Slot::ocsf_actor_parent_uid, Slot::ocsf_actor_parent_pid, Slot::ocsf_actor_parent_command_line,
    Slot::ocsf_actor_parent_hash_id, Slot::ocsf_actor_parent_hash_name, Slot::ocsf_actor_parent_hash, Slot::ocsf_process_command_line,
    Slot::ocsf_process_hash_id, Slot::ocsf_process_hash_name, Slot::ocsf_process_hash, Slot::ocsf_parent_name, Slot::ocsf_parent_file,
    Slot::ocsf_parent_path, Slot::ocsf_parent_uid, Slot::ocsf_parent_pid, Slot::ocsf_parent_command_line, Slot::ocsf_parent_hash_id,
    Slot::ocsf_parent_hash_name, Slot::ocsf_parent_hash, Slot::ocsf_user_name, Slot::ocsf_user_domain, Slot::ocsf_user_uid,
    Slot::ocsf_actor_process_user_name, Slot::ocsf_actor_process_user_domain, Slot::ocsf_actor_process_user_uid, Slot::ocsf_process_user_name,
    Slot::ocsf_process_user_domain, Slot::ocsf_process_user_uid, Slot::s1_src_user, Slot::s1_tgt_user, Slot::s1_src_command_line, Slot::s1_src_sha256,
    Slot::s1_src_sha1, Slot::s1_src_md5, Slot::s1_src_signed, Slot::s1_src_verified, Slot::s1_src_publisher, Slot::s1_src_parent_name,
    Slot::s1_src_parent_image, Slot::s1_src_parent_uid, Slot::s1_src_parent_pid, Slot::s1_src_parent_command_line, Slot::s1_src_parent_sha256,
    Slot::s1_src_parent_sha1, Slot::s1_src_parent_md5, Slot::s1_src_parent_signed, Slot::s1_src_parent_verified, Slot::s1_src_parent_publisher,
    Slot::s1_tgt_command_line, Slot::s1_tgt_sha256, Slot::s1_tgt_sha1, Slot::s1_tgt_md5, Slot::s1_tgt_signed, Slot::s1_tgt_verified,
    Slot::s1_tgt_publisher,
};

constexpr Slot identifying[]{
    Slot::process_entity_id, Slot::process_pid, Slot::data_process_id, Slot::data_new_process_id, Slot::log_process_id_upper,
    Slot::nxlog_execution_id, Slot::mde_by_id, Slot::mde_by_created, Slot::mde_id, Slot::mde_created, Slot::falcon_context_process, Slot::falcon_target_process, Slot::falcon_pid,
    Slot::ocsf_actor_uid, Slot::ocsf_actor_pid, Slot::ocsf_process_uid, Slot::s1_src_uid, Slot::s1_src_pid, Slot::s1_tgt_uid, Slot::s1_tgt_pid,
    Slot::configured_namespace,
};

constexpr auto roles = [] {
  std::array<Role, slot_count> out{};
  out.fill(Role::decides);
  for (const Slot slot : times) out[static_cast<std::size_t>(slot)] = Role::time;
  for (const Slot slot : addresses) out[static_cast<std::size_t>(slot)] = Role::address;
  for (const Slot slot : hosts) out[static_cast<std::size_t>(slot)] = Role::host;
  for (const Slot slot : named) out[static_cast<std::size_t>(slot)] = Role::named;
  for (const Slot slot : describing) out[static_cast<std::size_t>(slot)] = Role::free;
  for (const Slot slot : explaining) out[static_cast<std::size_t>(slot)] = Role::evidence;
  for (const Slot slot : identifying) out[static_cast<std::size_t>(slot)] = Role::identifies;
  return out;
}();

}  // namespace

Role role_of(Slot slot) { return roles[static_cast<std::size_t>(slot)]; }

}  // namespace imdswatch
