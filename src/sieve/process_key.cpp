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

/// All but the host and the program.
ProcessKey key_of(Format format, std::uint64_t host, NameHashes::Program program, std::string_view entity_id, std::optional<std::uint64_t> pid,
                  std::optional<EventTime> started) {
  ProcessKey key;
  key.format = format;
  if (!entity_id.empty()) key.entity = key_of(host, 'e', entity_id);
  if (pid) key.pid = key_of_pid(host, *pid);
  key.name = program.name;
  key.path = program.path;
  if (started) {
    const auto since = std::chrono::floor<std::chrono::seconds>(started->time_since_epoch());
    key.started_s = static_cast<std::uint32_t>(since.count());
  }
  return key;
}

NameHashes::Program program_of(const ProcessFields& process, NameHashes& names) {
  const std::string_view name = process.name.empty() ? process.executable : process.name;
  return {name.empty() ? 0 : names.of_name(name), process.pid ? names.of_path(process.executable, process.name) : 0};
}

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

std::uint64_t NameHashes::look_up(Table& table, std::uint64_t raw, auto&& make) {
  const auto known = find(table, raw);
  return known ? *known : put(table, raw, make());
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

std::optional<std::uint64_t> NameHashes::find(const Table& table, std::uint64_t raw) {
  const Known& known = table[raw % table.size()];
  return known.raw == raw && raw != 0 ? std::optional{known.hash} : std::nullopt;
}

std::uint64_t NameHashes::put(Table& table, std::uint64_t raw, std::uint64_t hash) {
  table[raw % table.size()] = {raw, hash};
  return hash;
}

std::optional<std::uint64_t> NameHashes::host_as(std::uint64_t written) const { return find(written_hosts_, written); }

std::optional<NameHashes::Program> NameHashes::program_as(std::uint64_t written) const {
  const auto found = find(written_programs_, written);
  if (!found) return std::nullopt;
  return Program{static_cast<std::uint32_t>(*found >> 32), static_cast<std::uint32_t>(*found)};
}

void NameHashes::put(const StartIdentity& identity, std::uint64_t host, Program program) {
  put(written_hosts_, identity.written_host, host);
  put(written_programs_, identity.written_program, std::uint64_t{program.name} << 32 | program.path);
}

ProcessKey process_key(const Event& event, const ProcessFields& process, NameHashes& names) {
  return key_of(event.format, names.of_host(event), program_of(process, names), process.entity_id, process.pid, process.started);
}

std::optional<ProcessKey> process_key(Format format, const StartIdentity& identity, const NameHashes& names) {
  const auto host = names.host_as(identity.written_host);
  const auto program = names.program_as(identity.written_program);
  if (!host || !program) return std::nullopt;
  return key_of(format, *host, *program, identity.entity_id, identity.pid, identity.started);
}

ProcessKey process_key(const Event& event, const ProcessFields& process, const StartIdentity& identity, NameHashes& names) {
  const std::uint64_t host = names.of_host(event);
  const NameHashes::Program program = program_of(process, names);
  names.put(identity, host, program);
  return key_of(event.format, host, program, process.entity_id, process.pid, process.started);
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
