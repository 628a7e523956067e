/// bench_latency: writes events that were recorded (bench_topic --recording) at a steady rate, with a few calls among them of which each
/// must be told, and reads the alerts as a read-committed consumer does. The last line is JSON: for each such call its event time, the
/// broker's timestamp and when its alert could be read; all in seconds.
#include <librdkafka/rdkafka.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "record_batches.hpp"

namespace imdswatch::bench {
namespace {

using Clock = std::chrono::system_clock;
using Client = std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)>;

struct Options {
  std::string bootstrap, topic, alerts;
  std::filesystem::path recorded;
  std::int32_t partitions = 8;
  double rate = 100'000, probes_per_s = 5, seconds = 60, wait = 30;
  double event_time_ahead = 0;  ///< of the wall clock
};

constexpr std::int32_t lanes = 2;  ///< connections that write batches

double now_s() { return std::chrono::duration<double>(Clock::now().time_since_epoch()).count(); }

Client make_client(rd_kafka_type_t type, rd_kafka_conf_t* conf, const std::map<std::string, std::string>& settings) {
  char why[512];
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why, sizeof why) != RD_KAFKA_CONF_OK) throw std::runtime_error(why);
  }
  Client out{rd_kafka_new(type, conf, why, sizeof why), &rd_kafka_destroy};
  if (!out) throw std::runtime_error(why);
  return out;
}

/// A name that no other call has, and that is no version or hash of another: letters only.
std::string probe_name(std::uint64_t number) {
  std::string out = "probe";
  for (int i = 0; i < 6; ++i, number /= 20) out += "bcdfghjklmnpqrstvwxz"[number % 20];
  return out + ".exe";
}

struct Probe {
  std::string host;
  double event_time = 0, broker = 0, told = 0;
};

/// The probes, from two threads.
class Probes {
 public:
  void sent(const std::string& name, Probe probe) {
    const std::lock_guard lock{mutex_};
    probes_[name] = std::move(probe);
  }
  void delivered(const std::string& name, double broker) {
    const std::lock_guard lock{mutex_};
    probes_.at(name).broker = broker;
  }
  void told(const std::string& name, double at) {
    const std::lock_guard lock{mutex_};
    const auto found = probes_.find(name);
    if (found != probes_.end() && found->second.told == 0) {
      found->second.told = at;
      ++told_;
    }
  }
  [[nodiscard]] bool all_told() {
    const std::lock_guard lock{mutex_};
    return told_ == probes_.size();
  }
  [[nodiscard]] const std::map<std::string, Probe>& all() const { return probes_; }

 private:
  std::mutex mutex_;
  std::map<std::string, Probe> probes_;
  std::size_t told_ = 0;
};

std::string iso(double seconds) {
  const auto whole = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&whole, &parts);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                parts.tm_min, parts.tm_sec, static_cast<int>((seconds - static_cast<double>(whole)) * 1e6));
  return text;
}

std::string probe_json(const std::string& name, const Probe& probe, std::uint64_t number) {
  const std::string at = iso(probe.event_time);
  return R"({"agent":{"id":"5f3a7c21-0d7b-4c8e-9a51-3a1be2f8c9d0","type":"endpoint","version":"8.17.4"},"process":{"code_signature":{"exists":false},"name":")" + name +
         R"(","pid":)" + std::to_string(1000 + number % 50'000) + R"(,"entity_id":"probe-)" + std::to_string(number) + R"(","executable":"C:\\Users\\Public\\)" + name +
         R"("},"destination":{"address":"169.254.169.254","port":80,"ip":"169.254.169.254"},"network":{"transport":"tcp","type":"ipv4","direction":"egress"},"message":"Endpoint network event","@timestamp":")" +
         at + R"(","host":{"name":")" + probe.host + R"(","os":{"type":"windows"}},"event":{"kind":"event","module":"endpoint","action":"connection_attempted","category":["network"],"type":["start"]},"user":{"domain":"CORP","name":"kim","id":"S-1-5-21-1"}})";
}

/// Probes carry their name as the message's opaque, to be found again in the delivery report.
void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  const std::unique_ptr<std::string> name(static_cast<std::string*>(message->_private));
  rd_kafka_timestamp_type_t type{};
  const auto at = rd_kafka_message_timestamp(message, &type);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) static_cast<Probes*>(opaque)->delivered(*name, static_cast<double>(at) / 1e3);
}

/// Writes what was recorded, each batch to every `lanes`-th partition from the `lane`-th on: when it is due, or later if the broker does not have the
/// one before by then. Returns how many events it wrote.
std::uint64_t write_recorded(const Options& options, std::int32_t lane, double began) {
  std::vector<std::int32_t> partitions;
  for (std::int32_t partition = lane; partition < options.partitions; partition += lanes) partitions.push_back(partition);
  RecordBatches batches(options.recorded);
  BatchWriter writer(options.bootstrap, options.topic);
  std::uint64_t events = 0;
  while (now_s() < began + options.seconds && batches.next()) {
    events += static_cast<std::uint64_t>(batches.records());
    const double due = began + static_cast<double>(events) * options.partitions / options.rate;
    std::this_thread::sleep_for(std::chrono::duration<double>(due - now_s()));
    writer.write(partitions, batches.bytes());
  }
  return events * partitions.size();
}

