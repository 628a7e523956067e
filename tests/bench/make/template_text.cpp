#include "template_text.hpp"

#include "imdswatch/base/check.hpp"

namespace imdswatch::bench {
namespace {

constexpr std::array<std::string_view, slot_count> names{
    "iso7", "iso3", "sysmon", "seconds", "start",
    "host", "upper", "fqdn", "host_id", "device", "agent", "ip",
    "name", "path", "path4", "device_path", "folded_path", "pid", "hex_pid", "guid", "entity", "command", "command4", "command_net", "signer",
    "description", "parent_name", "parent_path", "parent_path4", "parent_pid", "parent_hex_pid", "parent_guid", "parent_entity",
    "parent_command", "parent_command4", "parent_command_net", "user", "domain", "sid",
    "serial", "thread", "from_port", "to", "to_port", "is_ipv6",
    "number", "hex32", "hex40", "hex64", "any_guid", "base64",
};

constexpr std::string_view opening = "‹", closing = "›";

Slot slot_of(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Slot>(i);
  }
  IMDS_CHECK(false);
}

}  // namespace

TemplateText::TemplateText(std::string_view text) {
  for (;;) {
    const auto begin = text.find(opening);
    if (begin == std::string_view::npos) break;
    const auto end = text.find(closing, begin);
    IMDS_CHECK(end != std::string_view::npos);
    const auto name = text.substr(begin + opening.size(), end - begin - opening.size());
    pieces_.push_back({std::string(text.substr(0, begin)), slot_of(name)});
    text.remove_prefix(end + closing.size());
  }
  pieces_.push_back({std::string(text)});
}

void TemplateText::write(const SlotTexts& slots, std::string& out) const {
  for (const Piece& piece : pieces_) {
    out += piece.text;
    if (piece.after != Slot::count) out += slots[static_cast<std::size_t>(piece.after)];
  }
}

}  // namespace imdswatch::bench
