#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "imdswatch/sieve/signature.hpp"
#include "text.hpp"

/// An event tells a user by name, by SID, or both, and they can disagree: in processed Winlogbeat events the SID is the
/// logger's (S-1-5-18) while the name is a person; on other languages' Windows SYSTEM has another name; and 4688 calls
/// SYSTEM by the machine's account. So: a name that is a known service account decides; then the SID of one, unless the
/// name stands in a domain that is not Windows' own; then `$` at the name's end; then it is a person.
namespace imdswatch {
namespace {

constexpr std::array<std::pair<std::string_view, UserKind>, 6> kind_names{{
    {"system", UserKind::system},
    {"local_service", UserKind::local_service},
    {"network_service", UserKind::network_service},
    {"virtual_account", UserKind::virtual_account},
    {"machine_account", UserKind::machine_account},
    {"person", UserKind::person},
}};

/// Names within Windows' own domain, folded, in the languages that rename them.
constexpr std::pair<std::string_view, UserKind> own_names[] = {
    {"system", UserKind::system},           {"système", UserKind::system},         {"sistema", UserKind::system},
    {"система", UserKind::system},          {"localsystem", UserKind::system},     {"local system", UserKind::system},
    {"local service", UserKind::local_service},     {"localservice", UserKind::local_service},
    {"service local", UserKind::local_service},     {"lokaler dienst", UserKind::local_service},
    {"servicio local", UserKind::local_service},    {"servizio locale", UserKind::local_service},
    {"network service", UserKind::network_service}, {"networkservice", UserKind::network_service},
    {"service réseau", UserKind::network_service},  {"netzwerkdienst", UserKind::network_service},
    {"servicio de red", UserKind::network_service}, {"servizio di rete", UserKind::network_service},
    {"iusr", UserKind::virtual_account},
};

constexpr std::string_view virtual_domains[] = {"nt service",     "iis apppool",      "nt virtual machine",
                                                "window manager", "font driver host", "nt task"};

/// NT AUTHORITY in any language: AUTORITE NT, NT-AUTORITÄT, AUTORIDADE NT, NT INSTANS, …
bool is_windows_own(std::string_view domain) {
  return domain.starts_with("nt ") || domain.starts_with("nt-") || domain.ends_with(" nt");
}

std::optional<UserKind> by_name(std::string_view name, std::string_view domain) {
  for (const std::string_view known : virtual_domains) {
    if (domain == known) return UserKind::virtual_account;
  }
  if (!domain.empty() && !is_windows_own(domain)) return std::nullopt;
  for (const auto& [known, kind] : own_names) {
    if (name == known) return kind;
  }
  return std::nullopt;
}

std::optional<UserKind> by_sid(std::string_view sid) {
  if (sid == "s-1-5-18") return UserKind::system;
  if (sid == "s-1-5-19") return UserKind::local_service;
  if (sid == "s-1-5-20") return UserKind::network_service;
  if (sid == "s-1-5-17") return UserKind::virtual_account;  // IUSR
  for (const std::string_view prefix : {"s-1-5-80-", "s-1-5-82-", "s-1-5-83-", "s-1-5-87-", "s-1-5-90-", "s-1-5-96-"}) {
    if (sid.starts_with(prefix)) return UserKind::virtual_account;
  }
  return std::nullopt;
}

bool is_accounts_sid(std::string_view sid) { return sid.starts_with("s-1-5-21-") || sid.starts_with("s-1-12-1-"); }

}  // namespace

std::string_view to_string(UserKind kind) { return kind_names[static_cast<std::size_t>(kind)].first; }

bool parse_user_kind(std::string_view text, UserKind& out) {
  for (const auto& [name, kind] : kind_names) {
    if (name != text) continue;
    out = kind;
    return true;
  }
  return false;
}

std::optional<UserKind> user_kind(const UserFields& user) {
  std::string name = fold_case(trim(user.name));
  std::string domain = fold_case(trim(user.domain));
  const std::string sid = fold_case(trim(user.id));
  if (const std::size_t slash = name.find('\\'); slash != std::string::npos) {  // "NT AUTHORITY\SYSTEM"
    domain = name.substr(0, slash);
    name.erase(0, name.find_last_of('\\') + 1);
  }
  if (const auto kind = by_name(name, domain)) return kind;
  const bool foreign = !name.empty() && !domain.empty() && !is_windows_own(domain);
  const bool machine = name.size() > 1 && name.back() == '$';
  if (const auto kind = by_sid(sid); kind && (!foreign || machine)) return kind;
  if (machine) return UserKind::machine_account;
  if (is_accounts_sid(sid) || foreign) return UserKind::person;
  if (name.empty() || is_windows_own(domain)) return std::nullopt;
  return UserKind::person;
}

}  // namespace imdswatch
