#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace imdswatch::bench {

/// What changes from event to event. In a template's text a slot is its name within ‹›.
enum class Slot : std::size_t {
  // Times of the event: 7 and 3 fractional digits, Sysmon's and NXLog's way; `start`: when its process began.
  iso7, iso3, sysmon, seconds, start,
  // The host.
  host, upper, fqdn, host_id, device, agent, ip,
  // The process, its parent, its user. `4`: backslashes doubled twice, as Wazuh writes; `net`: quotes as \u0022, as .NET does.
  name, path, path4, device_path, folded_path, pid, hex_pid, guid, entity, command, command4, command_net, signer, description,
  parent_name, parent_path, parent_path4, parent_pid, parent_hex_pid, parent_guid, parent_entity, parent_command, parent_command4,
  parent_command_net, user, domain, sid,
  // Of the event.
  serial, thread, from_port, to, to_port, is_ipv6,
  // Anything.
  number, hex32, hex40, hex64, any_guid, base64,
  count,
};
inline constexpr std::size_t slot_count = static_cast<std::size_t>(Slot::count);
using SlotTexts = std::array<std::string_view, slot_count>;

/// A text with slots, cut into pieces once.
class TemplateText {
 public:
  /// Stops the program at a slot that there is not.
  explicit TemplateText(std::string_view text);
  /// Appends to `out`.
  void write(const SlotTexts& slots, std::string& out) const;

 private:
  struct Piece {
    std::string text;
    Slot after = Slot::count;  ///< count: none
  };
  std::vector<Piece> pieces_;
};

}  // namespace imdswatch::bench
