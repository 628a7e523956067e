#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/decode/event.hpp"
#include "imdswatch/sieve/sieve.hpp"

namespace imdswatch {

/// What became of one event, for a person or a program. Views live as long as the decoded event.
struct Inspected {
  Format format = Format::unknown;
  std::string_view kind;     ///< "connection", "process_start", or empty where the event does not get so far
  std::string_view account;  ///< "kept", "ignored", "rejected", as in imdswatch_records_total
  std::string_view reason;   ///< empty where kept
  std::string_view detail;   ///< of a rejection: where and what
  nlohmann::ordered_json fields = nlohmann::ordered_json::object();  ///< what was found, nested under ECS names
  std::vector<std::string_view> missing;                             ///< ECS names of what a kept event would like to have, and has not
};

/// As the sieve with this configuration takes it. A rejected event tells what it holds where its decoder explains that.
Inspected inspect_event(const Decoded& decoded, const SieveConfig& config);

}  // namespace imdswatch
