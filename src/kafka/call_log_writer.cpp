#include "call_log_writer.hpp"

#include <utility>

#include "instant.hpp"
#include "produce.hpp"

namespace imdswatch::kafka {

Result<void> CallLogWriter::reopen() {
  close();
  failure_.reset();
  now_ = std::chrono::steady_clock::now();
  auto opened = Client::open(settings_, Role::call_log_producer, reporting_,
                             {.rebalance = {}, .delivered = [this](const rd_kafka_message_t& message) { delivered(message); }});
  if (!opened) return std::move(opened).error();
  client_ = *std::move(opened);
  return {};
}

void CallLogWriter::close() {
  waiting_.clear();
  ledger_.failed();
  acks_.thrown_away();
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
  acks_.acknowledged(Shard{message.partition}, now_);
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
  acks_.sent(shard, now_);
  Record record{shard, std::move(key), std::move(value), ledger_.sent()};
  if (!waiting_.empty() || !produce(record)) waiting_.push_back(std::move(record));
}

void CallLogWriter::poll(int timeout_ms) {
  if (!client_) return;
  now_ = std::chrono::steady_clock::now();
  static_cast<void>(rd_kafka_poll(client_->get(), timeout_ms));
  for (const auto& stall : acks_.look(now_)) reporting_.tell(as_fact(stall));
  while (!failure_ && !waiting_.empty() && produce(waiting_.front())) waiting_.pop_front();
  if (failure_) return;
  if (const auto fatal = client_->fatal()) failure_ = fatal->message;
}

CallLogStalled CallLogWriter::as_fact(const AckWatch::Stall& stall) const {
  return {{settings_.topics.call_log, Partition{stall.shard.value()}}, stall.records, stall.silent, wall_now() - stall.silent, stall.over};
}

std::optional<CallLogStalled> CallLogWriter::stalled() const {
  const auto longest = acks_.longest(now_);
  return longest ? std::optional{as_fact(*longest)} : std::nullopt;
}

}  // namespace imdswatch::kafka
