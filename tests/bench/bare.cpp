/// bench_bare: the limit. A librdkafka consumer with the daemon's own settings that counts messages and bytes and does nothing else.
/// One line of JSON: figures from the first messages that it was handed to the last.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "kafka/conf.hpp"

namespace imdswatch::bench {
namespace {

constexpr std::size_t batch_messages = 1'000;  // as the daemon's
constexpr int batch_wait_ms = 50;
constexpr int timeout_ms = 10'000;

using Clock = std::chrono::steady_clock;

struct Cpu {
  double user = 0, system = 0;
};
Cpu cpu_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return {seconds(usage.ru_utime), seconds(usage.ru_stime)};
}

[[noreturn]] void fail(const std::string& what, rd_kafka_resp_err_t code) { throw std::runtime_error(what + ": " + kafka::describe(code)); }

kafka::KafkaHandle make_consumer(const std::string& bootstrap) {
  kafka::KafkaSettings settings;
  settings.properties["bootstrap.servers"] = bootstrap;
  settings.prefix = "bench-bare";
  auto conf = kafka::make_conf(settings, kafka::Role::raw_consumer);
  if (!conf) throw std::runtime_error(conf.error().message);
  char why[512];
  kafka::KafkaHandle out{rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), why, sizeof why)};
  if (!out) throw std::runtime_error(why);
  static_cast<void>(conf->release());
  rd_kafka_poll_set_consumer(out.get());
  return out;
}

struct Bounds {
  kafka::ListHandle list;
  int partitions = 0;
  std::uint64_t messages = 0;
};

/// All partitions from their beginning; how many messages lie there.
Bounds bounds_of(rd_kafka_t* consumer, const std::string& topic, int partitions) {
  Bounds out{kafka::make_list(partitions), partitions, 0};
  for (int i = 0; i < partitions; ++i) {
    std::int64_t begin = 0, end = 0;
    const auto code = rd_kafka_query_watermark_offsets(consumer, topic.c_str(), i, &begin, &end, timeout_ms);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) fail(topic, code);
    out.messages += static_cast<std::uint64_t>(end - begin);
    rd_kafka_topic_partition_list_add(out.list.get(), topic.c_str(), i)->offset = begin;
  }
  return out;
}

struct Figures {
  std::uint64_t messages = 0, bytes = 0;
  double seconds = 0;
  Cpu cpu;
};

Figures consume(rd_kafka_t* consumer, const Bounds& bounds) {
  Figures out;
  const kafka::QueueHandle queue{rd_kafka_queue_get_consumer(consumer)};
  std::vector<rd_kafka_message_t*> batch(batch_messages);
  rd_kafka_assign(consumer, bounds.list.get());
  Clock::time_point began{}, last = Clock::now();
  Cpu before;
  while (out.messages < bounds.messages) {
    const auto count = rd_kafka_consume_batch_queue(queue.get(), batch_wait_ms, batch.data(), batch.size());
    if (Clock::now() - last > std::chrono::seconds{60}) throw std::runtime_error("nothing comes any more");
    if (count > 0 && out.messages == 0) {
      began = Clock::now();
      before = cpu_now();
    }
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      rd_kafka_message_t* message = batch[static_cast<std::size_t>(i)];
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        ++out.messages;
        out.bytes += message->len;
        last = began > last ? began : last;
      } else if (message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        fail("reading", message->err);
      }
      rd_kafka_message_destroy(message);
    }
    if (count > 0) last = Clock::now();
  }
  const Cpu after = cpu_now();
  out.seconds = std::chrono::duration<double>(last - began).count();
  out.cpu = {after.user - before.user, after.system - before.system};
  return out;
}

int run(int argc, char** argv) {
  std::string bootstrap, topic;
  int partitions = 8;
  CLI::App app{"Reads a whole topic and counts."};
  app.add_option("--bootstrap", bootstrap)->required();
  app.add_option("--topic", topic)->required();
  app.add_option("--partitions", partitions);
  CLI11_PARSE(app, argc, argv);
  const auto consumer = make_consumer(bootstrap);
  const Figures figures = consume(consumer.get(), bounds_of(consumer.get(), topic, partitions));
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto events = static_cast<double>(figures.messages);
  const nlohmann::ordered_json out{{"events", figures.messages},
                                   {"bytes", figures.bytes},
                                   {"seconds", figures.seconds},
                                   {"events_per_s", events / figures.seconds},
                                   {"cpu_user_s", figures.cpu.user},
                                   {"cpu_system_s", figures.cpu.system},
                                   {"cpu_us_per_event", (figures.cpu.user + figures.cpu.system) / events * 1e6},
                                   {"peak_rss_mib", static_cast<double>(usage.ru_maxrss) / 1024}};
  std::printf("%s\n", out.dump().c_str());
  return 0;
}

}  // namespace
}  // namespace imdswatch::bench

int main(int argc, char** argv) {
  try {
    return imdswatch::bench::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_bare: %s\n", e.what());
    return 1;
  }
}
