#include <gtest/gtest.h>

#include <httplib.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "child_process.hpp"
#include "kafka_broker.hpp"

namespace imdswatch::testing {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

bool eventually(const std::function<bool()>& done, std::chrono::seconds limit) {
  for (const auto until = Clock::now() + limit; Clock::now() < until; std::this_thread::sleep_for(50ms)) {
    if (done()) return true;
  }
  return false;
}

/// Of all threads, user and kernel.
std::chrono::milliseconds cpu_time(pid_t pid) {
  const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  std::istringstream fields(stat.substr(stat.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  long user = 0, kernel = 0;
  fields >> user >> kernel;
  return std::chrono::milliseconds{1000 * (user + kernel) / sysconf(_SC_CLK_TCK)};
}

/// The real binary, whose brokers are away when it starts or while it works.
class BrokerAway : public ::testing::Test {
 protected:
  std::unique_ptr<ChildProcess> start_daemon(const std::string& bootstrap) {
    const auto config = folder_.path() / "imdswatch.yaml";
    std::ofstream out(config);
    out << "kafka:\n  properties:\n    bootstrap.servers: " << bootstrap << "\n  raw_topics: [endpoint-events]\nhttp:\n  port: 0\n";
    out.close();
    return std::make_unique<ChildProcess>(ChildProcess::Options{.binary = IMDSWATCH_BINARY,
                                                                .arguments = {"run", "--config", config.string()},
                                                                .environment = {},
                                                                .out = {},
                                                                .err = folder_.path() / "run.log",
                                                                .in = {}});
  }
  [[nodiscard]] std::string log() const { return read_file(folder_.path() / "run.log"); }
  [[nodiscard]] bool says(const std::string& words) const { return log().find(words) != std::string::npos; }
  [[nodiscard]] int readiness() const {
    static constexpr std::string_view before = "http://127.0.0.1:";
    const std::string text = log();
    const auto at = text.find(before);
    if (at == std::string::npos) return 0;
    httplib::Client client("127.0.0.1", std::atoi(text.c_str() + at + before.size()));
    const auto answer = client.Get("/readyz");
    return answer ? answer->status : 0;
  }

  TemporaryDirectory folder_;
};

TEST_F(BrokerAway, AtStartItWaitsAndGoesOnByItself) {
  TestBroker broker;
  broker.create_topic("endpoint-events", 2);
  broker.kill9(1);
  const auto daemon = start_daemon(broker.bootstrap());
  ASSERT_TRUE(eventually([&] { return says("waiting for the brokers"); }, 40s)) << log();
  EXPECT_EQ(readiness(), 503);
  ASSERT_TRUE(daemon->running()) << log();
  broker.start_node(1);
  EXPECT_TRUE(eventually([&] { return readiness() == 200; }, 90s)) << log();
  daemon->kill(SIGTERM);
  EXPECT_EQ(daemon->wait(60s), 0) << log();
}

TEST_F(BrokerAway, AskedToStopWhileItWaitsItStopsAtOnce) {
  const auto daemon = start_daemon("127.0.0.1:1");
  ASSERT_TRUE(eventually([&] { return says("http://127.0.0.1:"); }, 20s)) << log();
  std::this_thread::sleep_for(1s);  // into its question to the brokers
  daemon->kill(SIGTERM);
  EXPECT_EQ(daemon->wait(3s), 0) << log();
}

TEST_F(BrokerAway, WhileItWorksItNeitherEndsNorSpinsAndGoesOnByItself) {
  TestBroker broker;
  broker.create_topic("endpoint-events", 2);
  const auto daemon = start_daemon(broker.bootstrap());
  ASSERT_TRUE(eventually([&] { return readiness() == 200; }, 90s)) << log();
  broker.kill9(1);
  std::this_thread::sleep_for(5s);
  const auto before = cpu_time(daemon->pid());
  std::this_thread::sleep_for(20s);
  ASSERT_TRUE(daemon->running()) << log();
  const auto used = cpu_time(daemon->pid()) - before;
  std::printf("CPU time while the broker was away for 20 s: %lld ms\n", static_cast<long long>(used.count()));
  EXPECT_LT(used, 4s) << "it must wait, not spin";
  EXPECT_TRUE(says("trouble with the broker")) << log();
  broker.start_node(1);
  EXPECT_TRUE(eventually([&] { return readiness() == 200; }, 90s)) << log();
  daemon->kill(SIGTERM);
  EXPECT_EQ(daemon->wait(60s), 0) << log();
}

}  // namespace
}  // namespace imdswatch::testing
