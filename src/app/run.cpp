#include "run.hpp"

#include <malloc.h>
#include <systemd/sd-daemon.h>

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "daemon/daemon.hpp"
#include "exit_codes.hpp"
#include "imdswatch/telemetry/telemetry.hpp"

namespace imdswatch {
namespace {

constexpr timespec between_observations{1, 0};
/// Within the unit's TimeoutStopSec, 60 s.
constexpr std::chrono::seconds stop_deadline{40}, last_resort_after{55};

/// Ends the process where stopping takes longer than it may. A client whose brokers are away can take its time to let go.
class LastResort {
 public:
  void arm(std::chrono::seconds after, const std::function<void()>& end) {
    thread_ = std::jthread([this, after, end](const std::stop_token& stop) {
      std::unique_lock lock{mutex_};
      if (!disarmed_.wait_for(lock, stop, after, [] { return false; }) && !stop.stop_requested()) end();
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any disarmed_;
  std::jthread thread_;  // last: it uses what stands above
};

/// SIGTERM and SIGINT, which from here on are only seen by wait(): to be made before any thread is.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }
  /// The signal's number, or none within the time.
  std::optional<int> wait(const timespec& at_most) {
    const int got = sigtimedwait(&signals_, nullptr, &at_most);
    return got > 0 ? std::optional{got} : std::nullopt;
  }
  /// A second signal ends the process at once.
  void release() { pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }

 private:
  sigset_t signals_{};
};

/// librdkafka takes and frees some MiB for each fetch. Given back to the kernel each time, all its pages would be zeroed anew for the next.
void keep_freed_memory() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 16 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

TelemetryOptions telemetry_options(const LogSettings& log) {
  TelemetryOptions out;
  out.level = parse_log_level(log.level).value_or(out.level);
  out.format = parse_log_format(log.format).value_or(out.format);
  return out;
}

timespec as_timespec(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return {seconds.count(), std::chrono::nanoseconds{time - seconds}.count()};
}

fact::Stopped how_it_stopped(const Result<void>& stopped, const std::optional<Error>& failed) {
  using How = fact::Stopped::How;
  if (failed) {
    return {How::failed, failed->message + (stopped ? "" : "; not committed, so done again by the next start: " + stopped.error().message)};
  }
  if (!stopped) return {How::incomplete, stopped.error().message};
  return {};
}

int exit_code(const Error& error) { return error.code == Errc::config_invalid ? exit_configuration : exit_failed; }

/// Stops what was started, within its time whatever a client does. Exit code.
int end(Daemon& daemon, Telemetry& telemetry, StopSignals& signals, LastResort& last_resort, const std::string& why,
        const std::optional<Error>& failed) {
  if (daemon.has_stages()) telemetry.emit(fact::Stopping{why});
  sd_notify(0, "STOPPING=1");
  signals.release();
  last_resort.arm(last_resort_after, [&telemetry, failed] {
    telemetry.emit(how_it_stopped(Error{Errc::kafka_unavailable, "a client did not end in time"}, failed));
    std::_Exit(failed ? exit_code(*failed) : exit_ok);
  });
  telemetry.emit(how_it_stopped(daemon.stop(stop_deadline), failed));
  return failed ? exit_code(*failed) : exit_ok;
}

/// Brokers that are away are waited for, for longer than TimeoutStartSec if need be.
void tell_systemd_that_it_waits() { sd_notify(0, "EXTEND_TIMEOUT_USEC=120000000"); }

}  // namespace

int run_daemon(const Config& config, const std::string& config_file) {
  if (auto runnable = check_runnable(config); !runnable) {
    std::fprintf(stderr, "imdswatch: %s\n", runnable.error().message.c_str());
    return exit_configuration;
  }
  keep_freed_memory();
  StopSignals signals;
  Telemetry telemetry(telemetry_options(config.log));
  LastResort last_resort;  // outlives the daemon
  Daemon daemon(config, config_file, telemetry);
  const auto began = std::chrono::steady_clock::now();
  const auto started = daemon.start([&](std::chrono::milliseconds at_most) {
    tell_systemd_that_it_waits();
    return signals.wait(as_timespec(at_most)).has_value();
  });
  if (!started) return end(daemon, telemetry, signals, last_resort, started.error().message, started.error());
  if (!*started) {
    telemetry.emit(fact::Stopped{fact::Stopped::How::before_reading, "asked to stop before the brokers answered"});
    return exit_ok;
  }
  bool announced = false;
  std::optional<Error> failed;
  std::optional<int> signal;
  while (!signal && !failed) {
    signal = signals.wait(between_observations);
    daemon.observe();
    failed = daemon.failure();
    if (!announced) tell_systemd_that_it_waits();
    if (!announced && daemon.ready()) {
      announced = true;
      telemetry.emit(fact::Ready{std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began)});
      sd_notify(0, "READY=1");
    }
  }
  return end(daemon, telemetry, signals, last_resort, signal ? strsignal(*signal) : failed->message, failed);
}

}  // namespace imdswatch
