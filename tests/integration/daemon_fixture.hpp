#pragma once

#include <gtest/gtest.h>

#include <httplib.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "kafka_broker.hpp"

/// The real binary, `imdswatch run`, against a real broker.
namespace imdswatch::testing {

using namespace std::chrono_literals;

inline bool eventually(const std::function<bool()>& done, std::chrono::seconds limit) {
  using Clock = std::chrono::steady_clock;
  for (const auto until = Clock::now() + limit; Clock::now() < until; std::this_thread::sleep_for(50ms)) {
    if (done()) return true;
  }
  return false;
}

/// A process with a configuration and a log of its own.
class Daemon {
 public:
  /// `properties`: lines of kafka.properties beside the brokers' address; `kafka`: further keys of `kafka`; `further`: others; all as
  /// YAML, `name: value`.
  struct Options {
    std::string bootstrap;
    std::vector<std::string> properties, kafka, further = {};
  };
  Daemon(const std::filesystem::path& folder, const std::string& name, const Options& options)
      : log_(folder / (name + ".log")), process_(start(folder / (name + ".yaml"), log_, options)) {}

  [[nodiscard]] ChildProcess& process() { return *process_; }
  [[nodiscard]] std::string log() const { return read_file(log_); }
  [[nodiscard]] bool says(const std::string& words) const { return log().find(words) != std::string::npos; }
  /// What its HTTP answers; nothing while it does not.
  [[nodiscard]] std::string get(const std::string& target, int* status = nullptr) const {
    static constexpr std::string_view before = "http://127.0.0.1:";
    const std::string text = log();
    const auto at = text.find(before);
    if (at == std::string::npos) return {};
    httplib::Client client("127.0.0.1", std::atoi(text.c_str() + at + before.size()));
    const auto answer = client.Get(target);
    if (status != nullptr) *status = answer ? answer->status : 0;
    return answer ? answer->body : std::string{};
  }
  [[nodiscard]] int readiness() const {
    int status = 0;
    static_cast<void>(get("/readyz", &status));
    return status;
  }
  [[nodiscard]] bool becomes_ready(std::chrono::seconds limit = 90s) const {
    return eventually([this] { return readiness() == 200; }, limit);
  }
  /// Whether a shard here has committed.
  [[nodiscard]] bool has_committed() const {
    std::istringstream lines(get("/metrics"));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("imdswatch_commits_total{") && line.find("\"committed\"") != std::string::npos && !line.ends_with(" 0")) return true;
    }
    return false;
  }

 private:
  static std::unique_ptr<ChildProcess> start(const std::filesystem::path& config, const std::filesystem::path& log, const Options& options) {
    std::ofstream out(config);
    out << "kafka:\n  properties:\n    bootstrap.servers: " << options.bootstrap << '\n';
    for (const std::string& line : options.properties) out << "    " << line << '\n';
    out << "  raw_topics: [endpoint-events]\n";
    for (const std::string& line : options.kafka) out << "  " << line << '\n';
    for (const std::string& line : options.further) out << line << '\n';
    out << "http:\n  port: 0\n";
    out.close();
    return std::make_unique<ChildProcess>(ChildProcess::Options{.binary = IMDSWATCH_BINARY,
                                                                .arguments = {"run", "--config", config.string()},
                                                                .environment = {},
                                                                .out = {},
                                                                .err = log,
                                                                .in = {}});
  }
  std::filesystem::path log_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace imdswatch::testing
