#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "imdswatch/detector/doors.hpp"

namespace imdswatch {

/// One shard's call log, state topic and alert topic in memory, behind the doors that Kafka's stand behind in `run`.
/// Records go through their real encoding. What was committed leaves the log, so that memory stays bounded.
class MemoryShard final : public StateReader, public LogSource, public CommitOutlet {
 public:
  /// `keep_state` false: rows are dropped, for a run that never restores.
  MemoryShard(std::function<void(const Alert&)> on_alert, bool keep_state)
      : on_alert_(std::move(on_alert)), keep_state_(keep_state) {}

  void append(const LogBody& body, WallTime append_time);

  Result<void> read(const std::function<Result<void>(const StateRow&)>& row) override;
  Result<void> seek(std::optional<Offset> next) override;
  Result<std::vector<LogRecord>> poll(std::size_t max_records) override;
  Result<void> open() override { return {}; }
  CommitOutcome commit(const ShardCommit& commit) override;

  [[nodiscard]] std::uint64_t appended_bytes() const { return appended_bytes_; }
  [[nodiscard]] std::size_t unread() const { return log_.size() - (read_from_ - first_); }

 private:
  struct Stored {
    WallTime append_time;
    std::string bytes;
  };
  std::function<void(const Alert&)> on_alert_;
  bool keep_state_;
  std::deque<Stored> log_;
  std::size_t first_ = 0, read_from_ = 0;  ///< offsets of the oldest record held, and of the next to poll
  std::map<std::string, std::string> state_;
  std::uint64_t appended_bytes_ = 0;
};

}  // namespace imdswatch
