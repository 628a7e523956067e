#include "process_key.hpp"

#include <string>

#include "imdswatch/base/hash.hpp"
#include "imdswatch/sieve/signature.hpp"

namespace imdswatch {
namespace {

std::uint64_t key_of(const HostId& host, char kind, std::string_view what) {
  std::string text = host.value();
  text.push_back('\0');
  text.push_back(kind);
  text.append(what);
  const std::uint64_t hash = stable_hash64(text);
  return hash == 0 ? 1 : hash;
}

}  // namespace

ProcessKey process_key(const HostId& host, const ProcessFields& process, Format format) {
  ProcessKey key;
  key.format = format;
  if (!process.entity_id.empty()) key.entity = key_of(host, 'e', process.entity_id);
  if (process.pid) key.pid = key_of(host, 'p', std::to_string(*process.pid));
  const std::string_view name = process.name.empty() ? process.executable : process.name;
  if (!name.empty()) key.name = static_cast<std::uint32_t>(stable_hash64(normalise_name(name))) | 1U;
  return key;
}

bool may_be_same(const ProcessKey& a, const ProcessKey& b) {
  if (a.format == b.format && a.entity != 0 && b.entity != 0 && a.entity != b.entity) return false;
  return a.name == 0 || b.name == 0 || a.name == b.name;
}

}  // namespace imdswatch
