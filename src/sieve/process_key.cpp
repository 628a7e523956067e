#include "process_key.hpp"

#include <algorithm>
#include <string>

#include "call_builder.hpp"
#include "imdswatch/base/hash.hpp"
#include "imdswatch/sieve/signature.hpp"
#include "text.hpp"

namespace imdswatch {
namespace {

std::uint64_t key_of(std::uint64_t host, char kind, std::string_view what) {
  const std::uint64_t hash = quick_hash64(what, host + static_cast<unsigned char>(kind));
  return hash == 0 ? 1 : hash;
}

std::uint64_t key_of_pid(std::uint64_t host, std::uint64_t pid) { return key_of(host, 'p', {reinterpret_cast<const char*>(&pid), sizeof pid}); }

bool is_separator(char c) { return c == '\\' || c == '/'; }

/// Behind the drive's letter or the device's volume, from the separator on. Nothing for other paths, and for those that one source
/// writes and another does not: letters that only Unicode folds (5156 is in lower case), short names.
std::string_view behind_volume(std::string_view path) {
  constexpr std::string_view device = "\\device\\";
  if (path.starts_with("\\\\?\\") || path.starts_with("\\??\\")) path.remove_prefix(4);
  std::string_view out;
  if (path.size() > 2 && path[1] == ':') out = path.substr(2);
  if (fold_case(path.substr(0, device.size())) == device) {
    const std::size_t end = path.find('\\', device.size());
    const bool volume = fold_case(path.substr(device.size(), 14)) == "harddiskvolume";
    if (volume && end != std::string_view::npos) out = path.substr(end);
  }
  const bool plain = std::all_of(out.begin(), out.end(), [](char c) { return static_cast<signed char>(c) > 0 && c != '~'; });
  return plain && !out.empty() && is_separator(out.front()) && !is_separator(out.back()) ? out : std::string_view{};
}

/// 0 where it names no program of this name: some shippers put the folder there.
std::uint32_t key_of_path(std::string_view executable, std::string_view name) {
  const std::string_view path = behind_volume(executable);
  if (path.empty()) return 0;
  std::string folded = fold_case(path);
  std::replace(folded.begin(), folded.end(), '/', '\\');
  if (!folded.ends_with("\\" + fold_case(name))) return 0;
  return static_cast<std::uint32_t>(quick_hash64(folded)) | 1U;
}

}  // namespace

std::uint64_t NameHashes::look_up(Table& table, std::uint64_t raw, auto&& find) {
  Known& known = table[raw % table.size()];
  if (known.raw != raw || raw == 0) known = {raw, find()};
  return known.hash;
}

std::uint64_t NameHashes::of_host(const Event& event) {
  const std::uint64_t raw = quick_hash64(event.host.name, quick_hash64(event.host.id, quick_hash64(event.namespace_value)));
  return look_up(hosts_, raw, [&] { return quick_hash64(host_id(event).value()); });
}

std::uint32_t NameHashes::of_name(std::string_view name) {
  return static_cast<std::uint32_t>(look_up(names_, quick_hash64(name), [&] { return quick_hash64(normalise_name(name)); })) | 1U;
}

std::uint32_t NameHashes::of_path(std::string_view executable, std::string_view name) {
  if (executable.empty()) return 0;
  const std::uint64_t raw = quick_hash64(executable, quick_hash64(name));
  return static_cast<std::uint32_t>(look_up(paths_, raw, [&] { return key_of_path(executable, name); }));
}

ProcessKey process_key(const Event& event, const ProcessFields& process, NameHashes& names) {
  ProcessKey key;
  key.format = event.format;
  const std::uint64_t host = names.of_host(event);
  if (!process.entity_id.empty()) key.entity = key_of(host, 'e', process.entity_id);
  if (process.pid) key.pid = key_of_pid(host, *process.pid);
  const std::string_view name = process.name.empty() ? process.executable : process.name;
  if (!name.empty()) key.name = names.of_name(name);
  if (process.pid) key.path = names.of_path(process.executable, process.name);
  if (process.started) {
    const auto since = std::chrono::floor<std::chrono::seconds>(process.started->time_since_epoch());
    key.started_s = static_cast<std::uint32_t>(since.count());
  }
  return key;
}

bool began_apart(const ProcessKey& a, const ProcessKey& b) {
  constexpr std::int32_t tolerance_s = 2;
  if (a.started_s == 0 || b.started_s == 0) return false;
  const auto apart = static_cast<std::int32_t>(a.started_s - b.started_s);
  return apart > tolerance_s || apart < -tolerance_s;
}

bool may_be_same(const ProcessKey& a, const ProcessKey& b) {
  if (a.format == b.format && a.entity != 0 && b.entity != 0 && a.entity != b.entity) return false;
  if (began_apart(a, b) || (a.path != 0 && b.path != 0 && a.path != b.path)) return false;
  return a.name == 0 || b.name == 0 || a.name == b.name;
}

}  // namespace imdswatch
