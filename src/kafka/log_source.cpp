#include <chrono>
#include <utility>

#include "imdswatch/kafka/call_log_group.hpp"
#include "admin.hpp"
#include "message_batch.hpp"
#include "shard_doors.hpp"

namespace imdswatch::kafka {
namespace {

constexpr int wait_ms = 100;
constexpr std::chrono::milliseconds ask_timeout{15'000};
constexpr std::size_t batch_records = 5'000;
constexpr std::chrono::seconds patience{60};  ///< without a record, before the end

}  // namespace

Result<void> KafkaLogSource::seek(std::optional<Offset> next) {
  if (!client_) {
    auto opened = Client::open(settings_, Role::log_reader, reporting_);
    if (!opened) return std::move(opened).error();
    client_ = *std::move(opened);
    queue_.reset(rd_kafka_queue_get_consumer(client_->get()));
  }
  const auto list = to_list({{settings_.topics.call_log, Partition{shard_.value()}}});
  list->elems[0].offset = next ? next->value() : RD_KAFKA_OFFSET_BEGINNING;
  const auto code = rd_kafka_assign(client_->get(), list.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return Error{errc_of(code), "assign " + settings_.topics.call_log + ": " + describe(code)};
  next_ = next ? next->value() : -1;
  return {};
}

Result<std::vector<LogRecord>> KafkaLogSource::poll(std::size_t max_records) {
  std::vector<LogRecord> out;
  if (!client_ || max_records == 0) return out;
  MessageBatch batch(max_records);
  for (const auto& message : batch.take(queue_.get(), stopping_ ? 0 : wait_ms)) {
    if (auto taken = take(*message, out); !taken) return std::move(taken).error();
  }
  std::int64_t low = 0, high = -1;
  static_cast<void>(rd_kafka_get_watermark_offsets(client_->get(), settings_.topics.call_log.c_str(), shard_.value(), &low, &high));
  if (high >= 0) end_ = high;
  return out;
}

Result<void> KafkaLogSource::take(const rd_kafka_message_t& message, std::vector<LogRecord>& out) {
  switch (static_cast<int>(message.err)) {
    case RD_KAFKA_RESP_ERR_NO_ERROR: break;
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      next_ = message.offset;
      return {};
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      return Error{Errc::kafka_fatal, "shard " + std::to_string(shard_.value()) + ": the call log " + settings_.topics.call_log +
                                          " does not have the offset to go on from: " + rd_kafka_message_errstr(&message) +
                                          ". It was deleted, cut off, or nobody detected for longer than its retention. " + begin_anew};
    default:
      if (errc_of(message.err) == Errc::kafka_fatal) {
        return Error{Errc::kafka_fatal, "read " + settings_.topics.call_log + ": " + describe(message)};
      }
      reporting_.tell(BrokerError{to_string(Role::log_reader), rd_kafka_err2name(message.err), rd_kafka_message_errstr(&message), false});
      return {};
  }
  next_ = message.offset + 1;
  rd_kafka_timestamp_type_t type{};
  const auto time = wall_time_ms(rd_kafka_message_timestamp(&message, &type));
  auto body = decode_log_body({static_cast<const char*>(message.payload), message.len});
  if (body) {
    out.push_back({Offset{message.offset}, time, *std::move(body)});
    return {};
  }
  if (body.error().code == Errc::format_too_new) return std::move(body).error();
  reporting_.tell(CallLogRecordRejected{shard_, Offset{message.offset}, body.error().message});
  return {};
}

Result<Offset> KafkaLogSource::ask_end() {
  return end_of(client_->get(), {settings_.topics.call_log, Partition{shard_.value()}}, ask_timeout);
}

Result<void> read_call_log(const KafkaSettings& settings, const Reporting& reporting, Shard shard,
                           const std::function<void(const std::vector<LogRecord>&)>& take) {
  if (auto checked = check_properties(settings.properties); !checked) return std::move(checked).error();
  const std::atomic<bool> stopping{false};
  KafkaLogSource source(settings, reporting, shard, stopping);
  if (auto sought = source.seek(std::nullopt); !sought) return sought;
  const auto end = source.ask_end();
  if (!end) return end.error();
  auto moved = std::chrono::steady_clock::now();
  while (!source.next() || *source.next() < *end) {
    const auto next = source.next();
    auto records = source.poll(batch_records);
    if (!records) return std::move(records).error();
    std::erase_if(*records, [&](const LogRecord& record) { return record.offset >= *end; });
    take(*records);
    if (source.next() != next) {
      moved = std::chrono::steady_clock::now();
    } else if (std::chrono::steady_clock::now() - moved > patience) {
      return Error{Errc::kafka_unavailable, "the brokers gave nothing of " + settings.topics.call_log + "-" + std::to_string(shard.value()) + " for " +
                                                std::to_string(patience.count()) + " s before its end, offset " + std::to_string(end->value()) +
                                                ": see that they are up and that Read is granted on it, and replay again"};
    }
  }
  return {};
}

}  // namespace imdswatch::kafka
