#include "imdswatch/decode/event.hpp"

namespace imdswatch {

std::string_view to_string(Format format) {
  switch (format) {
    case Format::unknown: return "unknown";
    case Format::elastic_defend: return "elastic_defend";
    case Format::winlogbeat_raw: return "winlogbeat_raw";
    case Format::winlogbeat_ecs: return "winlogbeat_ecs";
    case Format::windows_flat: return "windows_flat";
    case Format::wazuh: return "wazuh";
    case Format::defender: return "defender";
    case Format::crowdstrike: return "crowdstrike";
    case Format::ocsf: return "ocsf";
    case Format::fluent_bit: return "fluent_bit";
    case Format::azure_monitor: return "azure_monitor";
    case Format::sentinelone: return "sentinelone";
    case Format::custom: return "custom";
  }
  return "unknown";
}

std::optional<Format> format_named(std::string_view name) {
  for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(Format::custom); ++i)
    if (to_string(static_cast<Format>(i)) == name) return static_cast<Format>(i);
  return std::nullopt;
}

bool is_windows_log(Format format) {
  switch (format) {
    case Format::unknown:
    case Format::elastic_defend:
    case Format::defender:
    case Format::crowdstrike:
    case Format::ocsf:
    case Format::sentinelone:
    case Format::custom: return false;
    case Format::winlogbeat_raw:
    case Format::winlogbeat_ecs:
    case Format::windows_flat:
    case Format::wazuh:
    case Format::fluent_bit:
    case Format::azure_monitor: return true;
  }
  return false;
}

std::string_view to_string(IgnoreReason reason) {
  switch (reason) {
    case IgnoreReason::not_windows: return "not_windows";
    case IgnoreReason::other_event: return "other_event";
    case IgnoreReason::incoming: return "incoming";
    case IgnoreReason::not_connected: return "not_connected";
    case IgnoreReason::unknown_format: return "unknown_format";
    case IgnoreReason::other_format: return "other_format";
  }
  return "unknown";
}

std::string_view to_string(RejectReason reason) {
  switch (reason) {
    case RejectReason::malformed_json: return "malformed_json";
    case RejectReason::invalid_utf8: return "invalid_utf8";
    case RejectReason::empty_message: return "empty_message";
    case RejectReason::bad_compression: return "bad_compression";
    case RejectReason::message_too_large: return "message_too_large";
    case RejectReason::nested_too_deep: return "nested_too_deep";
    case RejectReason::too_many_events: return "too_many_events";
    case RejectReason::not_an_object: return "not_an_object";
    case RejectReason::no_time: return "no_time";
    case RejectReason::bad_time: return "bad_time";
    case RejectReason::no_host: return "no_host";
    case RejectReason::no_process: return "no_process";
    case RejectReason::bad_address: return "bad_address";
    case RejectReason::bad_event_data: return "bad_event_data";
  }
  return "unknown";
}

}  // namespace imdswatch
