#include "imdswatch/kafka/sieve_runner.hpp"

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include "raw_reader.hpp"
#include "thread_name.hpp"

namespace imdswatch::kafka {

struct SieveRunner::Impl {
  Impl(KafkaSettings settings, SieveRunnerConfig config, Reporting reporting, DetectorTime detector_time)
      : reader(std::move(settings), std::move(config), std::move(reporting), std::move(detector_time)) {}

  void run(const std::stop_token& stop) {
    name_thread("sieve");
    auto published = std::chrono::steady_clock::time_point{};
    while (!stop.stop_requested() && !reader.failure()) {
      reader.turn();
      if (const auto now = std::chrono::steady_clock::now(); now - published >= std::chrono::milliseconds{200}) {
        published = now;
        publish();
      }
    }
    finished = reader.finish(deadline.load());
    publish();
  }

  void publish() {
    auto fresh = reader.figures();
    const std::lock_guard lock{mutex};
    figures = std::move(fresh);
    failure = reader.failure();
  }

  RawReader reader;
  std::atomic<std::chrono::milliseconds> deadline{std::chrono::milliseconds{1'000}};
  mutable std::mutex mutex;
  SieveFigures figures;
  std::optional<Error> failure;
  Result<void> finished;  ///< once the thread has ended
  std::jthread thread;
};

SieveRunner::SieveRunner(KafkaSettings settings, SieveRunnerConfig config, Reporting reporting, DetectorTime detector_time)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(config), std::move(reporting), std::move(detector_time))) {}

SieveRunner::~SieveRunner() = default;

Result<void> SieveRunner::start() {
  if (auto opened = impl_->reader.open(); !opened) return opened;
  impl_->thread = std::jthread{[impl = impl_.get()](const std::stop_token& stop) { impl->run(stop); }};
  return {};
}

void SieveRunner::begin_stop(std::chrono::milliseconds deadline) {
  if (impl_->thread.get_stop_token().stop_requested()) return;
  impl_->deadline = deadline;
  impl_->thread.request_stop();
}

Result<void> SieveRunner::stop(std::chrono::milliseconds deadline) {
  begin_stop(deadline);
  if (impl_->thread.joinable()) impl_->thread.join();
  return impl_->finished;
}

SieveFigures SieveRunner::figures() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->figures;
}

std::optional<Error> SieveRunner::failure() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->failure;
}

}  // namespace imdswatch::kafka
