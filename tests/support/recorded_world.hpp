#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fleet/fleet.hpp"

namespace imdswatch::testing {

struct WorldOptions {
  fleet::Options fleet;
  std::size_t partitions = 4;
  double duplicates = 0.01;  ///< events told again at once
  double garbage = 0.005;    ///< messages that are no events
};

struct StreamedMessage {
  std::size_t partition = 0;
  std::string json;
};

/// A fleet's messages in order of arrival, their partitions keyed by host: both formats mixed, out of order by the fleet's lag, with
/// duplicates and garbage among them. Each partition ends with ordinary events of three hosts, so that every run falls due.
std::vector<StreamedMessage> record_stream(const WorldOptions& options);

/// The same by partition.
std::vector<std::vector<std::string>> record_world(const WorldOptions& options);

/// One file for each partition, a message a line, for `replay`; their paths.
std::vector<std::string> write_world(const std::vector<std::vector<std::string>>& partitions, const std::filesystem::path& folder);

}  // namespace imdswatch::testing
