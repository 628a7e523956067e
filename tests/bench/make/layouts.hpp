#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "template_text.hpp"

namespace imdswatch::bench {

/// How a host's events are written.
enum class Layout : std::size_t { elastic_defend, winlogbeat_raw, winlogbeat_ecs, nxlog, defender, wazuh, count };
inline constexpr std::size_t layout_count = static_cast<std::size_t>(Layout::count);

struct Templates {
  std::vector<TemplateText> starts, connections, incoming, others;
  /// With Sysmon's data: a metadata call can have Sysmon 9's garbled address.
  std::vector<TemplateText> sysmon_connections;
};

/// Own events after the layouts of docs/formats/input-*.md, with the fields that shippers really send around them.
Templates elastic_defend_templates();
Templates winlogbeat_raw_templates();
Templates winlogbeat_ecs_templates();
Templates nxlog_templates();
Templates defender_templates();
Templates wazuh_templates();

std::array<Templates, layout_count> all_templates();
std::string_view to_string(Layout layout);

}  // namespace imdswatch::bench
