#include "kafka_broker.hpp"

#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>

namespace imdswatch::testing {
namespace {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* handle) const {
    free(handle);
  }
};
using Client = std::unique_ptr<rd_kafka_t, Free<rd_kafka_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Free<rd_kafka_queue_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Free<rd_kafka_event_destroy>>;
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Free<rd_kafka_NewTopic_destroy>>;
using AdminOptions = std::unique_ptr<rd_kafka_AdminOptions_t, Free<rd_kafka_AdminOptions_destroy>>;

constexpr int admin_timeout_ms = 60'000;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("test broker: " + what); }

Client admin_client(const std::string& bootstrap) {
  char why[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  if (rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap.c_str(), why, sizeof why) != RD_KAFKA_CONF_OK) {
    rd_kafka_conf_destroy(conf);
    fail(why);
  }
  Client client{rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why)};
  if (!client) {
    rd_kafka_conf_destroy(conf);
    fail(why);
  }
  return client;
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

TestBroker::TestBroker(const Options& options) : options_(options) {
  std::vector<std::string> arguments{"start", data().string(), "--brokers", std::to_string(options.brokers), "--with", std::to_string(::getpid())};
  if (options.sasl) arguments.emplace_back("--sasl");
  bootstrap_ = script(std::move(arguments));
}

TestBroker::~TestBroker() {
  try {
    script({"wipe", data().string()});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
  }
}

std::string TestBroker::ssl_bootstrap() const { return script({"ssl-bootstrap", data().string()}); }

void TestBroker::kill9(int node) { script({"kill9", data().string(), std::to_string(node)}); }

void TestBroker::start_node(int node) { script({"startone", data().string(), std::to_string(node)}); }

std::string TestBroker::abort_hanging() { return script({"abort-hanging", data().string()}); }

void TestBroker::create_topic(const std::string& name, int partitions, const std::map<std::string, std::string>& settings, std::optional<std::int32_t> only_on) {
  char why[512];
  const Client client = admin_client(bootstrap_);
  const NewTopic topic{rd_kafka_NewTopic_new(name.c_str(), partitions, only_on ? -1 : options_.brokers >= 3 ? 3 : 1, why, sizeof why)};
  if (!topic) fail(why);
  if (only_on && rd_kafka_NewTopic_set_replica_assignment(topic.get(), 0, &*only_on, 1, why, sizeof why) != RD_KAFKA_RESP_ERR_NO_ERROR) fail(why);
  for (const auto& [key, value] : settings) rd_kafka_NewTopic_set_config(topic.get(), key.c_str(), value.c_str());
  const AdminOptions how{rd_kafka_AdminOptions_new(client.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS)};
  rd_kafka_AdminOptions_set_request_timeout(how.get(), admin_timeout_ms, why, sizeof why);
  rd_kafka_AdminOptions_set_operation_timeout(how.get(), admin_timeout_ms, why, sizeof why);
  const Queue queue{rd_kafka_queue_new(client.get())};
  rd_kafka_NewTopic_t* topics[] = {topic.get()};
  rd_kafka_CreateTopics(client.get(), topics, 1, how.get(), queue.get());
  const Event event{rd_kafka_queue_poll(queue.get(), admin_timeout_ms)};
  if (!event || rd_kafka_event_error(event.get())) fail(event ? rd_kafka_event_error_string(event.get()) : "no answer to the making of " + name);
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  if (count != 1 || rd_kafka_topic_result_error(results[0])) fail(name + ": " + rd_kafka_topic_result_error_string(results[0]));
}

std::string TestBroker::script(std::vector<std::string> arguments) const {
  const std::filesystem::path out = home_.path() / "out";
  const std::filesystem::path err = home_.path() / "err";
  std::filesystem::remove(out);
  std::filesystem::remove(err);
  arguments.insert(arguments.begin(), IMDSWATCH_SOURCE_DIR "/tests/integration/broker.sh");
  std::string properties;
  for (const std::string& one : options_.properties) properties += one + ' ';
  ChildProcess child({.binary = "/bin/bash", .arguments = std::move(arguments), .environment = {{"BROKER_PROPERTIES", properties}}, .out = out, .err = err, .in = {}});
  const auto code = child.wait(std::chrono::minutes(5));
  if (code != 0) fail((code ? "the script ended with " + std::to_string(*code) : std::string("the script hangs")) + ": " + read_file(err));
  return trimmed(read_file(out));
}

}  // namespace imdswatch::testing
