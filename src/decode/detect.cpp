#include "formats.hpp"
#include "json_text.hpp"
#include "ocsf.hpp"
#include "windows_event.hpp"

namespace imdswatch {
namespace {

bool is_elastic_defend(const Fields& fields) {
  return fields.is(Slot::event_module, "endpoint") || fields.is(Slot::agent_type, "endpoint") ||
         equals_folded(trimmed(fields.text(Slot::event_dataset)).substr(0, 9), "endpoint.");
}

bool is_winlogbeat(const Fields& fields) { return fields.has(Slot::winlog_channel) || fields.has(Slot::winlog_provider); }

/// Winlogbeat's own modules (7.x) and Elastic's ingest pipelines move the event data to ECS names, and set a category or module
/// that the raw event does not have. A pipeline may leave some of the data, or drop what it has set: then a process or a
/// destination under an ECS name tells. Without these the event is read as raw wherever data stands as Windows wrote it.
bool is_processed(const Fields& fields) {
  if (fields.has(Slot::process_name) || fields.has(Slot::process_executable) || fields.has(Slot::destination_ip)) return true;
  const bool event_data_left = fields.has(Slot::data_image) || fields.has(Slot::data_process_guid) || fields.has(Slot::data_destination_ip) ||
                               fields.has(Slot::data_dest_address) || fields.has(Slot::data_new_process_name);
  return !event_data_left && (fields.has(Slot::event_category) || fields.has(Slot::event_module));
}

/// A row of Azure Monitor's tables, or any record whose data is a text.
bool is_azure_monitor(const Fields& fields) {
  if (!fields.has(Slot::azure_event_id)) return false;
  for (const auto* const table : {"SecurityEvent", "WindowsEvent", "Event"})
    if (fields.is(Slot::azure_table, table)) return true;
  if (!fields.has(Slot::azure_channel) && !fields.has(Slot::azure_provider)) return false;
  const bool in_properties = !fields.has(Slot::log_event_id);
  return in_properties || (fields.has(Slot::azure_event_data) && !names_a_process(fields));
}

}  // namespace

Format detect_format(const Fields& fields) {
  if (is_winlogbeat(fields)) return is_processed(fields) ? Format::winlogbeat_ecs : Format::winlogbeat_raw;
  if (is_elastic_defend(fields)) return Format::elastic_defend;
  if (fields.has(Slot::wazuh_event_id)) return Format::wazuh;
  if (fields.has(Slot::mde_action) && (fields.has(Slot::mde_device_id) || fields.has(Slot::mde_device_name))) return Format::defender;
  if (fields.has(Slot::falcon_event) && fields.has(Slot::falcon_aid)) return Format::crowdstrike;
  if (is_ocsf(fields)) return Format::ocsf;
  if (fields.has(Slot::event_type) && fields.has(Slot::s1_agent) && (fields.has(Slot::s1_meta) || fields.is(Slot::s1_source, "SentinelOne")))
    return Format::sentinelone;
  if (is_azure_monitor(fields)) return Format::azure_monitor;
  if (fields.has(Slot::log_event_id) && (fields.has(Slot::log_channel) || fields.has(Slot::log_provider)))
    return fields.inserts().empty() ? Format::windows_flat : Format::fluent_bit;
  return is_ocsf_by_captions(fields) ? Format::ocsf : Format::unknown;
}

}  // namespace imdswatch
