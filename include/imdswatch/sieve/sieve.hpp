#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "imdswatch/base/limits.hpp"
#include "imdswatch/decode/decoder.hpp"
#include "imdswatch/sieve/call.hpp"

namespace imdswatch {

/// Topics and the one format of their events.
struct TopicFormat {
  std::string topic;             ///< a name, in which `*` stands for any text
  std::optional<Format> format;  ///< nothing: told event by event
  friend bool operator==(const TopicFormat&, const TopicFormat&) = default;
};
bool names_topic(const TopicFormat& entry, std::string_view topic);
/// Of the first entry that names the topic; nothing where none does, or the format is told event by event.
std::optional<Format> fixed_format(const std::vector<TopicFormat>& formats, std::string_view topic);

struct SieveConfig {
  DecodeConfig decode;
  std::vector<TopicFormat> formats;           ///< `formats`; who assigns a partition looks its topic up (fixed_format)
  std::vector<IpAddress> addresses;           ///< `metadata_service.addresses`, parsed; mapped forms are equal already
  std::vector<std::uint16_t> exclude_ports;   ///< `metadata_service.exclude_ports`
  EventClock::duration disorder = std::chrono::minutes{2};   ///< allowed disorder of a partition
  std::size_t process_table_bytes = limits::default_process_table_bytes;
  std::uint64_t hash_seed = 0;  ///< of the tables in memory; changes nothing that is told
  std::pmr::memory_resource* table_memory = std::pmr::get_default_resource();  ///< of the process table; outlives the sieve
};

/// A message of a raw topic; `payload` need only live during the call.
struct RawMessage {
  TopicPartition source;
  LeaderEpoch epoch;
  Offset offset;
  std::string_view payload;
};

/// For the dead-letter topic, which gets the message's original bytes once, with the first reason.
struct RejectedRecord {
  TopicPartition source;
  Offset offset;
  std::uint32_t place = 0;
  RejectReason reason{};
  std::string detail;
};

/// What reading led to; the edge does it. Calls stand in the order in which they must be written, partition by partition.
struct SieveOutput {
  std::vector<std::variant<Call, Lineage>> records;
  std::vector<RejectedRecord> rejected;
  void clear() {
    records.clear();
    rejected.clear();
  }
};

/// Where a partition can be taken up again once every record that was handed out so far is acknowledged.
struct SourcePosition {
  Offset next;            ///< the offset to commit
  std::string metadata;   ///< to commit with it: the stream's time and what the clock rule waits for; printable, under 3 KiB
};

inline constexpr std::size_t format_count = 13;         ///< values of Format
inline constexpr std::size_t ignore_reason_count = 6;   ///< values of IgnoreReason
inline constexpr std::size_t reject_reason_count = 14;  ///< values of RejectReason

/// Every record in exactly one account; only ever grow.
struct SieveCounters {
  struct ByFormat {
    std::uint64_t calls = 0;                 ///< kept: connections to the metadata service
    std::uint64_t starts = 0;                ///< kept: process starts, for the join
    std::uint64_t connections_elsewhere = 0; ///< ignored: decoded, but to another address or an excluded port
    std::array<std::uint64_t, ignore_reason_count> ignored{};
    std::array<std::uint64_t, reject_reason_count> rejected{};
    std::uint64_t join_hits = 0, join_misses = 0, late_starts = 0;
  };
  std::array<ByFormat, format_count> formats{};
  std::uint64_t messages = 0, bytes = 0;
  std::uint64_t clock_skewed = 0;          ///< calls that were given their stream's time
  std::uint64_t starts_evicted = 0;        ///< process starts dropped for space or age
  std::uint64_t awaiting_evicted = 0;      ///< calls that no longer wait for a late start, for space
  std::uint64_t out_of_order = 0;          ///< events older than their partition's watermark: their calls may be late
};

/// Stage one for the partitions of one thread: bytes in, calls to the metadata service out, with their evidence.
/// The same messages in the same order give the same output. Not for two threads at once.
class Sieve {
 public:
  explicit Sieve(SieveConfig config);
  ~Sieve();
  Sieve(Sieve&&) noexcept;

  /// Starts (or starts anew) a partition. `metadata` is what was committed, or empty; text that does not parse counts as empty.
  /// With `only`, its events of another format are ignored.
  void assign(const TopicPartition& source, std::string_view metadata, std::optional<Format> only = std::nullopt);
  /// Forgets a partition, its held candidates included: they lie beyond its committed offset.
  void revoke(const TopicPartition& source);

  /// Reads one message of an assigned partition; offsets must grow. Appends to `out`.
  void read(const RawMessage& message, SieveOutput& out);
  /// Reads only process starts, of messages before the committed offset: neither calls nor accounts come of it.
  void warm_up(const RawMessage& message);
  /// No more will come (replay): what the clock rule still waits for is decided, and written.
  void finish(const TopicPartition& source, SieveOutput& out);

  /// Of a partition of which at least one message was read.
  [[nodiscard]] SourcePosition position(const TopicPartition& source) const;
  /// Highest accepted event time less the allowed disorder; none before any event counted.
  [[nodiscard]] std::optional<EventTime> watermark(const TopicPartition& source) const;
  [[nodiscard]] const SieveCounters& counters() const;
  [[nodiscard]] std::size_t process_table_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch
