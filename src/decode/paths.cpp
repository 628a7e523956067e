#include <algorithm>
#include <deque>
#include <iterator>
#include <string>

#include "fields.hpp"

namespace imdswatch {
namespace {

/// What Windows itself calls the data of its events; a shipper puts all of it below one of `data_prefixes`.
constexpr SlotPath data_names[]{
    {Slot::data_utc_time, "utctime"},
    {Slot::data_image, "image"},
    {Slot::data_process_guid, "processguid"},
    {Slot::data_process_id, "processid"},
    {Slot::data_user, "user"},
    {Slot::data_command_line, "commandline"},
    {Slot::data_hashes, "hashes"},
    {Slot::data_parent_image, "parentimage"},
    {Slot::data_parent_guid, "parentprocessguid"},
    {Slot::data_parent_id, "parentprocessid"},
    {Slot::data_parent_command_line, "parentcommandline"},
    {Slot::data_initiated, "initiated"},
    {Slot::data_protocol, "protocol"},
    {Slot::data_destination_ip, "destinationip"},
    {Slot::data_destination_is_ipv6, "destinationisipv6"},
    {Slot::data_destination_port, "destinationport"},
    {Slot::data_application, "application"},
    {Slot::data_direction, "direction"},
    {Slot::data_dest_address, "destaddress"},
    {Slot::data_dest_port, "destport"},
    {Slot::data_new_process_name, "newprocessname"},
    {Slot::data_new_process_id, "newprocessid"},
    {Slot::data_parent_process_name, "parentprocessname"},
    {Slot::data_subject_user_name, "subjectusername"},
    {Slot::data_subject_domain, "subjectdomainname"},
    {Slot::data_subject_user_sid, "subjectusersid"},
    {Slot::data_target_user_name, "targetusername"},
    {Slot::data_target_domain, "targetdomainname"},
    {Slot::data_target_user_sid, "targetusersid"},
};
/// "" last: what stands below a name of its own is surer to be the event's.
constexpr std::string_view data_prefixes[]{"winlog.event_data.",   "event_data.",           "eventdata.",  "win.eventdata.",
                                           "data.win.eventdata.", "properties.eventdata.", "properties.", ""};

/// Azure Monitor's tables: below `properties` where a diagnostic setting streams them, without where a data export does.
constexpr SlotPath azure_names[]{
    {Slot::azure_table, "type"},
    {Slot::azure_event_data, "eventdata"},
    {Slot::azure_channel, "channel"},
    {Slot::azure_channel, "eventlog"},
    {Slot::azure_provider, "provider"},
    {Slot::azure_provider, "source"},
    {Slot::azure_provider, "eventsourcename"},
    {Slot::azure_event_id, "eventid"},
    {Slot::azure_computer, "computer"},
    {Slot::azure_record_id, "eventrecordid"},
    {Slot::azure_time, "timegenerated"},
};

/// Microsoft Defender for Endpoint's tables: below `properties` where streamed, without where exported.
constexpr SlotPath defender_names[]{
    {Slot::mde_action, "actiontype"},
    {Slot::mde_time, "timestamp"},
    {Slot::mde_device_id, "deviceid"},
    {Slot::mde_device_name, "devicename"},
    {Slot::mde_remote_ip, "remoteip"},
    {Slot::mde_remote_port, "remoteport"},
    {Slot::mde_protocol, "protocol"},
    {Slot::mde_report_id, "reportid"},
    {Slot::mde_by_name, "initiatingprocessfilename"},
    {Slot::mde_by_path, "initiatingprocessfolderpath"},
    {Slot::mde_by_id, "initiatingprocessid"},
    {Slot::mde_by_created, "initiatingprocesscreationtime"},
    {Slot::mde_by_command_line, "initiatingprocesscommandline"},
    {Slot::mde_by_sha256, "initiatingprocesssha256"},
    {Slot::mde_by_sha1, "initiatingprocesssha1"},
    {Slot::mde_by_md5, "initiatingprocessmd5"},
    {Slot::mde_by_parent_name, "initiatingprocessparentfilename"},
    {Slot::mde_by_parent_id, "initiatingprocessparentid"},
    {Slot::mde_by_account, "initiatingprocessaccountname"},
    {Slot::mde_by_domain, "initiatingprocessaccountdomain"},
    {Slot::mde_by_sid, "initiatingprocessaccountsid"},
    {Slot::mde_name, "filename"},
    {Slot::mde_path, "folderpath"},
    {Slot::mde_id, "processid"},
    {Slot::mde_created, "processcreationtime"},
    {Slot::mde_command_line, "processcommandline"},
    {Slot::mde_sha256, "sha256"},
    {Slot::mde_sha1, "sha1"},
    {Slot::mde_md5, "md5"},
    {Slot::mde_account, "accountname"},
    {Slot::mde_domain, "accountdomain"},
    {Slot::mde_sid, "accountsid"},
};
constexpr std::string_view properties_prefixes[]{"properties.", ""};

/// Nested objects and dotted keys are the same path, and letter case does not matter: paths stand here in lower case.
constexpr SlotPath fixed_paths[]{
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
    // Records of the Windows event log at the top: NXLog, flat exports, Vector, Winlogbeat 6
    {Slot::log_channel, "channel"},
    {Slot::log_channel, "log_name"},
    {Slot::log_provider, "sourcename"},
    {Slot::log_provider, "source_name"},
    {Slot::log_provider, "provider_name"},
    {Slot::log_provider, "providername"},
    {Slot::log_event_id, "eventid"},
    {Slot::log_event_id, "event_id"},
    {Slot::log_computer, "hostname"},
    {Slot::log_computer, "computer"},
    {Slot::log_computer, "computer_name"},
    {Slot::log_computer, "computername"},
    {Slot::log_computer, "machinename"},
    {Slot::log_computer, "host"},  // often the collector
    {Slot::log_record_id, "recordnumber"},
    {Slot::log_record_id, "record_number"},
    {Slot::log_record_id, "record_id"},
    {Slot::log_record_id, "eventrecordid"},
    {Slot::log_time, "timegenerated"},
    {Slot::log_time, "timecreated"},
    {Slot::log_event_time, "eventtime"},
    {Slot::log_process_id_upper, "processid", "ProcessID"},
    {Slot::nxlog_module, "sourcemoduletype"},
    {Slot::nxlog_execution_id, "executionprocessid"},
    {Slot::string_inserts, "stringinserts"},
    // Wazuh, as the agent sends it
    {Slot::wazuh_channel, "win.system.channel"},
    {Slot::wazuh_provider, "win.system.providername"},
    {Slot::wazuh_event_id, "win.system.eventid"},
    {Slot::wazuh_computer, "win.system.computer"},
    {Slot::wazuh_record_id, "win.system.eventrecordid"},
    {Slot::wazuh_time, "win.system.systemtime"},
    {Slot::wazuh_agent, "agent.name"},
    // … and in alerts
    {Slot::wazuh_channel, "data.win.system.channel"},
    {Slot::wazuh_provider, "data.win.system.providername"},
    {Slot::wazuh_event_id, "data.win.system.eventid"},
    {Slot::wazuh_computer, "data.win.system.computer"},
    {Slot::wazuh_record_id, "data.win.system.eventrecordid"},
    {Slot::wazuh_time, "data.win.system.systemtime"},
    {Slot::azure_table, "category"},
    // Events of no known shipper: only their time is wanted
    {Slot::other_time, "timestamp"},
    {Slot::other_time, "time"},
};

std::vector<SlotPath> all_paths() {
  static std::deque<std::string> texts;  // what the paths point to
  std::vector<SlotPath> out(std::begin(fixed_paths), std::end(fixed_paths));
  const auto add = [&out](auto& prefixes, auto& names) {
    for (const std::string_view prefix : prefixes) {
      for (const SlotPath& name : names) out.push_back({name.slot, texts.emplace_back(std::string(prefix).append(name.path))});
    }
  };
  add(data_prefixes, data_names);
  add(properties_prefixes, defender_names);
  add(properties_prefixes, azure_names);
  const auto& products = product_paths();
  out.insert(out.end(), products.begin(), products.end());
  return out;
}

}  // namespace

const std::vector<SlotPath>& slot_paths() {
  static const std::vector<SlotPath> paths = all_paths();
  return paths;
}

std::span<const SlotPath> event_data_names() { return data_names; }

std::string_view path_of(Slot slot) {
  const auto& paths = slot_paths();
  const auto found = std::find_if(paths.begin(), paths.end(), [&](const SlotPath& entry) { return entry.slot == slot; });
  return found != paths.end() ? found->path : std::string_view{"(configured)"};
}

}  // namespace imdswatch
