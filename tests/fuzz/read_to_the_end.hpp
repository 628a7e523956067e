#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "imdswatch/base/check.hpp"
#include "imdswatch/decode/decoder.hpp"

namespace imdswatch::fuzz {

/// Reads every text that is told to its end: one that lies beyond what was read shows under the address sanitizer.
inline void read_to_the_end(std::span<const Decoded> all) {
  IMDS_CHECK(!all.empty());
  std::size_t sum = 0;
  const auto read = [&](std::string_view text) {
    for (const char c : text) sum += static_cast<unsigned char>(c);
  };
  const auto read_process = [&](const ProcessFields& process) {
    for (const auto text : {process.name, process.executable, process.entity_id, process.command_line, process.hash_sha256, process.hash_sha1,
                            process.hash_md5, process.signature.subject})
      read(text);
  };
  const auto read_told = [&](const auto& told) {
    read_process(told.process);
    read_process(told.parent);
    for (const auto text : {told.user.name, told.user.domain, told.user.id}) read(text);
  };
  for (const Decoded& one : all) {
    if (const auto* rejected = std::get_if<Rejected>(&one)) read(rejected->detail);
    if (const auto* ignored = std::get_if<Ignored>(&one)) read(ignored->host);
    const auto* event = std::get_if<Event>(&one);
    if (event == nullptr) continue;
    IMDS_CHECK(!event->host.name.empty() || !event->host.id.empty());
    for (const auto text : {event->host.name, event->host.id, event->event_id, event->peer_value, event->namespace_value}) read(text);
    std::visit(read_told, event->what);
  }
  volatile std::size_t keep = sum;
  static_cast<void>(keep);
}

}  // namespace imdswatch::fuzz
