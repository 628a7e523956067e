#pragma once

#include <gtest/gtest.h>

#include <sstream>

#include "imdswatch/telemetry/telemetry.hpp"

namespace imdswatch {

using namespace std::chrono_literals;

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Told {
  std::ostringstream out;
  std::chrono::steady_clock::time_point now{};
  Telemetry telemetry;
  explicit Told(LogFormat format = LogFormat::text, LogLevel level = LogLevel::info)
      : telemetry({level, format, &out, 60s, [this] { return now; }}) {}
  std::string log(const Fact& what) {
    out.str("");
    telemetry.emit(what);
    return out.str();
  }
  [[nodiscard]] std::string metrics() const { return telemetry.metrics_text(); }
};

inline fact::RunCompleted a_run() {
  fact::RunCompleted run;
  run.shard = Shard{0};
  run.summary.run.time = event_time_us(1'772'366'400'000'000);
  run.summary.candidates = 7;
  run.summary.alerts = 3;
  run.summary.first_versions = 2;  // a finding's and a group's
  run.summary.idle_before = 1;
  run.summary.triage.findings = 4;
  run.summary.triage.told = 1;
  run.summary.triage.grouped = 1;
  run.summary.triage.muted = 2;
  run.took = 12ms;
  return run;
}

}  // namespace imdswatch
