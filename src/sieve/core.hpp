#pragma once

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "awaiting.hpp"
#include "clock_rule.hpp"
#include "imdswatch/sieve/sieve.hpp"
#include "process_key.hpp"
#include "process_table.hpp"

namespace imdswatch {

/// The sieve below the decoder: decoded events in, calls out. Sieve is this with a Decoder before it.
class SieveCore {
 public:
  /// `decoder`: the one that gives all glances, and outlives this; without one, there must be none of a process start.
  explicit SieveCore(const SieveConfig& config, Decoder* decoder = nullptr);

  void assign(const TopicPartition& source, std::string_view metadata);
  void revoke(const TopicPartition& source);
  /// `message` gives place and offset; its payload is not looked at.
  void ingest(const RawMessage& message, std::span<const Decoded> events, SieveOutput& out);
  /// The same for a message whose looks told enough. False, and nothing done, where its time makes the whole event needed, or what it tells of a start does
  /// not fit after all.
  bool ingest(const RawMessage& message, const Glance& glance, SieveOutput& out);
  void warm_up(const TopicPartition& source, std::span<const Decoded> events);
  void finish(const TopicPartition& source, SieveOutput& out);

  [[nodiscard]] SourcePosition position(const TopicPartition& source) const;
  [[nodiscard]] std::optional<EventTime> watermark(const TopicPartition& source) const;
  [[nodiscard]] const SieveCounters& counters() const { return counters_; }
  [[nodiscard]] std::size_t process_table_bytes() const { return starts_.bytes(); }

 private:
  /// A call that cannot go out yet: its time is not decided, or that of one before it is not.
  struct Queued {
    ClockRule::Ticket ticket;
    Call call;
    ProcessKey key;
    EventTime own_time;
    std::optional<EventTime> watermark;  ///< the stream's when this came; reported while this is the first
    std::string state;                   ///< the clock's before its message
    bool decided;
  };
  struct Source {
    explicit Source(ClockRule rule) : clock(rule), before(std::move(rule)) {}
    ClockRule clock;
    ClockRule before;  ///< as it stood before the message that is being read
    std::optional<Offset> last;
    std::deque<Queued> queue;  ///< the first one is not decided
    ClockRule::Ticket next_ticket = 1;
  };

  Source& at(const TopicPartition& source) { return latest_.second != nullptr && latest_.first == source ? *latest_.second : searched(source); }
  Source& searched(const TopicPartition& source);
  void begin(Source& source, const RawMessage& message);
  [[nodiscard]] const Source& at(const TopicPartition& source) const;
  [[nodiscard]] std::optional<EventTime> watermark(const Source& source) const;
  [[nodiscard]] std::optional<EventTime> stream_watermark(const Source& source) const;
  [[nodiscard]] bool is_metadata_service(const ConnectionEvent& connection) const;

  void take(Source& source, const Event& event, const Origin& origin, SieveOutput& out);
  void take_call(Source& source, const Event& event, const ConnectionEvent& connection, const Origin& origin, SieveOutput& out);
  void take_start(Source& source, const Event& event, const ProcessStartEvent& start, SieveOutput* out);
  /// `told` is kept. Without `out`, nobody waits for it.
  void take_start(Source& source, const ProcessKey& key, EventTime time, const KeptStart& told, SieveOutput* out);
  /// Of the start that was glanced at; nothing if it does not fit after all.
  [[nodiscard]] std::optional<ProcessKey> key_of_read(const Glance& glance);
  [[nodiscard]] Evidence evidence_of(const KeptStart& told, std::optional<EventTime> time) const;
  void reject(const Origin& origin, const Rejected& rejected, SieveOutput& out);
  void observe(Source& source, EventTime time, std::string_view host, SieveOutput& out);
  void count_order(const Source& source, EventTime time);
  /// Applies what the clock rule has decided, and lets go what no longer waits for one before it.
  void settle(Source& source, SieveOutput& out) {
    if (!decisions_.empty() || !source.queue.empty()) settle_queue(source, out);
  }
  void settle_queue(Source& source, SieveOutput& out);
  void emit(Source& source, Call call, const ProcessKey& key, EventTime own_time, SieveOutput& out);
  SieveCounters::ByFormat& counts(Format format) { return counters_.formats[static_cast<std::size_t>(format)]; }

  std::vector<IpAddress> addresses_;
  std::vector<std::uint16_t> exclude_ports_;
  EventClock::duration disorder_;
  Decoder* decoder_;
  std::map<TopicPartition, Source> sources_;
  std::pair<TopicPartition, Source*> latest_{};  ///< runs of one partition are long
  NameHashes names_;
  ProcessTable starts_;
  Awaiting awaiting_;
  std::vector<ClockRule::Decision> decisions_;  ///< of the event at hand; kept for its memory
  SieveCounters counters_;
};

}  // namespace imdswatch
