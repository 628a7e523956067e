#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "imdswatch/decode/decoder.hpp"
#include "imdswatch/decode/event.hpp"

namespace imdswatch {

/// What a process is known by, as hashes: 64 bits for a key, 0 where unknown. Only evidence hangs on them.
struct ProcessKey {
  std::uint64_t entity = 0;  ///< host and entity id
  std::uint64_t pid = 0;     ///< host and pid
  std::uint32_t name = 0;    ///< normalised name
  std::uint32_t path = 0;    ///< the whole path behind its volume
  std::uint32_t started_s = 0;  ///< when the process began, as its shipper tells of each event: seconds, modulo 2^32
  Format format = Format::unknown;
};

/// Hashes of normalised names, of hosts and programs. A fleet has few for its events, and to normalise one costs more than all else of a key.
class NameHashes {
 public:
  struct Program {
    std::uint32_t name = 0, path = 0;  ///< as in a ProcessKey
  };
  /// Of the host as its calls tell it (`host_id`).
  std::uint64_t of_host(const Event& event);
  /// Never 0.
  std::uint32_t of_name(std::string_view name);
  /// Of what is behind the volume of `executable`; 0 where that does not end in `name`.
  std::uint32_t of_path(std::string_view executable, std::string_view name);

  /// What was put in for the same written one (StartIdentity), unless it was forgotten for another.
  [[nodiscard]] std::optional<std::uint64_t> host_as(std::uint64_t written) const;
  [[nodiscard]] std::optional<Program> program_as(std::uint64_t written) const;
  void put(const StartIdentity& identity, std::uint64_t host, Program program);

 private:
  struct Known {
    std::uint64_t raw = 0;   ///< of what was written; 0: nothing is known
    std::uint64_t hash = 0;
  };
  using Table = std::vector<Known>;
  static std::optional<std::uint64_t> find(const Table& table, std::uint64_t raw);
  static std::uint64_t put(Table& table, std::uint64_t raw, std::uint64_t hash);
  static std::uint64_t look_up(Table& table, std::uint64_t raw, auto&& make);

  Table hosts_ = Table(4096), names_ = Table(1024), paths_ = Table(1024);
  Table written_hosts_ = Table(32768), written_programs_ = Table(4096);
};

/// Of `process` on the event's host.
ProcessKey process_key(const Event& event, const ProcessFields& process, NameHashes& names);
/// Of a start that was not read; nothing if `names` does not know both host and program as they are written.
std::optional<ProcessKey> process_key(Format format, const StartIdentity& identity, const NameHashes& names);
/// Of one that was read as well: `names` knows them from then on.
ProcessKey process_key(const Event& event, const ProcessFields& process, const StartIdentity& identity, NameHashes& names);

/// Whether both say when their process began, and do not agree.
bool began_apart(const ProcessKey& a, const ProcessKey& b);

/// Whether nothing speaks against both being the same process, given that the pids are equal.
bool may_be_same(const ProcessKey& a, const ProcessKey& b);

}  // namespace imdswatch
