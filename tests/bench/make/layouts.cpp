#include "layouts.hpp"

namespace imdswatch::bench {

std::array<Templates, layout_count> all_templates() {
  return {elastic_defend_templates(), winlogbeat_raw_templates(), winlogbeat_ecs_templates(), nxlog_templates(), defender_templates(), wazuh_templates()};
}

std::string_view to_string(Layout layout) {
  switch (layout) {
    case Layout::elastic_defend: return "elastic_defend";
    case Layout::winlogbeat_raw: return "winlogbeat_raw";
    case Layout::winlogbeat_ecs: return "winlogbeat_ecs";
    case Layout::nxlog: return "nxlog";
    case Layout::defender: return "defender";
    case Layout::wazuh: return "wazuh";
    case Layout::count: break;
  }
  return "";
}

}  // namespace imdswatch::bench
