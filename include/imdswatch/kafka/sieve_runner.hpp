#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "imdswatch/kafka/facts.hpp"
#include "imdswatch/kafka/settings.hpp"
#include "imdswatch/sieve/sieve.hpp"

namespace imdswatch::kafka {

struct SieveRunnerConfig {
  SieveConfig sieve;
  std::chrono::milliseconds progress_every{3'000};
  std::chrono::milliseconds commit_every{1'000};
  std::chrono::milliseconds roster_every{60'000};  ///< how often topic ids and partition counts are asked for
  std::chrono::milliseconds at_end_after{60'000};  ///< how long the broker must confirm a partition's end
  EventClock::duration pause_ahead = std::chrono::hours{1};       ///< of the detector's time
  EventClock::duration resume_ahead = std::chrono::minutes{45};
  std::chrono::minutes warm_up{15};                ///< process starts read again before the committed offset
  std::int64_t warm_up_max_messages = 200'000;     ///< for each partition
  double dead_letters_per_second = 10;
  std::chrono::milliseconds call_log_stalled_after{30'000};  ///< without an acknowledgement of what was written there
};

struct SourceFigures {
  NamedPartition source;
  std::optional<TopicPartition> id;       ///< none while reading is being prepared
  std::optional<EventTime> watermark;
  std::optional<Offset> next, end;        ///< next to read; the end as the broker last told it
  bool end_is_fresh = false;              ///< the broker has told it within the last seconds
  bool at_end = false, paused = false;
};

struct SieveFigures {
  SieveCounters counters;
  std::size_t process_table_bytes = 0;
  std::optional<WallTime> first_message, last_message;  ///< when messages were read; none before the first
  std::vector<SourceFigures> sources;
  bool joined = false;                    ///< the group has given this instance its part, be it none
  Generation generation{-1};
  std::uint64_t call_log_records = 0, unacknowledged = 0, producers_lost = 0;
  std::optional<CallLogStalled> call_log_stalled;  ///< the partition that is silent for longest
  std::uint64_t dead_letters = 0, dead_letters_dropped = 0;
};

/// Stage one: raw topics → sieve → call log, on a thread of its own. Several in a process share the topics as group members;
/// with static membership each needs an instance_id of its own.
class SieveRunner {
 public:
  using DetectorTime = std::function<std::optional<EventTime>()>;  ///< called from the runner's thread; must not block
  SieveRunner(KafkaSettings settings, SieveRunnerConfig config, Reporting reporting, DetectorTime detector_time);
  ~SieveRunner();  ///< stops within a second, if `stop` was not called
  SieveRunner(const SieveRunner&) = delete;
  SieveRunner& operator=(const SieveRunner&) = delete;

  /// Opens the clients and starts the thread. Errc::config_invalid if librdkafka refuses a setting.
  Result<void> start();
  /// Makes it begin to stop, with this deadline; `stop` waits for it. So that several stop side by side.
  void begin_stop(std::chrono::milliseconds deadline);
  /// Waits for acknowledgements, commits and leaves the group; gives up what is not done by the deadline. Blocks.
  /// An error says what was read and is not committed; who has the partitions next reads it again.
  Result<void> stop(std::chrono::milliseconds deadline);
  [[nodiscard]] SieveFigures figures() const;
  /// Set when the thread has ended by itself: nothing is read any more.
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch::kafka
