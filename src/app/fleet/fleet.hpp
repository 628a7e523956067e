#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "imdswatch/base/time.hpp"
#include "programs.hpp"

namespace imdswatch::fleet {

/// A small labelled world: who calls the metadata service day by day, a roll-out, new hosts, and thefts. Made for the demo and
/// for the tests; after the documented field layouts, with no recorded event in it.
struct Options {
  enum class Shippers : std::uint8_t { both, defend, winlogbeat };
  std::uint64_t seed = 1;
  Shippers shippers = Shippers::both;                      ///< both: every other host
  int hosts = 60;
  int days = 14;
  EventTime start = event_time_us(1'767'571'200'000'000);  ///< 2026-01-05T00:00:00Z, a Monday
  double everyday_events_per_hour = 1;                     ///< and host: starts and connections elsewhere
  double call_rate = 1;                                    ///< of the usual callers' rates
  EventClock::duration most_lag = std::chrono::minutes{1}; ///< events arrive out of order by up to this
  int thefts_after_day = 4;                                ///< thefts happen from this day on
  int thefts_of_each_kind = 1;
  bool roll_out = true;                                    ///< a new agent reaches every host within a day
  bool lateral_movement = true;                            ///< one tool steals on seven hosts within hours
};

struct Event {
  EventTime time;
  std::uint32_t host = 0;  ///< number of the host; a partition key
  std::string json;        ///< as its shipper writes it: Elastic Defend or Winlogbeat with Sysmon, by host
};

/// What a detector should tell.
struct Theft {
  EventTime time;
  std::string host;
  std::string process;     ///< as the event writes it
  std::string what;
};

class Fleet {
 public:
  explicit Fleet(const Options& options);
  ~Fleet();
  Fleet(Fleet&&) noexcept;

  /// The next event in order of arrival; none after the last day.
  std::optional<Event> next();
  /// Ordinary events of three hosts every 50 minutes over two hours after the last day, so that every run falls due when each
  /// partition gets them.
  [[nodiscard]] std::vector<Event> closing_events() const;

  [[nodiscard]] const std::vector<Theft>& thefts() const;      ///< all of them, by time
  [[nodiscard]] const std::vector<std::string>& hosts() const; ///< names, by number
  [[nodiscard]] const std::string& rolled_out() const;         ///< process name of the agent that is rolled out
  [[nodiscard]] EventTime end() const;                         ///< of the last day

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch::fleet
