#include "process_key.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "imdswatch/base/hash.hpp"
#include "imdswatch/sieve/signature.hpp"

namespace imdswatch {
namespace {

std::uint64_t key_of(const HostId& host, char kind, std::string_view what) {
  constexpr std::size_t usual = 512;
  const std::size_t size = host.value().size() + 2 + what.size();
  char small[usual];
  std::string large;
  char* text = small;
  if (size > usual) {
    large.resize(size);
    text = large.data();
  }
  char* end = std::copy(host.value().begin(), host.value().end(), text);
  *end++ = '\0';
  *end++ = kind;
  std::copy(what.begin(), what.end(), end);
  const std::uint64_t hash = stable_hash64({text, size});
  return hash == 0 ? 1 : hash;
}

std::uint64_t key_of_pid(const HostId& host, std::uint64_t pid) {
  char digits[20];
  const auto written = std::to_chars(digits, digits + sizeof digits, pid);
  return key_of(host, 'p', {digits, static_cast<std::size_t>(written.ptr - digits)});
}

}  // namespace

std::uint32_t NameHashes::of(std::string_view name) {
  const std::uint64_t raw = stable_hash64(name);
  Known& known = known_[raw % known_.size()];
  if (known.raw != raw || known.hash == 0) known = {raw, static_cast<std::uint32_t>(stable_hash64(normalise_name(name))) | 1U};
  return known.hash;
}

ProcessKey process_key(const HostId& host, const ProcessFields& process, Format format, NameHashes& names) {
  ProcessKey key;
  key.format = format;
  if (!process.entity_id.empty()) key.entity = key_of(host, 'e', process.entity_id);
  if (process.pid) key.pid = key_of_pid(host, *process.pid);
  const std::string_view name = process.name.empty() ? process.executable : process.name;
  if (!name.empty()) key.name = names.of(name);
  return key;
}

bool may_be_same(const ProcessKey& a, const ProcessKey& b) {
  if (a.format == b.format && a.entity != 0 && b.entity != 0 && a.entity != b.entity) return false;
  return a.name == 0 || b.name == 0 || a.name == b.name;
}

}  // namespace imdswatch
