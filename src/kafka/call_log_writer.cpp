#include "call_log_writer.hpp"

#include <utility>

#include "produce.hpp"

namespace imdswatch::kafka {

Result<void> CallLogWriter::reopen() {
  close();
  failure_.reset();
  auto opened = Client::open(settings_, Role::call_log_producer, reporting_,
                             {.rebalance = {}, .delivered = [this](const rd_kafka_message_t& message) { delivered(message); }});
  if (!opened) return std::move(opened).error();
  client_ = *std::move(opened);
  return {};
}

void CallLogWriter::close() {
  waiting_.clear();
  ledger_.failed();
  if (!client_) return;
  static_cast<void>(rd_kafka_purge(client_->get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING));
  client_.reset();
}

void CallLogWriter::delivered(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (!failure_) failure_ = describe(message.err);
    return;
  }
  if (failure_) return;
  ++written_;
  ledger_.acknowledged(number_of(message));
}

bool CallLogWriter::produce(const Record& record) {
  const auto code = kafka::produce(client_->get(), {.topic = settings_.topics.call_log,
                                                    .partition = record.shard.value(),
                                                    .key = record.key,
                                                    .value = record.value,
                                                    .number = record.number});
  if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) return false;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR && !failure_) failure_ = describe(code);
  return true;
}

void CallLogWriter::write(Shard shard, std::string key, std::string value) {
  if (failure_ || !client_) return;  // its partitions are about to start again
  Record record{shard, std::move(key), std::move(value), ledger_.sent()};
  if (!waiting_.empty() || !produce(record)) waiting_.push_back(std::move(record));
}

void CallLogWriter::poll(int timeout_ms) {
  if (!client_) return;
  static_cast<void>(rd_kafka_poll(client_->get(), timeout_ms));
  while (!failure_ && !waiting_.empty() && produce(waiting_.front())) waiting_.pop_front();
  if (failure_) return;
  if (const auto fatal = client_->fatal()) failure_ = fatal->message;
}

}  // namespace imdswatch::kafka
