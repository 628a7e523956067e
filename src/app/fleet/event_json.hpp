#pragma once

#include <cstdint>
#include <string>

#include "imdswatch/base/time.hpp"

namespace imdswatch::fleet {

/// A host as its events show it.
struct HostFacts {
  std::string name;         ///< upper or lower case as its shipper writes it
  std::string id;
  std::string agent_id;
  std::string cloud;        ///< "aws", "azure", "gcp"
  std::string ip;
  bool defend = false;      ///< Elastic Defend, else Winlogbeat with Sysmon
};

/// A running process, with paths and names filled in for its host.
struct ProcessFacts {
  std::string name, executable, command_line, parent, user, user_id, signer;
  std::uint64_t pid = 0, parent_pid = 0;
  std::uint64_t serial = 0; ///< makes entity ids
  EventTime started;
};

std::string process_start_json(const HostFacts& host, const ProcessFacts& process, EventTime time, std::uint64_t sequence);
std::string connection_json(const HostFacts& host, const ProcessFacts& process, EventTime time, std::uint64_t sequence,
                            const std::string& destination, int port);

}  // namespace imdswatch::fleet