/// The calls that must be told, by a client of their own.
class ProbeWriter {
 public:
  ProbeWriter(const Options& options, Probes& probes) : options_(options), probes_(probes) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set_dr_msg_cb(conf, &on_delivery);
    rd_kafka_conf_set_opaque(conf, &probes);
    client_ = make_client(RD_KAFKA_PRODUCER, conf, {{"bootstrap.servers", options.bootstrap}, {"enable.idempotence", "true"}});
    topic_.reset(rd_kafka_topic_new(client_.get(), options.topic.c_str(), nullptr));
  }

  void run(double began) {
    for (std::uint64_t number = 0;; ++number) {
      const double due = began + static_cast<double>(number) / options_.probes_per_s;
      if (due > began + options_.seconds) break;
      while (now_s() < due) rd_kafka_poll(client_.get(), 1);
      write(number, due);
    }
    if (rd_kafka_flush(client_.get(), 60'000) != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error("not all calls were written");
  }

 private:
  void write(std::uint64_t number, double at) {
    auto name = std::make_unique<std::string>(probe_name(number));
    const Probe probe{"probe-" + std::to_string(number % 50), at + options_.event_time_ahead};
    probes_.sent(*name, probe);
    std::string json = probe_json(*name, probe, number);
    const auto partition = static_cast<std::int32_t>(number % static_cast<std::uint64_t>(options_.partitions));
    if (rd_kafka_produce(topic_.get(), partition, RD_KAFKA_MSG_F_COPY, json.data(), json.size(), nullptr, 0, name.get()) != 0)
      throw std::runtime_error(rd_kafka_err2str(rd_kafka_last_error()));
    name.release();  // on_delivery's
  }

  const Options& options_;
  Probes& probes_;
  Client client_{nullptr, &rd_kafka_destroy};
  std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)> topic_{nullptr, &rd_kafka_topic_destroy};
};

/// Until stopped, notes when the first alert with each probe's name could be read.
void read_alerts(const Options& options, Probes& probes, const std::stop_token& stop) {
  const Client client = make_client(RD_KAFKA_CONSUMER, rd_kafka_conf_new(), {{"bootstrap.servers", options.bootstrap}, {"group.id", "bench-latency"},
                                    {"enable.auto.commit", "false"}, {"isolation.level", "read_committed"}, {"fetch.wait.max.ms", "10"}});
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, options.alerts.c_str(), 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(client.get(), list);
  rd_kafka_topic_partition_list_destroy(list);
  while (!stop.stop_requested()) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(client.get(), 50);
    if (message == nullptr) continue;
    const double at = now_s();
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      const auto alert = nlohmann::json::parse(static_cast<const char*>(message->payload), static_cast<const char*>(message->payload) + message->len, nullptr, false);
      if (alert.is_object() && alert.contains("process") && alert["process"].contains("name")) probes.told(alert["process"]["name"].get<std::string>(), at);
    }
    rd_kafka_message_destroy(message);
  }
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{"From a call to its alert."};
  app.add_option("--bootstrap", options.bootstrap)->required();
  app.add_option("--topic", options.topic)->required();
  app.add_option("--alerts", options.alerts, "topic of the alerts; without it no calls are written that must be told");
  app.add_option("--rate", options.rate, "events a second");
  app.add_option("--recorded", options.recorded, "folder of the partition in which the events lie, in the broker's log folder")->required();
  app.add_option("--partitions", options.partitions, "of the topic; each event is written to all of them");
  app.add_option("--probes", options.probes_per_s, "calls a second of which each must be told");
  app.add_option("--seconds", options.seconds);
  app.add_option("--wait", options.wait, "for the last alerts, seconds");
  app.add_option("--event-time-ahead", options.event_time_ahead, "of the wall clock, seconds");
  CLI11_PARSE(app, argc, argv);
  Probes probes;
  std::jthread reader;
  if (!options.alerts.empty()) reader = std::jthread([&](const std::stop_token& stop) { read_alerts(options, probes, stop); });
  const double began = now_s();
  std::vector<std::future<std::uint64_t>> writers;
  for (std::int32_t lane = 0; lane < lanes; ++lane) writers.push_back(std::async(std::launch::async, write_recorded, std::cref(options), lane, began));
  if (!options.alerts.empty()) ProbeWriter(options, probes).run(began);
  std::uint64_t written = 0;
  for (auto& writer : writers) written += writer.get();
  const double took = now_s() - began;
  for (const double until = now_s() + options.wait; now_s() < until && !probes.all_told();) std::this_thread::sleep_for(std::chrono::milliseconds{50});
  reader.request_stop();
  if (reader.joinable()) reader.join();
  nlohmann::ordered_json out{{"events_per_s", static_cast<double>(written) / took}, {"probes", nlohmann::json::array()}};
  for (const auto& [name, probe] : probes.all()) out["probes"].push_back({probe.event_time, probe.broker, probe.told});
  std::printf("%s\n", out.dump().c_str());
  return 0;
}

}  // namespace
}  // namespace imdswatch::bench

int main(int argc, char** argv) {
  try {
    return imdswatch::bench::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_latency: %s\n", e.what());
    return 1;
  }
}
