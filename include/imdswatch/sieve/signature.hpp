#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "imdswatch/decode/event.hpp"

namespace imdswatch {

enum class UserKind : std::uint8_t { system, local_service, network_service, virtual_account, machine_account, person };
std::string_view to_string(UserKind kind);
bool parse_user_kind(std::string_view text, UserKind& out);

/// Who calls, normalised, from the connection event itself alone. A part that the event does not tell is unknown, not empty.
/// Ordered by text, so that any order taken from it is the same after a restore.
struct Signature {
  std::string name;                   ///< process name, folded; never empty
  std::optional<std::string> folder;  ///< ends in a backslash, folded, without versions, GUIDs, home names; "" for `System`
  std::optional<UserKind> user;
  std::optional<std::string> signer;  ///< subject of a valid, trusted signature, else "unsigned" or "untrusted"
  friend bool operator==(const Signature&, const Signature&) = default;
  friend auto operator<=>(const Signature&, const Signature&) = default;
  [[nodiscard]] bool complete() const { return folder && user && signer; }
};

/// Whether both say the same wherever both say something. The name is always known.
bool agrees(const Signature& a, const Signature& b);

/// The normalisations of the signature's parts; `docs/formats/call-log.md` has examples. Text in is UTF-8 as the event wrote it.
std::string normalise_name(std::string_view process_name);
std::string normalise_folder(std::string_view executable);
std::optional<UserKind> user_kind(const UserFields& user);
std::optional<std::string> normalise_signer(const CodeSignature& signature);

Signature make_signature(const ConnectionEvent& connection);

}  // namespace imdswatch
