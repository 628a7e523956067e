#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "../../../src/sieve/core.hpp"

namespace imdswatch::test {

inline constexpr EventTime start = event_time_us(1'700'000'000'000'000);

inline IpAddress metadata_address() { return *parse_ip_address("169.254.169.254"); }

inline SieveConfig config() {
  SieveConfig out;
  out.addresses = {metadata_address()};
  out.exclude_ports = {53, 123};
  return out;
}

inline Event call_event(std::string_view host, EventTime time, std::string_view name = "curl.exe") {
  Event event;
  event.format = Format::elastic_defend;
  event.time = time;
  event.host.name = host;
  ConnectionEvent connection;
  connection.process.name = name;
  connection.destination = metadata_address();
  connection.port = 80;
  event.what = connection;
  return event;
}

inline ConnectionEvent& connection(Event& event) { return std::get<ConnectionEvent>(event.what); }
inline ProcessStartEvent& process_start(Event& event) { return std::get<ProcessStartEvent>(event.what); }

inline Event start_event(std::string_view host, EventTime time, std::string_view name = "curl.exe") {
  Event event = call_event(host, time);
  ProcessStartEvent begun;
  begun.process.name = name;
  begun.process.command_line = "curl http://169.254.169.254/";
  begun.parent.name = "cmd.exe";
  event.what = begun;
  return event;
}

inline Ignored other_event(std::string_view host, EventTime time) {
  return {Format::elastic_defend, IgnoreReason::other_event, time, host};
}

/// One partition of a sieve, fed event by event.
class Feed {
 public:
  explicit Feed(SieveConfig of = config(), std::string_view metadata = {}, std::int64_t next_offset = 0)
      : core(of), next(next_offset) {
    source.topic.bytes[0] = 1;
    core.assign(source, metadata);
  }
  void message(const std::vector<Decoded>& events) { core.ingest({source, LeaderEpoch{3}, Offset{next++}, "payload"}, events, out); }
  void operator()(Decoded event) { message({std::move(event)}); }
  /// Gives the stream its time: two hosts agree.
  void begin(EventTime time = start) {
    (*this)(other_event("first", time));
    (*this)(other_event("second", time));
  }
  [[nodiscard]] std::vector<Call> calls() const {
    std::vector<Call> found;
    for (const auto& record : out.records) {
      if (const auto* call = std::get_if<Call>(&record)) found.push_back(*call);
    }
    return found;
  }
  [[nodiscard]] std::vector<Lineage> lineages() const {
    std::vector<Lineage> found;
    for (const auto& record : out.records) {
      if (const auto* lineage = std::get_if<Lineage>(&record)) found.push_back(*lineage);
    }
    return found;
  }

  TopicPartition source;
  SieveCore core;
  SieveOutput out;
  std::int64_t next;
};

}  // namespace imdswatch::test
