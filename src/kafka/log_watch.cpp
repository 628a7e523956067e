#include "imdswatch/kafka/log_watch.hpp"

#include <mutex>
#include <thread>
#include <utility>

#include "admin.hpp"
#include "client.hpp"
#include "imdswatch/calllog/record.hpp"
#include "imdswatch/window/log_clock.hpp"
#include "log_trust.hpp"
#include "message_batch.hpp"
#include "thread_name.hpp"

namespace imdswatch::kafka {
namespace {

/// Where watching begins: so many records before the log's end, among which every partition that is read has told of its progress.
constexpr std::int64_t begin_before_end = 5'000;
constexpr int wait_ms = 200;
constexpr std::size_t batch_records = 500;

}  // namespace

struct LogWatch::Impl {
  Impl(KafkaSettings settings_in, Reporting reporting_in, std::chrono::milliseconds stall_timeout, std::chrono::milliseconds silent_after)
      : settings(std::move(settings_in)),
        reporting(std::move(reporting_in)),
        clock(stall_timeout),
        trust(silent_after, std::chrono::steady_clock::now()) {}

  Result<void> open();
  void run(const std::stop_token& stop);
  void take(const rd_kafka_message_t& message);
  void publish();

  KafkaSettings settings;
  Reporting reporting;
  LogClock clock;      ///< the thread's alone, as what follows
  LogTrust trust;
  bool lost = false;   ///< as told
  mutable std::mutex mutex;
  std::optional<EventTime> time;
  std::optional<Client> client;
  QueueHandle queue;
  std::jthread thread;  // last: it uses what stands above
};

Result<void> LogWatch::Impl::open() {
  auto opened = Client::open(settings, Role::log_reader, reporting, {},
                             {{"auto.offset.reset", "earliest"}, {"queued.max.messages.kbytes", "1024"}});
  if (!opened) return std::move(opened).error();
  client = *std::move(opened);
  queue.reset(rd_kafka_queue_get_consumer(client->get()));
  const auto list = to_list({{settings.topics.call_log, Partition{0}}});
  list->elems[0].offset = RD_KAFKA_OFFSET_TAIL(begin_before_end);
  const auto code = rd_kafka_assign(client->get(), list.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return Error{errc_of(code), "assign " + settings.topics.call_log + ": " + describe(code)};
  return {};
}

void LogWatch::Impl::take(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) return;
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    const std::string why = settings.topics.call_log + ": " + rd_kafka_message_errstr(&message);
    reporting.tell(BrokerError{to_string(Role::log_reader), rd_kafka_err2name(message.err), why});
    return trust.failed(why);
  }
  if (message.key_len > 0) return;  // a call or its lineage, by its host
  const auto body = decode_log_body({static_cast<const char*>(message.payload), message.len});
  if (!body || !std::holds_alternative<Progress>(*body)) return;  // the shard's owner tells of it
  rd_kafka_timestamp_type_t type{};
  clock.add(std::get<Progress>(*body), wall_time_ms(rd_kafka_message_timestamp(&message, &type)));
  trust.heard(std::chrono::steady_clock::now());
}

void LogWatch::Impl::publish() {
  const auto why = trust.lost(std::chrono::steady_clock::now());
  if (why.has_value() != lost) {
    lost = why.has_value();
    reporting.tell(PacingChanged{!lost, why.value_or("")});
  }
  const std::lock_guard lock{mutex};
  time = lost ? std::nullopt : clock.time();
}

void LogWatch::Impl::run(const std::stop_token& stop) {
  name_thread("log watch");
  MessageBatch batch(batch_records);
  for (; !stop.stop_requested(); publish()) {
    // Asked for a batch, librdkafka would wait until it is full.
    const MessageHandle first{rd_kafka_consume_queue(queue.get(), wait_ms)};
    if (!first) continue;
    take(*first);
    for (const auto& message : batch.take(queue.get(), 0)) take(*message);
    batch.give_back();
  }
}

LogWatch::LogWatch(KafkaSettings settings, Reporting reporting, std::chrono::milliseconds stall_timeout, std::chrono::milliseconds silent_after)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(reporting), stall_timeout, silent_after)) {}
LogWatch::~LogWatch() = default;

Result<void> LogWatch::start() {
  if (auto opened = impl_->open(); !opened) return opened;
  impl_->thread = std::jthread{[impl = impl_.get()](const std::stop_token& stop) { impl->run(stop); }};
  return {};
}

std::optional<EventTime> LogWatch::time() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->time;
}

}  // namespace imdswatch::kafka
