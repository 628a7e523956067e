#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "imdswatch/telemetry/facts.hpp"

namespace imdswatch {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
enum class LogFormat : std::uint8_t { text, journal, json };

std::optional<LogLevel> parse_log_level(std::string_view text);
/// "auto" is `journal` if standard error is the journal (JOURNAL_STREAM), else `text`.
std::optional<LogFormat> parse_log_format(std::string_view text);

struct TelemetryOptions {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
  std::ostream* out = nullptr;  ///< instead of standard error; must outlive the object
  std::chrono::seconds repeat_after{60};  ///< a warning of the same kind and subject is logged at most so often, then with a count
  std::function<std::chrono::steady_clock::time_point()> now;  ///< for that rule; the steady clock if empty
};

/// Facts → log lines and metrics. For any threads at once; never throws; writes to standard error, which may block.
class Telemetry {
 public:
  explicit Telemetry(TelemetryOptions options = {});
  ~Telemetry();
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  void emit(const Fact& what);
  /// Prometheus' text format; docs/operations.md lists the names.
  [[nodiscard]] std::string metrics_text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch
