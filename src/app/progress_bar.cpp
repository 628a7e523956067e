#include "progress_bar.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

namespace imdswatch {
namespace {

constexpr std::chrono::milliseconds between_updates{100};
constexpr int width = 40;

}  // namespace

void ProgressBar::show(std::uint64_t bytes_done) {
  if (!enabled_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < between_updates) return;
  shown_ = now;
  const double megabytes = static_cast<double>(bytes_done) / 1e6;
  const double rate = megabytes / std::max(std::chrono::duration<double>(now - started_).count(), 1e-3);
  if (total_ && *total_ > 0) {
    const double part = std::min(1.0, static_cast<double>(bytes_done) / static_cast<double>(*total_));
    const int full = static_cast<int>(part * width);
    std::fprintf(stderr, "\r[%s%s] %3.0f %%  %.0f MB, %.0f MB/s ", std::string(static_cast<std::size_t>(full), '#').c_str(),
                 std::string(static_cast<std::size_t>(width - full), '.').c_str(), part * 100, megabytes, rate);
  } else {
    std::fprintf(stderr, "\r%.0f MB, %.0f MB/s ", megabytes, rate);
  }
  std::fflush(stderr);
}

void ProgressBar::clear() {
  if (enabled_) std::fputs("\r\033[K", stderr);
}

}  // namespace imdswatch
