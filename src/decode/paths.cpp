#include <algorithm>

#include "fields.hpp"

namespace imdswatch {

/// Nested objects and dotted keys are the same path, and letter case does not matter: paths stand here in lower case.
const std::vector<SlotPath>& slot_paths() {
  static const std::vector<SlotPath> paths{
      // Elastic Common Schema
      {Slot::timestamp, "@timestamp"},
      {Slot::created, "event.created"},
      {Slot::event_kind, "event.kind"},
      {Slot::event_category, "event.category"},
      {Slot::event_type, "event.type"},
      {Slot::event_action, "event.action"},
      {Slot::event_outcome, "event.outcome"},
      {Slot::event_module, "event.module"},
      {Slot::event_dataset, "event.dataset"},
      {Slot::event_dataset, "data_stream.dataset"},
      {Slot::event_id, "event.id"},
      {Slot::event_code, "event.code"},
      {Slot::agent_id, "agent.id"},
      {Slot::agent_name, "agent.name"},
      {Slot::agent_name, "agent.hostname"},
      {Slot::agent_type, "agent.type"},
      {Slot::agent_version, "agent.version"},
      {Slot::cloud_provider, "cloud.provider"},
      {Slot::cloud_account_id, "cloud.account.id"},
      {Slot::cloud_instance_id, "cloud.instance.id"},
      {Slot::cloud_region, "cloud.region"},
      {Slot::host_name, "host.name"},
      {Slot::host_hostname, "host.hostname"},
      {Slot::host_id, "host.id"},
      {Slot::host_ip, "host.ip"},
      {Slot::host_os_type, "host.os.type"},
      {Slot::host_os_family, "host.os.family"},
      {Slot::host_os_platform, "host.os.platform"},
      {Slot::host_os_name, "host.os.name"},
      {Slot::process_name, "process.name"},
      {Slot::process_executable, "process.executable"},
      {Slot::process_entity_id, "process.entity_id"},
      {Slot::process_pid, "process.pid"},
      {Slot::process_command_line, "process.command_line"},
      {Slot::process_sha256, "process.hash.sha256"},
      {Slot::process_sha1, "process.hash.sha1"},
      {Slot::process_md5, "process.hash.md5"},
      {Slot::signature_exists, "process.code_signature.exists"},
      {Slot::signature_trusted, "process.code_signature.trusted"},
      {Slot::signature_status, "process.code_signature.status"},
      {Slot::signature_valid, "process.code_signature.valid"},
      {Slot::signature_subject, "process.code_signature.subject_name"},
      {Slot::ext_signature_exists, "process.ext.code_signature.exists"},
      {Slot::ext_signature_trusted, "process.ext.code_signature.trusted"},
      {Slot::ext_signature_status, "process.ext.code_signature.status"},
      {Slot::ext_signature_valid, "process.ext.code_signature.valid"},
      {Slot::ext_signature_subject, "process.ext.code_signature.subject_name"},
      {Slot::parent_name, "process.parent.name"},
      {Slot::parent_executable, "process.parent.executable"},
      {Slot::parent_entity_id, "process.parent.entity_id"},
      {Slot::parent_pid, "process.parent.pid"},
      {Slot::parent_command_line, "process.parent.command_line"},
      {Slot::parent_sha256, "process.parent.hash.sha256"},
      {Slot::parent_sha1, "process.parent.hash.sha1"},
      {Slot::parent_md5, "process.parent.hash.md5"},
      {Slot::parent_signature_exists, "process.parent.code_signature.exists"},
      {Slot::parent_signature_trusted, "process.parent.code_signature.trusted"},
      {Slot::parent_signature_status, "process.parent.code_signature.status"},
      {Slot::parent_signature_valid, "process.parent.code_signature.valid"},
      {Slot::parent_signature_subject, "process.parent.code_signature.subject_name"},
      {Slot::user_name, "user.name"},
      {Slot::user_domain, "user.domain"},
      {Slot::user_id, "user.id"},
      {Slot::destination_ip, "destination.ip"},
      {Slot::destination_address, "destination.address"},
      {Slot::destination_port, "destination.port"},
      {Slot::network_direction, "network.direction"},
      {Slot::network_transport, "network.transport"},
      // Winlogbeat, Elastic Agent's windows integration. Never winlog.process or winlog.user: these are the logger's.
      {Slot::winlog_channel, "winlog.channel"},
      {Slot::winlog_provider, "winlog.provider_name"},
      {Slot::winlog_event_id, "winlog.event_id"},
      {Slot::winlog_computer, "winlog.computer_name"},
      {Slot::winlog_record_id, "winlog.record_id"},
      {Slot::winlog_time, "winlog.time_created"},
      {Slot::data_utc_time, "winlog.event_data.utctime"},
      {Slot::data_image, "winlog.event_data.image"},
      {Slot::data_process_guid, "winlog.event_data.processguid"},
      {Slot::data_process_id, "winlog.event_data.processid"},
      {Slot::data_user, "winlog.event_data.user"},
      {Slot::data_command_line, "winlog.event_data.commandline"},
      {Slot::data_hashes, "winlog.event_data.hashes"},
      {Slot::data_parent_image, "winlog.event_data.parentimage"},
      {Slot::data_parent_guid, "winlog.event_data.parentprocessguid"},
      {Slot::data_parent_id, "winlog.event_data.parentprocessid"},
      {Slot::data_parent_command_line, "winlog.event_data.parentcommandline"},
      {Slot::data_initiated, "winlog.event_data.initiated"},
      {Slot::data_protocol, "winlog.event_data.protocol"},
      {Slot::data_destination_ip, "winlog.event_data.destinationip"},
      {Slot::data_destination_is_ipv6, "winlog.event_data.destinationisipv6"},
      {Slot::data_destination_port, "winlog.event_data.destinationport"},
      // Events of no known shipper: only their time is wanted
      {Slot::other_time, "timestamp"},
      {Slot::other_time, "time"},
  };
  return paths;
}

std::string_view path_of(Slot slot) {
  const auto& paths = slot_paths();
  const auto found = std::find_if(paths.begin(), paths.end(), [&](const SlotPath& entry) { return entry.slot == slot; });
  return found != paths.end() ? found->path : std::string_view{"(configured)"};
}

}  // namespace imdswatch
