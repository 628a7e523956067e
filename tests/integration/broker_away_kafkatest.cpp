#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <sstream>

#include "daemon_fixture.hpp"
#include "imdswatch/calllog/record.hpp"
#include "imdswatch/kafka/call_log_group.hpp"
#include "kafka/admin.hpp"
#include "kafka/client.hpp"
#include "kafka_client.hpp"

/// The brokers are away when the program starts, while it works, and when it is to stop.
namespace imdswatch::testing {
namespace {

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

class BrokerAway : public ::testing::Test {
 protected:
  TemporaryDirectory folder_;
};

TEST_F(BrokerAway, AtStartItWaitsAndGoesOnByItself) {
  TestBroker broker;
  broker.create_topic("endpoint-events", 2);
  broker.kill9(1);
  Daemon daemon(folder_.path(), "run", {.bootstrap = broker.bootstrap(), .properties = {}, .kafka = {}});
  ASSERT_TRUE(eventually([&] { return daemon.says("waiting for the brokers"); }, 40s)) << daemon.log();
  EXPECT_TRUE(daemon.says("the brokers at " + broker.bootstrap() + " do not answer")) << daemon.log();
  EXPECT_EQ(daemon.readiness(), 503);
  ASSERT_TRUE(daemon.process().running()) << daemon.log();
  broker.start_node(1);
  EXPECT_TRUE(daemon.becomes_ready()) << daemon.log();
  daemon.process().kill(SIGTERM);
  EXPECT_EQ(daemon.process().wait(60s), 0) << daemon.log();
}

TEST_F(BrokerAway, AskedToStopWhileItWaitsItStopsAtOnceAndSaysThatItReadNothing) {
  Daemon daemon(folder_.path(), "run", {.bootstrap = "127.0.0.1:1", .properties = {}, .kafka = {}});
  ASSERT_TRUE(eventually([&] { return daemon.says("http://127.0.0.1:"); }, 20s)) << daemon.log();
  std::this_thread::sleep_for(1s);  // into its question to the brokers
  daemon.process().kill(SIGTERM);
  EXPECT_EQ(daemon.process().wait(3s), 0) << daemon.log();
  EXPECT_TRUE(daemon.says("stopped before anything was read")) << daemon.log();
}

/// 20 s, or IMDSWATCH_TEST_AWAY_SECONDS.
std::chrono::seconds time_away() {
  const char* set = std::getenv("IMDSWATCH_TEST_AWAY_SECONDS");
  return std::chrono::seconds{set == nullptr ? 20 : std::atoi(set)};
}

TEST_F(BrokerAway, WhileItWorksItNeitherEndsNorSpinsAndGoesOnByItself) {
  TestBroker broker;
  broker.create_topic("endpoint-events", 2);
  Daemon daemon(folder_.path(), "run", {.bootstrap = broker.bootstrap(), .properties = {}, .kafka = {}});
  ASSERT_TRUE(daemon.becomes_ready()) << daemon.log();
  broker.kill9(1);
  std::this_thread::sleep_for(5s);
  const auto before = cpu_time(daemon.process().pid());
  std::this_thread::sleep_for(time_away());
  ASSERT_TRUE(daemon.process().running()) << daemon.log();
  const auto used = cpu_time(daemon.process().pid()) - before;
  std::printf("CPU time while the broker was away for %lld s: %lld ms\n", static_cast<long long>(time_away().count()), static_cast<long long>(used.count()));
  EXPECT_LT(used, time_away() / 10) << "it must wait, not spin";
  EXPECT_TRUE(daemon.says("trouble with the broker")) << daemon.log();
  broker.start_node(1);
  EXPECT_TRUE(daemon.becomes_ready()) << daemon.log();
  daemon.process().kill(SIGTERM);
  EXPECT_EQ(daemon.process().wait(60s), 0) << daemon.log();
}

TEST_F(BrokerAway, QuestionsToABrokerThatIsGoneWaitAndDoNotDialWithoutAPause) {
  TestBroker broker;
  broker.create_topic("endpoint-events", 2);
  kafka::KafkaSettings settings;
  settings.properties = {{"bootstrap.servers", broker.bootstrap()}, {"broker.address.family", "v4"}};
  settings.raw_topics = {"endpoint-events"};
  auto client = kafka::Client::open(settings, kafka::Role::raw_consumer, {});
  ASSERT_TRUE(client.ok());
  const std::vector<kafka::NamedPartition> partitions{{"endpoint-events", Partition{0}}, {"endpoint-events", Partition{1}}};
  const auto ends = [&](bool uncommitted) {
    return kafka::list_offsets(client->get(), partitions, kafka::OffsetAt::latest, 2s, uncommitted);
  };
  const auto topics = [&] { return kafka::describe_raw_topics(client->get(), settings.raw_topics, 2s); };
  ASSERT_TRUE(ends(false).ok());
  ASSERT_TRUE(ends(true).ok());
  ASSERT_EQ(ends(false)->size(), 2U);
  ASSERT_EQ(topics()->at("endpoint-events").partitions, 2);
  broker.kill9(1);
  std::this_thread::sleep_for(2s);
  const auto cpu_used = [] {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
  };
  const auto before = cpu_used();
  EXPECT_FALSE(ends(false).ok());
  EXPECT_FALSE(ends(true).ok());
  EXPECT_FALSE(topics().ok());
  const auto used = std::chrono::duration_cast<std::chrono::milliseconds>(cpu_used() - before);
  std::printf("CPU time of three questions of 2 s: %lld ms\n", static_cast<long long>(used.count()));
  EXPECT_LT(used, 500ms);
}

TEST_F(BrokerAway, ACallLogIsReadToTheEndThatItHadAtTheStartThoughItsBrokerGoesAwayMeanwhile) {
  TestBroker broker;
  broker.create_topic("imdswatch.calls", 2);
  kafka::KafkaSettings settings;
  // Little is fetched ahead, so that most of the log is still with the broker when it goes.
  settings.properties = {{"bootstrap.servers", broker.bootstrap()}, {"broker.address.family", "v4"},
                         {"queued.max.messages.kbytes", "64"}, {"fetch.message.max.bytes", "16384"}};
  Progress progress;
  progress.roster = {{{}, 1}};
  progress.generation = Generation{1};
  const std::string record = encode(LogBody{progress});
  constexpr int written = 5'000;
  std::vector<std::string> log;
  for (int i = 0; i < written; ++i) log.push_back(i % 10 == 9 || i == written - 1 ? "no record that decodes" : record);
  produce(broker.bootstrap(), "imdswatch.calls", 0, log);

  std::vector<Offset> read;
  std::atomic<int> rejected{0};
  const kafka::Reporting reporting{.log = {}, .fact = [&](const auto& fact) { rejected += std::holds_alternative<kafka::CallLogRecordRejected>(fact); }};
  std::jthread restart;
  const auto done = kafka::read_call_log(settings, reporting, Shard{0}, [&](const std::vector<LogRecord>& records) {
    if (!restart.joinable() && !records.empty()) {
      produce(broker.bootstrap(), "imdswatch.calls", 0, {record, record});  // past the end as it was
      broker.kill9(1);
      restart = std::jthread{[&] { broker.start_node(1); }};
    }
    for (const auto& one : records) read.push_back(one.offset);
  });
  ASSERT_TRUE(restart.joinable());
  restart.join();
  ASSERT_TRUE(done.ok()) << done.error().message;
  std::vector<Offset> expected;
  for (int i = 0; i < written; ++i) {
    if (log[static_cast<std::size_t>(i)] == record) expected.push_back(Offset{i});
  }
  EXPECT_EQ(read, expected);
  EXPECT_EQ(rejected, written - static_cast<int>(expected.size()));

  const auto nothing = kafka::read_call_log(settings, reporting, Shard{1}, [](const auto& records) { EXPECT_TRUE(records.empty()); });
  EXPECT_TRUE(nothing.ok()) << nothing.error().message;
}

TEST_F(BrokerAway, AskedToStopMeanwhileItStopsWithinItsTimeAndSaysWhatIsNotCommittedAndASecondSignalEndsItAtOnce) {
  TestBroker broker;
  broker.create_topic("endpoint-events", 4);
  Daemon patient(folder_.path(), "patient", {.bootstrap = broker.bootstrap(), .properties = {}, .kafka = {}});
  Daemon hurried(folder_.path(), "hurried", {.bootstrap = broker.bootstrap(), .properties = {}, .kafka = {}});
  ASSERT_TRUE(patient.becomes_ready()) << patient.log();
  ASSERT_TRUE(hurried.becomes_ready()) << hurried.log();
  const auto reads = [](const Daemon& daemon) { return daemon.get("/metrics").find("imdswatch_input_lag_records{") != std::string::npos; };
  ASSERT_TRUE(eventually([&] { return reads(patient) && reads(hurried); }, 60s));
  broker.kill9(1);
  std::this_thread::sleep_for(4s);  // progress is written every three seconds, and now not acknowledged
  const auto began = std::chrono::steady_clock::now();
  patient.process().kill(SIGTERM);
  hurried.process().kill(SIGTERM);
  ASSERT_TRUE(eventually([&] { return hurried.says("stopping: draining and committing"); }, 10s)) << hurried.log();
  std::this_thread::sleep_for(200ms);
  ASSERT_TRUE(hurried.process().running()) << "it waits for the brokers";
  hurried.process().kill(SIGTERM);
  EXPECT_EQ(hurried.process().wait(3s), 128 + SIGTERM) << hurried.log();
  EXPECT_EQ(patient.process().wait(58s), 0) << "TimeoutStopSec of the unit is 60 s:\n" << patient.log();
  std::printf("stopped %.1f s after SIGTERM\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  EXPECT_TRUE(patient.says("stopped before all was committed; the next start does it again")) << patient.log();
  EXPECT_FALSE(patient.says("everything read is committed")) << patient.log();
}

}  // namespace
}  // namespace imdswatch::testing
