#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace imdswatch {

/// One line on standard error that is written over, at most ten times a second; nothing if not `enabled`.
class ProgressBar {
 public:
  ProgressBar(bool enabled, std::optional<std::uint64_t> total_bytes) : enabled_(enabled), total_(total_bytes) {}
  void show(std::uint64_t bytes_done);
  void clear();

 private:
  bool enabled_;
  std::optional<std::uint64_t> total_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_{};
};

}  // namespace imdswatch
