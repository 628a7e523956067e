#pragma once

#include <string>
#include <vector>

#include "fleet/random.hpp"

namespace imdswatch::bench {

/// A text of a path or command line in the ways in which shippers write it into JSON.
struct Written {
  std::string plain;    ///< \ and " escaped
  std::string doubled;  ///< Wazuh: each backslash twice within the value
  std::string dotnet;   ///< .NET: ", ', <, >, & and + as \u escapes
};
Written written(const std::string& raw);

/// A program with everything about it that is told, ready to be written.
struct Program {
  std::string name, description, signer;  ///< signer empty: none
  Written path;
  std::string device_path;                ///< \device\harddiskvolume3\…, escaped
  std::string folded_path;                ///< lower case, escaped
  bool as_system = true;                  ///< else as the host's person
  std::vector<Written> commands;          ///< what it is started with
};

/// What runs on any Windows host.
std::vector<Program> everyday_programs(fleet::Random& random);
/// What calls the metadata service everywhere.
std::vector<Program> cloud_agents(fleet::Random& random);

}  // namespace imdswatch::bench
