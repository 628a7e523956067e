#pragma once

#include <map>
#include <memory>

#include "log_line.hpp"

namespace spdlog {
class logger;
}

namespace imdswatch::telemetry_detail {

/// Writes lines in the chosen format; holds repeated warnings back. Not for two threads at once: Telemetry locks.
class Logger {
 public:
  explicit Logger(TelemetryOptions options);
  ~Logger();

  void write(LogLine line);
  [[nodiscard]] std::uint64_t held_back() const { return held_back_; }

 private:
  struct Repeat {
    std::chrono::steady_clock::time_point logged;
    std::uint64_t since = 0;
  };
  bool hold_back(LogLine& line);
  void put(const LogLine& line);

  TelemetryOptions options_;
  std::shared_ptr<spdlog::logger> log_;
  std::map<std::string, Repeat> repeats_;
  std::uint64_t held_back_ = 0;
};

}  // namespace imdswatch::telemetry_detail
