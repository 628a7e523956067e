#include "imdswatch/telemetry/telemetry.hpp"

#include <exception>
#include <mutex>

#include "logger.hpp"
#include "metrics.hpp"
#include "watch.hpp"

namespace imdswatch {

struct Telemetry::Impl {
  explicit Impl(TelemetryOptions options) : logger(std::move(options)) {}

  std::mutex mutex;
  telemetry_detail::Logger logger;
  telemetry_detail::Metrics metrics;
  telemetry_detail::Watch watch;
};

Telemetry::Telemetry(TelemetryOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Telemetry::~Telemetry() = default;

void Telemetry::emit(const Fact& what) {
  const std::lock_guard lock(impl_->mutex);
  try {
    impl_->metrics.apply(what);
    if (auto line = telemetry_detail::describe(what)) impl_->logger.write(*std::move(line));
    for (auto& line : impl_->watch.look(what)) impl_->logger.write(std::move(line));
    impl_->metrics.held_back(impl_->logger.held_back());
  } catch (const std::exception&) {
    // The libraries refuse a label or a stream: what is told must never stop what is done.
  }
}

std::string Telemetry::metrics_text() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->metrics.text();
}

}  // namespace imdswatch
