/// bench_topic: makes the benchmark's events, into a topic or a file. The last line of its output is what was made, as JSON.
#include <librdkafka/rdkafka.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "make/event_maker.hpp"

namespace imdswatch::bench {
namespace {

struct Options {
  MakerOptions maker;
  std::int64_t span_s = 2'400;
  int partitions = 8;
  bool recording = false;
  std::string bootstrap, topic, codec = "lz4", file;
};

/// A topic's producer. Throws std::runtime_error with librdkafka's words.
class Producer {
 public:
  explicit Producer(const Options& options) : partitions_(options.partitions) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    // Batches as shippers make them: some hundred events.
    for (const auto& [name, value] : {std::pair<const char*, std::string>{"bootstrap.servers", options.bootstrap},
                                      {"compression.codec", options.codec},
                                      {"enable.idempotence", options.recording ? "false" : "true"},
                                      {"linger.ms", "100"},
                                      {"batch.num.messages", "200"},
                                      {"batch.size", "1000000"},
                                      {"queue.buffering.max.messages", "200000"},
                                      {"queue.buffering.max.kbytes", "1048576"}}) {
      if (rd_kafka_conf_set(conf, name, value.c_str(), why_, sizeof why_) != RD_KAFKA_CONF_OK) throw std::runtime_error(why_);
    }
    rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) static_cast<Producer*>(opaque)->failed_ = message->err;
    });
    rd_kafka_conf_set_opaque(conf, this);
    client_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, why_, sizeof why_));
    if (!client_) throw std::runtime_error(why_);
    topic_.reset(rd_kafka_topic_new(client_.get(), options.topic.c_str(), nullptr));
  }

  void write(const EventMaker::Event& event) {
    const auto partition = static_cast<std::int32_t>(event.host % static_cast<std::uint32_t>(partitions_));
    while (rd_kafka_produce(topic_.get(), partition, RD_KAFKA_MSG_F_COPY, const_cast<char*>(event.json.data()), event.json.size(),
                            event.key.data(), event.key.size(), nullptr) != 0) {
      const auto code = rd_kafka_last_error();
      if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) throw std::runtime_error(rd_kafka_err2str(code));
      rd_kafka_poll(client_.get(), 20);
    }
    if (++written_ % 1024 == 0) rd_kafka_poll(client_.get(), 0);
  }

  void finish() {
    const auto code = rd_kafka_flush(client_.get(), 300'000);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(rd_kafka_err2str(code));
    if (failed_ != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(rd_kafka_err2str(failed_));
  }

 private:
  char why_[512]{};
  int partitions_;
  std::uint64_t written_ = 0;
  rd_kafka_resp_err_t failed_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)> client_{nullptr, &rd_kafka_destroy};
  std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)> topic_{nullptr, &rd_kafka_topic_destroy};
};

void make_topic(const Options& options, EventMaker& maker) {
  Producer producer(options);
  for (std::uint64_t i = 0; i < options.maker.events; ++i) producer.write(maker.next());
  producer.finish();
}

void make_file(const Options& options, EventMaker& maker) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(options.file.c_str(), "wb"), &std::fclose);
  if (!file) throw std::runtime_error("cannot write " + options.file + ": " + std::strerror(errno));
  for (std::uint64_t i = 0; i < options.maker.events; ++i) {
    const auto event = maker.next();
    if (std::fwrite(event.json.data(), 1, event.json.size(), file.get()) != event.json.size() || std::fputc('\n', file.get()) == EOF) {
      throw std::runtime_error("cannot write " + options.file);
    }
  }
  if (std::fflush(file.get()) != 0) throw std::runtime_error("cannot write " + options.file);
}

void report(const EventMaker::Totals& totals) {
  nlohmann::ordered_json out{{"events", totals.events},           {"bytes", totals.bytes},   {"calls", totals.calls},
                             {"process_starts", totals.starts}, {"connections", totals.connections}};
  for (std::size_t i = 0; i < layout_count; ++i) out["layouts"][std::string(to_string(static_cast<Layout>(i)))] = totals.by_layout[i];
  std::printf("%s\n", out.dump().c_str());
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{"Makes the benchmark's events."};
  app.add_option("--bootstrap", options.bootstrap, "the broker");
  app.add_option("--topic", options.topic, "an existing topic");
  app.add_option("--partitions", options.partitions, "of the topic");
  app.add_option("--codec", options.codec, "none, lz4, zstd, snappy or gzip");
  app.add_option("--file", options.file, "write NDJSON there instead");
  app.add_option("--events", options.maker.events);
  app.add_option("--hosts", options.maker.hosts)->check(CLI::PositiveNumber);
  app.add_option("--seed", options.maker.seed);
  app.add_option("--span", options.span_s, "event time from the first event to the last, seconds");
  app.add_option("--begin", options.maker.begin_us, "event time of the first event, µs since 1970");
  app.add_flag("--recording", options.recording, "batches that others can send again: without a producer id");
  app.add_option("--calls", options.maker.call_share, "share of calls to the metadata service");
  app.add_option("--starts", options.maker.start_share, "share of process starts");
  app.add_flag("--any-order", options.maker.any_order, "Beats' events have their keys in another order each time, as Beats write them");
  app.add_option("--connections", options.maker.connection_share, "share of connections, calls among them");
  CLI11_PARSE(app, argc, argv);
  options.maker.span = std::chrono::seconds(options.span_s);
  if (options.file.empty() == (options.bootstrap.empty() || options.topic.empty())) throw std::runtime_error("give --file, or --bootstrap and --topic");
  EventMaker maker(options.maker);
  if (options.file.empty()) make_topic(options, maker);
  else make_file(options, maker);
  report(maker.totals());
  return 0;
}

}  // namespace
}  // namespace imdswatch::bench

int main(int argc, char** argv) {
  try {
    return imdswatch::bench::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_topic: %s\n", e.what());
    return 1;
  }
}
