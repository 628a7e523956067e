#include <deque>
#include <iterator>
#include <string>

#include "fields.hpp"
#include "ocsf.hpp"

namespace imdswatch {
namespace {

constexpr SlotPath fixed_paths[]{
    // CrowdStrike Falcon Data Replicator
    {Slot::falcon_event, "event_simplename"},
    {Slot::falcon_event, "#event_simplename"},
    {Slot::falcon_aid, "aid"},
    {Slot::falcon_id, "id"},
    {Slot::falcon_platform, "event_platform"},
    {Slot::falcon_computer, "computername"},
    {Slot::falcon_context_time, "contexttimestamp"},
    {Slot::falcon_start_time, "processstarttime"},
    {Slot::falcon_context_process, "contextprocessid"},
    {Slot::falcon_context_name, "contextbasefilename"},
    {Slot::falcon_context_image, "contextimagefilename"},
    {Slot::falcon_direction, "connectiondirection"},
    {Slot::falcon_remote_ip4, "remoteaddressip4"},
    {Slot::falcon_remote_ip6, "remoteaddressip6"},
    {Slot::falcon_remote_port, "remoteport"},
    {Slot::falcon_protocol, "protocol"},
    {Slot::falcon_target_process, "targetprocessid"},
    {Slot::falcon_pid, "rawprocessid"},
    {Slot::falcon_image, "imagefilename"},
    {Slot::falcon_command_line, "commandline"},
    {Slot::falcon_sha256, "sha256hashdata"},
    {Slot::falcon_sha1, "sha1hashdata"},
    {Slot::falcon_md5, "md5hashdata"},
    {Slot::falcon_parent_process, "parentprocessid"},
    {Slot::falcon_parent_name, "parentbasefilename"},
    {Slot::falcon_user, "username"},
    {Slot::falcon_sid, "usersid"},
    // OCSF, with the processes above
    {Slot::ocsf_class, "class_uid"},
    {Slot::ocsf_activity, "activity_id"},
    {Slot::ocsf_type, "type_uid"},
    {Slot::ocsf_status, "status_id"},
    {Slot::ocsf_action, "action_id"},
    {Slot::ocsf_disposition, "disposition_id"},
    {Slot::ocsf_class_name, "class_name"},
    {Slot::ocsf_activity_name, "activity_name"},
    {Slot::ocsf_status_name, "status"},
    {Slot::ocsf_action_name, "action"},
    {Slot::ocsf_disposition_name, "disposition"},
    {Slot::ocsf_time, "time"},
    {Slot::ocsf_time, "time_dt"},
    {Slot::ocsf_uid, "metadata.uid"},
    {Slot::ocsf_host, "device.hostname"},
    {Slot::ocsf_device_name, "device.name"},
    {Slot::ocsf_device_uid, "device.uid"},
    {Slot::ocsf_device_ip, "device.ip"},
    {Slot::ocsf_os_id, "device.os.type_id"},
    {Slot::ocsf_os_type, "device.os.type"},
    {Slot::ocsf_os_name, "device.os.name"},
    {Slot::ocsf_instance, "device.instance_uid"},
    {Slot::ocsf_account, "cloud.account.uid"},
    {Slot::ocsf_ip, "dst_endpoint.ip"},
    {Slot::ocsf_port, "dst_endpoint.port"},
    {Slot::ocsf_direction_id, "connection_info.direction_id"},
    {Slot::ocsf_direction, "connection_info.direction"},
    {Slot::ocsf_protocol_name, "connection_info.protocol_name"},
    {Slot::ocsf_protocol_number, "connection_info.protocol_num"},
    {Slot::ocsf_user_name, "actor.user.name"},
    {Slot::ocsf_user_domain, "actor.user.domain"},
    {Slot::ocsf_user_uid, "actor.user.uid"},
    {Slot::ocsf_actor_process_user_name, "actor.process.user.name"},
    {Slot::ocsf_actor_process_user_domain, "actor.process.user.domain"},
    {Slot::ocsf_actor_process_user_uid, "actor.process.user.uid"},
    {Slot::ocsf_process_user_name, "process.user.name"},
    {Slot::ocsf_process_user_domain, "process.user.domain"},
    {Slot::ocsf_process_user_uid, "process.user.uid"},
    // SentinelOne Cloud Funnel
    {Slot::s1_source, "datasource.name"},
    {Slot::s1_meta, "meta.event.name"},
    {Slot::s1_agent, "agent.uuid"},
    {Slot::s1_host, "endpoint.name"},
    {Slot::s1_os, "endpoint.os"},
    {Slot::s1_os_name, "os.name"},
    {Slot::s1_time, "event.time"},
    {Slot::s1_direction, "event.network.direction"},
    {Slot::s1_status, "event.network.connectionstatus"},
    {Slot::s1_ip, "dst.ip.address"},
    {Slot::s1_port, "dst.port.number"},
    {Slot::s1_src_user, "src.process.user"},
    {Slot::s1_tgt_user, "tgt.process.user"},
    {Slot::s1_src_name, "src.process.name"},
    {Slot::s1_src_image, "src.process.image.path"},
    {Slot::s1_src_uid, "src.process.uid"},
    {Slot::s1_src_pid, "src.process.pid"},
    {Slot::s1_src_command_line, "src.process.cmdline"},
    {Slot::s1_src_sha256, "src.process.image.sha256"},
    {Slot::s1_src_sha1, "src.process.image.sha1"},
    {Slot::s1_src_md5, "src.process.image.md5"},
    {Slot::s1_src_signed, "src.process.signedstatus"},
    {Slot::s1_src_verified, "src.process.verifiedstatus"},
    {Slot::s1_src_publisher, "src.process.publisher"},
    {Slot::s1_src_parent_name, "src.process.parent.name"},
    {Slot::s1_src_parent_image, "src.process.parent.image.path"},
    {Slot::s1_src_parent_uid, "src.process.parent.uid"},
    {Slot::s1_src_parent_pid, "src.process.parent.pid"},
    {Slot::s1_src_parent_command_line, "src.process.parent.cmdline"},
    {Slot::s1_src_parent_sha256, "src.process.parent.image.sha256"},
    {Slot::s1_src_parent_sha1, "src.process.parent.image.sha1"},
    {Slot::s1_src_parent_md5, "src.process.parent.image.md5"},
    {Slot::s1_src_parent_signed, "src.process.parent.signedstatus"},
    {Slot::s1_src_parent_verified, "src.process.parent.verifiedstatus"},
    {Slot::s1_src_parent_publisher, "src.process.parent.publisher"},
    {Slot::s1_tgt_name, "tgt.process.name"},
    {Slot::s1_tgt_image, "tgt.process.image.path"},
    {Slot::s1_tgt_uid, "tgt.process.uid"},
    {Slot::s1_tgt_pid, "tgt.process.pid"},
    {Slot::s1_tgt_command_line, "tgt.process.cmdline"},
    {Slot::s1_tgt_sha256, "tgt.process.image.sha256"},
    {Slot::s1_tgt_sha1, "tgt.process.image.sha1"},
    {Slot::s1_tgt_md5, "tgt.process.image.md5"},
    {Slot::s1_tgt_signed, "tgt.process.signedstatus"},
    {Slot::s1_tgt_verified, "tgt.process.verifiedstatus"},
    {Slot::s1_tgt_publisher, "tgt.process.publisher"},
};

/// One of OCSF's processes; versions before 1.0 have `path` and `fingerprints`.
struct OcsfProcessPaths {
  std::string_view prefix;
  OcsfProcessSlots slots;
};
constexpr OcsfProcessPaths ocsf_processes[]{
    {"actor.process.", ocsf_actor},
    {"actor.process.parent_process.", ocsf_actor_parent},
    {"process.", ocsf_process},
    {"process.parent_process.", ocsf_parent},
};

std::vector<SlotPath> all_paths() {
  static std::deque<std::string> texts;  // what the paths point to
  std::vector<SlotPath> out(std::begin(fixed_paths), std::end(fixed_paths));
  for (const auto& [prefix, slots] : ocsf_processes) {
    const std::pair<Slot, std::string_view> names[]{{slots.name, "name"},
                                                    {slots.file, "file.name"},
                                                    {slots.path, "file.path"},
                                                    {slots.path, "path"},
                                                    {slots.uid, "uid"},
                                                    {slots.pid, "pid"},
                                                    {slots.command_line, "cmd_line"},
                                                    {slots.hash_id, "file.hashes.algorithm_id"},
                                                    {slots.hash_name, "file.hashes.algorithm"},
                                                    {slots.hash, "file.hashes.value"},
                                                    {slots.hash_id, "file.fingerprints.algorithm_id"},
                                                    {slots.hash_name, "file.fingerprints.algorithm"},
                                                    {slots.hash, "file.fingerprints.value"}};
    for (const auto& [slot, name] : names) out.push_back({slot, texts.emplace_back(std::string(prefix).append(name))});
  }
  return out;
}

}  // namespace

const std::vector<SlotPath>& product_paths() {
  static const std::vector<SlotPath> paths = all_paths();
  return paths;
}

}  // namespace imdswatch
