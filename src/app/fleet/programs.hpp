#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace imdswatch::fleet {

/// A program as it shows in events. `{ver}` in a path stands for a version that differs between hosts and changes with upgrades.
struct Program {
  std::string name;
  std::string folder;        ///< ends in a backslash
  std::string user;          ///< "NT AUTHORITY\\SYSTEM", "CORP\\{person}", …
  std::string user_id;       ///< SID
  std::string parent;        ///< full path
  std::string command_line;  ///< after the program's path
  std::string signer;        ///< subject; empty: not signed
};

/// A usual caller of the metadata service on hosts of a kind.
struct Caller {
  Program program;
  double minutes_between = 15;   ///< mean
  double share_of_hosts = 1.0;   ///< that have it
};

/// Hosts that are alike: one cloud, one job, one way of naming.
struct HostKind {
  std::string stem;              ///< "web-asg": hosts are named web-asg-<six hex digits> or stem and number
  std::string cloud;             ///< "aws", "azure", "gcp"
  bool autoscaled = false;
  double share = 0;              ///< of the fleet
  std::vector<Caller> callers;
};

enum class TheftKind : std::uint8_t {
  powershell,          ///< interactive PowerShell reads the role's credentials
  powershell_core,
  curl,
  certutil,
  bitsadmin,
  mshta,
  rundll32,
  python_from_downloads,
  run_command,         ///< PowerShell below an SSM document worker
  shell_under_tomcat,
  sql_server_shell,
  package_worm,        ///< bun.exe within a minute of an npm install
  fake_agent,          ///< an agent's name in a user-writable folder
  renamed_tool,        ///< svchost.exe in ProgramData
  unsigned_agent,      ///< an agent's name and folder, but not its signature
};
inline constexpr int theft_kinds = 15;

const std::vector<HostKind>& host_kinds();
/// An agent that is rolled out to the whole fleet within a day.
const Program& rolled_out_agent();
/// Programs of everyday life that call elsewhere.
const std::vector<Program>& everyday_programs();
const Program& theft_program(TheftKind kind);
std::string theft_name(TheftKind kind);

}  // namespace imdswatch::fleet
