#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace imdswatch::kafka {

/// Whether what was last read from the call log still says how far detection is. Who reads raw partitions writes progress of them every
/// few seconds, this instance too: where none is heard for `silent_after`, it is the log that cannot be read or written, however
/// few calls there are.
class LogTrust {
 public:
  using Time = std::chrono::steady_clock::time_point;  // handed in: this class reads no clock
  LogTrust(std::chrono::milliseconds silent_after, Time now) : silent_after_(silent_after), heard_(now) {}

  /// A progress record was read: what went before is over.
  void heard(Time now) {
    heard_ = now;
    failed_.reset();
  }
  void failed(std::string why) { failed_ = std::move(why); }
  /// Why it says nothing now; none while it does.
  [[nodiscard]] std::optional<std::string> lost(Time now) const {
    if (failed_) return failed_;
    if (now - heard_ < silent_after_) return std::nullopt;
    return "no progress record was read for " + std::to_string(std::chrono::floor<std::chrono::seconds>(silent_after_).count()) + " s";
  }

 private:
  std::chrono::milliseconds silent_after_;
  Time heard_;
  std::optional<std::string> failed_;
};

}  // namespace imdswatch::kafka
